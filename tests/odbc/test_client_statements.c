/*
 * Statements as real programs write them (client_statements.txt): prepared, described, with values of the
 * types that SQLDescribeParam names, each must be sent as the corpus says and do what it says.
 *
 * Must not know the translator: what leaves is read from the service's record of requests.
 */
#include "harness.h"

#include <stdio.h>
#include <string.h>

enum { MOST_MARKERS = 16, VALUE = 40 };

/* One block of the corpus. */
struct block {
    char program[100];
    char *given, *sent; /* lines joined; "" = none */
    char state[6];      /* "" = it works */
    int line;
};

struct values {
    char text[MOST_MARKERS][VALUE];
    SQLLEN lengths[MOST_MARKERS];
};

/* A value that the type takes. */
static const char *value_for(SQLSMALLINT type)
{
    switch (type) {
    case SQL_TYPE_DATE:
        return "2024-02-29";
    case SQL_TYPE_TIME:
        return "12:34:56";
    case SQL_TYPE_TIMESTAMP:
        return "2024-02-29 12:34:56.5";
    case SQL_GUID:
        return "01234567-890a-bcde-f012-34567890abcd";
    default:
        return "1";
    }
}

static void bind_all(SQLHSTMT stmt, struct values *values)
{
    SQLSMALLINT count = 0;
    expect_stmt("S", stmt, SQLNumParams(stmt, &count));
    assert_in_range(count, 0, MOST_MARKERS);
    for (SQLUSMALLINT i = 1; i <= count; i++) {
        SQLSMALLINT type, digits;
        SQLULEN size;
        expect_stmt("SI", stmt, SQLDescribeParam(stmt, i, &type, &size, &digits, NULL));
        snprintf(values->text[i - 1], VALUE, "%s", value_for(type));
        values->lengths[i - 1] = SQL_NTS;
        expect_stmt("S", stmt,
                    SQLBindParameter(stmt, i, SQL_PARAM_INPUT, SQL_C_CHAR, type, size, digits,
                                     values->text[i - 1], VALUE, &values->lengths[i - 1]));
    }
}

/* The text of the newest POST to /query or /exec. */
static char *sent_text(struct harness *h)
{
    json_object *requests = requests_read(&h->service, false);
    char *text = NULL;
    for (size_t i = json_object_array_length(requests); i > 0 && !text; i--) {
        json_object *request = json_object_array_get_idx(requests, i - 1);
        json_object *body =
            json_tokener_parse(json_object_get_string(json_object_object_get(request, "body")));
        json_object *member = json_object_object_get(body, "query");
        if (!member)
            member = json_object_object_get(body, "procedure");
        if (member)
            text = strdup(json_object_get_string(member));
        json_object_put(body);
    }
    json_object_put(requests);
    return text ? text : strdup("");
}

/* All rows of all results; false where one broke off. */
static bool read_to_the_end(SQLHSTMT stmt)
{
    SQLSMALLINT columns = 0;
    SQLRETURN next = SQL_SUCCESS;
    while (SQL_SUCCEEDED(next)) {
        SQLRETURN last = SQL_NO_DATA;
        expect_stmt("S", stmt, SQLNumResultCols(stmt, &columns));
        if (columns)
            count_rows(stmt, &last);
        next = last == SQL_NO_DATA ? SQLMoreResults(stmt) : last;
    }
    return next == SQL_NO_DATA;
}

/* What went wrong with a block, or NULL. */
static char *run(struct harness *h, SQLHSTMT stmt, const struct block *block)
{
    struct values values;
    char state[6] = "";
    expect_stmt("SN", stmt, exec(stmt, "DELETE FROM [PostgreSQL1].[public].[settings]"));
    expect_stmt("S", stmt, SQLPrepare(stmt, (SQLCHAR *)block->given, SQL_NTS));
    bind_all(stmt, &values);
    requests_clear(&h->service);
    SQLRETURN result = SQLExecute(stmt);
    bool works = result == SQL_NO_DATA || (SQL_SUCCEEDED(result) && read_to_the_end(stmt));
    if (!works)
        diagnostic(SQL_HANDLE_STMT, stmt, 1, state, NULL, NULL);
    char *sent = sent_text(h), *why = NULL;
    if (strcmp(sent, *block->sent ? block->sent : block->given) != 0)
        why = text_format("sent as\n%s", sent);
    else if (strcmp(state, block->state) != 0)
        why = diagnostics(SQL_HANDLE_STMT, stmt);
    free(sent);
    expect_stmt("S", stmt, SQLFreeStmt(stmt, SQL_CLOSE));
    expect_stmt("S", stmt, SQLFreeStmt(stmt, SQL_RESET_PARAMS));
    return why;
}

/* ---- the corpus ---- */

static void append(char **text, const char *line)
{
    char *joined = text_format("%s%s%s", *text, **text ? "\n" : "", line);
    free(*text);
    *text = joined;
}

/* Reads the next block of `text`; false at its end. */
static bool next_block(char **text, int *line, struct block *block)
{
    *block = (struct block){.given = strdup(""), .sent = strdup("")};
    while (**text && !(**text == '\n' && *block->given)) {
        char *at = *text, *end = strchr(at, '\n');
        *end = '\0';
        *text = end + 1;
        ++*line;
        if (*at == '[') {
            block->line = *line;
            snprintf(block->program, sizeof block->program, "%.*s", (int)strlen(at) - 2, at + 1);
        } else if (*at == '>') {
            append(&block->given, at + 2);
        } else if (*at == '<') {
            append(&block->sent, at + 2);
        } else if (*at == '!') {
            snprintf(block->state, sizeof block->state, "%s", at + 2);
        } else if (*at && *at != '#') {
            fail_msg("line %d of the corpus begins with none of [ > < ! #", *line);
        }
    }
    return *block->given != '\0';
}

static void statements_of_programs_reach_the_service(void **state)
{
    struct harness *h = *state;
    struct session s;
    struct block block;
    int line = 0, bad = 0, blocks = 0;
    char *corpus = read_file("tests/odbc/client_statements.txt"), *at = corpus;

    session_open(h, &s, NULL);
    for (; next_block(&at, &line, &block); blocks++) {
        char *why = run(h, s.stmt, &block);
        if (why) {
            print_error("line %d, %s:\n%s\n%s\n", block.line, block.program, block.given, why);
            bad++;
        }
        free(why);
        free(block.given);
        free(block.sent);
    }
    free(block.given);
    free(block.sent);
    free(corpus);
    session_close(&s);
    assert_true(blocks > 50);
    assert_int_equal(bad, 0);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(statements_of_programs_reach_the_service),
    };

    return harness_main("test_client_statements", NULL, tests, COUNT_OF(tests));
}
