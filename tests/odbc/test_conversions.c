/*
 * Every type of the service as every C type, by SQLGetData and in a bound block of rows: what is returned,
 * and in which form. The outcome is a text that is kept as tests/odbc/conversions.kept, to be read beside
 * Appendix D of the ODBC reference; a difference is a failure that shows itself. Where the new outcome is the
 * right one, it is kept so:
 *
 *     cp build/odbc/test_conversions.d/conversions.now tests/odbc/conversions.kept
 *
 * Must not know the driver's converters.
 */
#include "conversions.h"

#include <stdio.h>
#include <string.h>

#define KEPT "tests/odbc/conversions.kept"

enum { ROWS_MAX = 24, OUTCOME_CHARS = 400 };

typedef char outcome_text[OUTCOME_CHARS];

/* The service answers each query with these values as a column of the type; a second column is there to be
 * read in between, so that SQLGetData begins anew. */
static void set_reply(struct harness *harness, const struct service_type *type)
{
    char *rows = text_format("%s", "");

    for (const char *const *value = type->values; *value != NULL; value++) {
        char *more = text_format("%s%s[%s,1]", rows, *rows != '\0' ? "," : "", *value);
        free(rows);
        rows = more;
    }
    char *reply = text_format("{'results':[{'schema':[{'columnName':'V','dataType':%d,%s},"
                              "{'columnName':'One','dataType':8}],'rows':[%s]}]}",
                              type->code, type->members, rows);
    faults_clear(&harness->service);
    fault_reply(&harness->service, reply, "");
    free(reply);
    free(rows);
}

static size_t count_values(const struct service_type *type)
{
    size_t count = 0;

    while (type->values[count] != NULL)
        count++;
    assert_in_range(count, 1, ROWS_MAX);
    return count;
}

/* ---- both ways ---- */

static void read_by_get_data(SQLHSTMT stmt, const struct service_type *type, outcome_text *outcomes)
{
    size_t count = count_values(type);

    expect_stmt("S", stmt, exec(stmt, "SELECT V, One"));
    for (size_t row = 0; row < count; row++) {
        expect_stmt("S", stmt, SQLFetch(stmt));
        for (size_t i = 0; i < c_type_count; i++) {
            struct outcome o = outcome_init();
            SQLINTEGER one = 0;
            o.code = SQLGetData(stmt, 1, c_types[i].id, o.data, capacity_of(&c_types[i], type), &o.indicator);
            if (o.code != SQL_SUCCESS)
                diagnostic(SQL_HANDLE_STMT, stmt, 1, o.state, NULL, NULL);
            outcome_show(&o, &c_types[i], type, type->values[row], outcomes[row * c_type_count + i],
                         OUTCOME_CHARS);
            expect_stmt("SN", stmt, SQLGetData(stmt, 2, SQL_C_SLONG, &one, 0, NULL));
        }
    }
    expect_stmt("N", stmt, SQLFetch(stmt));
    expect_stmt("S", stmt, SQLFreeStmt(stmt, SQL_CLOSE));
}

/* The state of the record of a row; row 0 is any. */
static void find_state(SQLHSTMT stmt, SQLLEN row, char *state)
{
    SQLLEN number = 0;

    for (SQLSMALLINT i = 1; SQL_SUCCEEDED(
             SQLGetDiagField(SQL_HANDLE_STMT, stmt, i, SQL_DIAG_ROW_NUMBER, &number, SQL_IS_INTEGER, NULL));
         i++)
        if ((number == row || row == 0) && diagnostic(SQL_HANDLE_STMT, stmt, i, state, NULL, NULL))
            return;
}

/* One C type, all rows in one block. */
static void read_block(SQLHSTMT stmt, const struct service_type *type, size_t column, outcome_text *outcomes)
{
    static unsigned char data[ROWS_MAX * DATA_OCTETS];
    const struct c_type *c = &c_types[column];
    SQLLEN capacity = capacity_of(c, type), indicators[ROWS_MAX];
    SQLUSMALLINT statuses[ROWS_MAX];
    size_t count = count_values(type);

    memset(data, CANARY, sizeof data);
    for (size_t row = 0; row < count; row++)
        indicators[row] = NO_INDICATOR;
    expect_stmt("S", stmt, SQLSetStmtAttr(stmt, SQL_ATTR_ROW_ARRAY_SIZE, (SQLPOINTER)count, 0));
    expect_stmt("S", stmt, SQLSetStmtAttr(stmt, SQL_ATTR_ROW_STATUS_PTR, statuses, 0));
    expect_stmt("S", stmt, SQLBindCol(stmt, 1, c->id, data, capacity, indicators));
    expect_stmt("S", stmt, exec(stmt, "SELECT V, One"));
    SQLRETURN fetched = expect_stmt("SIE", stmt, SQLFetch(stmt));
    for (size_t row = 0; row < count; row++) {
        struct outcome o = outcome_init();
        size_t stride = stride_of(c, type);
        memcpy(o.data, data + row * stride, stride);
        o.indicator = indicators[row];
        o.code = fetched == SQL_ERROR                         ? SQL_ERROR
                 : statuses[row] == SQL_ROW_SUCCESS           ? SQL_SUCCESS
                 : statuses[row] == SQL_ROW_SUCCESS_WITH_INFO ? SQL_SUCCESS_WITH_INFO
                                                              : SQL_ERROR;
        if (o.code != SQL_SUCCESS)
            find_state(stmt, fetched == SQL_ERROR ? 0 : (SQLLEN)row + 1, o.state);
        outcome_show(&o, c, type, type->values[row], outcomes[row * c_type_count + column], OUTCOME_CHARS);
    }
    expect_stmt("S", stmt, SQLFreeStmt(stmt, SQL_CLOSE));
    expect_stmt("S", stmt, SQLFreeStmt(stmt, SQL_UNBIND));
}

/* ---- the text ---- */

static size_t characters(const char *text)
{
    size_t count = 0;

    for (; *text != '\0'; text++)
        count += (*text & 0xC0) != 0x80;
    return count;
}

/* One name more in a line of names, which begins at NAMES and ends before WIDTH. */
static void write_name(FILE *file, const char *name, size_t *at)
{
    enum { NAMES = 52, WIDTH = 120 };

    if (*at > NAMES && *at + 1 + strlen(name) > WIDTH) {
        fputc('\n', file);
        *at = 0;
    }
    int gap = *at < NAMES ? (int)(NAMES - *at) : 0;
    fprintf(file, "%*s %s", gap, "", name);
    *at += (size_t)gap + 1 + strlen(name);
}

/* The C types that share an outcome stand behind it. */
static void write_outcome(FILE *file, outcome_text *outcomes, size_t first, bool *written)
{
    size_t intervals = 0, at = 4 + characters(outcomes[first]);

    fprintf(file, "    %s", outcomes[first]);
    for (size_t k = first; k < c_type_count; k++)
        intervals += c_types[k].interval && strcmp(outcomes[first], outcomes[k]) == 0;
    for (size_t k = first; k < c_type_count; k++) {
        if (strcmp(outcomes[first], outcomes[k]) != 0)
            continue;
        written[k] = true;
        if (!c_types[k].interval || intervals < INTERVALS)
            write_name(file, c_types[k].name, &at);
    }
    if (intervals == INTERVALS)
        write_name(file, "INTERVAL_*", &at);
    fputc('\n', file);
}

static void write_value(FILE *file, outcome_text *outcomes)
{
    bool written[C_TYPES_MAX] = {false};

    for (size_t i = 0; i < c_type_count; i++)
        if (!written[i])
            write_outcome(file, outcomes, i, written);
}

static void write_type(FILE *file, struct session *session, const struct service_type *type)
{
    size_t count = count_values(type), cells = count * c_type_count;
    outcome_text *got = calloc(cells, sizeof *got), *bound = calloc(cells, sizeof *bound);

    assert_non_null(got);
    assert_non_null(bound);
    set_reply(session->harness, type);
    read_by_get_data(session->stmt, type, got);
    SQLHSTMT block = statement_open(session->dbc);
    for (size_t i = 0; i < c_type_count; i++)
        read_block(block, type, i, bound);
    expect_stmt("S", block, SQLFreeHandle(SQL_HANDLE_STMT, block));
    for (size_t i = 0; i < cells; i++)
        if (strcmp(got[i], bound[i]) != 0)
            strncat(strncat(got[i], " bound: ", 9), bound[i], OUTCOME_CHARS / 2);
    for (size_t row = 0; row < count; row++) {
        fprintf(file, "\n%s %s\n", type->name, type->values[row]);
        write_value(file, got + row * c_type_count);
    }
    free(got);
    free(bound);
}

static void every_conversion_is_as_it_was(void **state)
{
    struct harness *harness = *state;
    struct session session;
    char *path = harness_path(harness, "conversions.now");
    char *compare = text_format("diff -u " KEPT " %s", path);
    FILE *file = fopen(path, "we");

    assert_non_null(file);
    fputs(conversions_head, file);
    session_open(harness, &session, NULL);
    for (size_t i = 0; i < service_type_count; i++)
        write_type(file, &session, &service_types[i]);
    session_close(&session);
    assert_int_equal(fclose(file), 0);
    fflush(NULL);
    if (system(compare) != 0)
        fail_msg("conversions differ from " KEPT "; where they are right now, cp %s " KEPT, path);
    free(compare);
    free(path);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {cmocka_unit_test(every_conversion_is_as_it_was)};

    return harness_main("test_conversions", NULL, tests, COUNT_OF(tests));
}
