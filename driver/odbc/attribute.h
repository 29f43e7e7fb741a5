/* Attributes and descriptor fields as rows of a table: one shape for all handles. */
#ifndef CA_ODBC_ATTRIBUTE_H
#define CA_ODBC_ATTRIBUTE_H

#include <stddef.h>
#include <stdint.h>

#include "odbc/handle.h"

/* Width of a value that is stored in a struct and passed as an integer or pointer. */
enum ca_width { CA_WIDTH_16, CA_WIDTH_32, CA_WIDTH_64, CA_WIDTH_POINTER };

/* Reads a field of that width at `place`, or writes it. Signed values keep their sign. */
int64_t ca_field_read(const void *place, enum ca_width width);
void ca_field_write(void *place, enum ca_width width, int64_t value);

#endif
