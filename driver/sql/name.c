/* Owns names of up to three parts: reading, undoing and writing their quotes. Must not know which objects
 * exist. */
#include "sql/name.h"

#include <string.h>

#include "base/alloc.h"
#include "base/utf.h"
#include "sql/namereader.h"

enum { SHOWN_OCTETS = 80 };

/* NULL with *memory unset: the token is no usable part (empty, or with a NUL that a C string cannot hold). */
static char *part_value(const struct ca_sql_token *token, bool *memory)
{
    size_t octets;
    if (!ca_sql_token_is_name(token))
        return NULL;
    char *value = ca_sql_token_value(token, &octets);
    if (!value) {
        *memory = false;
        return NULL;
    }
    if (octets == 0 || memchr(value, '\0', octets)) {
        ca_free(value);
        return NULL;
    }
    return value;
}

/* Puts one part more behind those there are: what was the table becomes the schema, and so on. */
static bool push_part(struct ca_sql_name *name, char *part)
{
    if (name->catalog)
        return false;
    name->catalog = name->schema;
    name->schema = name->name;
    name->name = part;
    return true;
}

enum ca_sql_name_result ca_sql_name_read(struct ca_sql_reader *reader, struct ca_sql_name *name,
                                         struct ca_error *error)
{
    struct ca_sql_token token;
    bool memory = true;
    *name = (struct ca_sql_name){NULL, NULL, NULL};
    for (;;) {
        if (!ca_sql_token_next_word(reader, &token, error))
            goto failed;
        char *part = part_value(&token, &memory);
        if (!part || !push_part(name, part)) {
            ca_free(part);
            goto failed;
        }
        size_t behind = reader->at;
        if (!ca_sql_token_next_word(reader, &token, error))
            goto failed;
        if (!ca_sql_token_is_sign(&token, '.')) {
            reader->at = behind;
            return CA_SQL_NAME_READ;
        }
    }
failed:
    ca_sql_name_free(name);
    if (!memory)
        ca_error_no_memory(error);
    return ca_error_is_set(error) ? CA_SQL_NAME_FAILED : CA_SQL_NAME_NONE;
}

bool ca_sql_name_parse(const char *text, size_t octets, struct ca_sql_name *name, struct ca_error *error)
{
    struct ca_sql_reader reader;
    struct ca_sql_token token;
    ca_sql_reader_init(&reader, text, octets);
    if (ca_sql_name_read(&reader, name, error) == CA_SQL_NAME_FAILED)
        return false;
    if (name->name && ca_sql_token_next_word(&reader, &token, error) && token.kind == CA_SQL_TOKEN_END)
        return true;
    ca_sql_name_free(name);
    return ca_error_set(error, "42000", 0, "'%.*s' is not a name of one to three parts.",
                        (int)ca_utf8_cut(text, octets, SHOWN_OCTETS), text);
}

void ca_sql_name_free(struct ca_sql_name *name)
{
    ca_free(name->catalog);
    ca_free(name->schema);
    ca_free(name->name);
    *name = (struct ca_sql_name){NULL, NULL, NULL};
}

bool ca_sql_name_quote(struct ca_buffer *text, const char *part, size_t octets)
{
    const char *end = part + octets;
    ca_buffer_add_char(text, '[');
    while (part < end) {
        const char *bracket = memchr(part, ']', (size_t)(end - part));
        size_t run = (size_t)((bracket ? bracket + 1 : end) - part);
        ca_buffer_add(text, part, run);
        if (bracket)
            ca_buffer_add_char(text, ']');
        part += run;
    }
    return ca_buffer_add_char(text, ']');
}

bool ca_sql_name_write(struct ca_buffer *text, const struct ca_sql_name *name)
{
    const char *parts[] = {name->catalog, name->schema, name->name};
    bool first = true;
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        if (!parts[i])
            continue;
        if (!first)
            ca_buffer_add_char(text, '.');
        ca_sql_name_quote(text, parts[i], strlen(parts[i]));
        first = false;
    }
    return !text->failure;
}
