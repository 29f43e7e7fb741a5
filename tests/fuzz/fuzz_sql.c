/* Feeds the reader of statements with anything, and checks what must hold for every text:
 * - what it sends can be read again, and needs no further change but for braces left alone;
 * - no marker is left in it, and as many parameters as were counted;
 * - the chosen prefix stands nowhere in the given text. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "sql/statement.h"
#include "sql/token.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(int holds)
{
    if (!holds)
        abort();
}

static void check_prefix(const char *text, size_t octets, const char *prefix)
{
    size_t length = strlen(prefix);
    for (size_t i = 0; i + length < octets; i++) {
        size_t same = 0;
        while (text[i] == '@' && same < length && ca_text_lower(text[i + 1 + same]) == prefix[same])
            same++;
        require(same < length);
    }
}

/* Every parameter once, in one token of its own. */
static void check_sent(const struct ca_sql_statement *statement)
{
    struct ca_sql_reader reader;
    struct ca_sql_token token;
    struct ca_error error = CA_ERROR_INIT;
    size_t length = strlen(statement->prefix);
    unsigned found = 0;
    ca_sql_reader_init(&reader, statement->text, statement->octets);
    do {
        require(ca_sql_token_next(&reader, &token, &error));
        require(token.kind != CA_SQL_TOKEN_MARKER && token.kind != CA_SQL_TOKEN_QUOTED);
        found += token.kind == CA_SQL_TOKEN_WORD && token.octets > length && token.text[0] == '@' &&
                 memcmp(token.text + 1, statement->prefix, length) == 0;
    } while (token.kind != CA_SQL_TOKEN_END);
    require(found == statement->markers);
}

/* What was sent, read once more with braces left alone, is what was sent. */
static void check_again(const struct ca_sql_statement *statement)
{
    static const struct ca_sql_options noscan = {.noscan = true};
    struct ca_sql_statement again;
    struct ca_error error = CA_ERROR_INIT;
    require(ca_sql_read(statement->text, statement->octets, &noscan, &again, &error));
    require(!again.changed && again.markers == 0);
    ca_sql_statement_free(&again);
}

static void check(const char *text, size_t octets, const struct ca_sql_options *options)
{
    struct ca_sql_statement statement;
    struct ca_error error = CA_ERROR_INIT;
    if (ca_sql_read(text, octets, options, &statement, &error)) {
        require(!ca_error_is_set(&error) && statement.text[statement.octets] == '\0');
        require(statement.kind != CA_SQL_CALL || statement.call);
        require(!statement.call || statement.call->markers == statement.markers);
        check_prefix(text, octets, statement.prefix);
        check_sent(&statement);
        check_again(&statement);
        require(ca_sql_marker_targets(&statement, &error));
    } else {
        require(ca_error_is_set(&error) && !statement.text);
    }
    ca_sql_statement_free(&statement);
    ca_error_clear(&error);
}

static void check_name(const char *text, size_t octets)
{
    struct ca_sql_name name;
    struct ca_sql_name again;
    struct ca_error error = CA_ERROR_INIT;
    struct ca_buffer written = CA_BUFFER_INIT((size_t)1 << 24);
    if (ca_sql_name_parse(text, octets, &name, &error)) {
        require(ca_sql_name_write(&written, &name));
        require(ca_sql_name_parse(written.data, written.length, &again, &error));
        require(strcmp(again.name, name.name) == 0);
        ca_sql_name_free(&again);
    }
    ca_sql_name_free(&name);
    ca_buffer_free(&written);
    ca_error_clear(&error);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct ca_sql_options options[] = {{.catalog = "c'd", .user = "u"}, {.noscan = true}};
    /* A copy without a NUL behind it: every octet read past the end is found. */
    char *text = malloc(size ? size : 1);
    if (!text)
        return 0;
    if (size)
        memcpy(text, data, size);
    check(text, size, &options[0]);
    check(text, size, &options[1]);
    check_name(text, size);
    free(text);
    return 0;
}
