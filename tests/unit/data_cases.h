/* What the tests of driver/data share: cells from JSON tokens, and C buffers shown as text. */
#ifndef CA_TEST_DATA_CASES_H
#define CA_TEST_DATA_CASES_H

#include "data/convert.h"

/* A cell on its own allocation with exactly the readable octets behind it that the contract promises, so that
 * a sanitizer sees every further one. Free with free_cell. */
struct ca_cell make_cell(const char *token);
void free_cell(struct ca_cell *cell);

/* Shows the content of a buffer of a C type: text as UTF-8, numbers and structures in their usual form,
 * binary data as hexadecimal digits. `octets` matters for SQL_C_BINARY only. */
void show(SQLSMALLINT c_type, const void *data, size_t octets, char *text, size_t size);

#endif
