/* Owns the rule of what one line of odbc.ini can hold: the format has no quoting, and unixODBC reads lines of
 * limited length. Knows no option and no file. */
#ifndef CA_SETUP_INI_VALUE_H
#define CA_SETUP_INI_VALUE_H

#include <stdbool.h>
#include <stddef.h>

/* Whether `key=value` would be read back as it was written; false posts ODBC_ERROR_INVALID_KEYWORD_VALUE with
 * a text that names the key and never shows the value. */
bool ca_ini_value_check(const char *key, const char *value, size_t octets);

#endif
