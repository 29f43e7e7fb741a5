/* SQLDescribeParam: from the parameters of a call or the target columns of a simple statement, else a VARCHAR
 * that works; and cursor names. */
#include "base/alloc.h"
#include "base/text.h"
#include "odbc/inner.h"
#include "odbc/parameter_type.h"

SQLRETURN ca_odbc_describe_param(struct ca_statement *statement, SQLUSMALLINT number, SQLSMALLINT *type,
                                 SQLULEN *size, SQLSMALLINT *digits, SQLSMALLINT *nullable)
{
    struct ca_type_description description;
    if (number == 0 || number > statement->sql.markers)
        return ca_post_state(&statement->handle, "07009");
    ca_parameter_describe(statement, number, &description);
    if (type)
        *type =
            statement->connection->odbc2 ? ca_type_odbc2(description.concise_type) : description.concise_type;
    if (size)
        *size = description.column_size;
    if (digits)
        *digits = description.decimal_digits;
    if (nullable)
        *nullable = SQL_NULLABLE_UNKNOWN;
    return SQL_SUCCESS;
}

SQLRETURN ca_odbc_set_cursor_name(struct ca_statement *statement, const struct ca_text *name)
{
    struct ca_connection *connection = statement->connection;
    if (!name->text)
        return ca_post_state(&statement->handle, "HY009");
    if (!name->octets || ca_text_same_n(name->text, name->octets < 6 ? name->octets : 6, "SQLCUR") ||
        ca_text_same_n(name->text, name->octets < 7 ? name->octets : 7, "SQL_CUR"))
        return ca_post_state(&statement->handle, "34000");
    char *copy = ca_strdup(name->text);
    if (!copy)
        return ca_post_state(&statement->handle, "HY001");
    bool duplicate = false;
    pthread_mutex_lock(&connection->shared);
    for (const struct ca_statement *s = connection->statements; s && !duplicate; s = s->next)
        duplicate = s != statement && s->cursor_name && ca_text_same(s->cursor_name, copy);
    if (!duplicate) {
        char *old = statement->cursor_name;
        statement->cursor_name = copy;
        copy = old;
    }
    pthread_mutex_unlock(&connection->shared);
    ca_free(copy);
    return duplicate ? ca_post_state(&statement->handle, "3C000") : SQL_SUCCESS;
}

SQLRETURN ca_odbc_get_cursor_name(struct ca_statement *statement, const struct ca_text_out *name)
{
    struct ca_buffer made = CA_BUFFER_INIT(64);
    if (!statement->cursor_name) {
        ca_buffer_add_format(&made, "SQL_CUR%lx", (unsigned long)statement->handle.slot);
        pthread_mutex_lock(&statement->connection->shared);
        statement->cursor_name = ca_buffer_take(&made);
        pthread_mutex_unlock(&statement->connection->shared);
    }
    if (!statement->cursor_name)
        return ca_post_state(&statement->handle, "HY001");
    return ca_text_write(&statement->handle, name, statement->cursor_name);
}
