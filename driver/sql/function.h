/* The scalar functions of `{fn …}`: the one table of ODBC name, arguments, text in the service's dialect
 * and SQLGetInfo bit (SERVICE.md section 5; ODBC reference, appendix E). */
#ifndef CA_SQL_FUNCTION_H
#define CA_SQL_FUNCTION_H

#include <sql.h>
#include <sqlext.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/error.h"
#include "sql/token.h"

/* The bitmask of SQL_STRING_FUNCTIONS, SQL_NUMERIC_FUNCTIONS, SQL_TIMEDATE_FUNCTIONS, SQL_SYSTEM_FUNCTIONS,
 * SQL_TIMEDATE_ADD_INTERVALS, SQL_TIMEDATE_DIFF_INTERVALS or SQL_CONVERT_FUNCTIONS: what the translator
 * really translates. 0 for any other information type. */
uint32_t ca_sql_function_mask(SQLUSMALLINT info_type);

/* What follows is for the translator. */

enum { CA_SQL_MOST_ARGUMENTS = 4 };

struct ca_sql_slice {
    const char *text;
    size_t octets;
};

/* One use of a function, its arguments translated already. */
struct ca_sql_use {
    const struct ca_sql_reader *reader; /* of the text in which it stands: for messages */
    struct ca_sql_token name;
    bool by_word; /* the first two arguments are parted by the function's word, not by a comma */
    size_t count;
    struct ca_sql_slice arguments[CA_SQL_MOST_ARGUMENTS]; /* without blanks around them */
    struct ca_sql_slice whole;                            /* all between the parentheses, as it stands */
    const char *catalog;                                  /* {fn DATABASE()}, never NULL */
    const char *user;
};

bool ca_sql_function_known(const struct ca_sql_token *name);
/* The word that may part the first two arguments (`FROM`, `IN`); NULL if there is none. */
const char *ca_sql_function_word(const struct ca_sql_token *name);
/* Appends the use in the service's dialect. False: 42000 (number or kind of arguments), or the buffer is
 * full (no error is set). */
bool ca_sql_function_write(struct ca_buffer *text, const struct ca_sql_use *use, struct ca_error *error);

#endif
