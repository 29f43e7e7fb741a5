/* UUIDs: text ↔ SQLGUID. */
#ifndef CA_DATA_UUID_H
#define CA_DATA_UUID_H

#include <stdbool.h>
#include <stddef.h>

#include "data/convert.h"

enum { CA_UUID_CHARS = 36 };

/* The 36 characters of a UUID with or without braces around it; NULL if it is none. */
const char *ca_uuid_find(const char *text, size_t octets);
bool ca_uuid_read(const char *text, size_t octets, SQLGUID *guid);
/* Writes 36 characters, letters in lower case, no braces, no terminator. */
void ca_uuid_write(const SQLGUID *guid, char text[CA_UUID_CHARS]);

#endif
