/* Owns the reading of an attribute list, the form in which an application hands a data source to ConfigDSN:
 * pairs `keyword=value`, each ended by NUL, the list by one more. Knows no file. */
#ifndef CA_SETUP_ATTRIBUTES_H
#define CA_SETUP_ATTRIBUTES_H

#include <stdbool.h>

#include "service/options.h"

struct ca_attributes {
    char *dsn;                 /* owned; NULL = not given */
    char *description;         /* owned; NULL = not given */
    struct ca_options options; /* those given have the origin CA_ORIGIN_DSN, given empty also a NULL text */
};

void ca_attributes_init(struct ca_attributes *attributes);
/* Wipes secrets. */
void ca_attributes_free(struct ca_attributes *attributes);
/* Reads a UTF-8 list; the first of duplicates wins, and aliases count as the option they name. false: the
 * reason is posted (a piece without `=`, a keyword that is none of ours, a bad value, no memory). ODBC:
 * ConfigDSN. */
bool ca_attributes_read(struct ca_attributes *attributes, const char *list);

#endif
