/*
 * Owns what ODBC tests say again and again: connecting, checking return codes and diagnostics, reading rows
 * as text, wide text. Knows nothing of services and files.
 */
#include "harness.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { FIRST_CELL_OCTETS = 4096, FIRST_MESSAGE_CHARS = 512 };

void fail_at(const char *file, int line, const char *format, ...)
{
    char *text = NULL;
    va_list arguments;

    va_start(arguments, format);
    int length = vasprintf(&text, format, arguments);
    va_end(arguments);
    print_error("%s\n", length >= 0 ? text : format);
    free(length >= 0 ? text : NULL);
    _fail(file, line);
    abort(); /* _fail does not return */
}

/* ---- connecting ---- */

char *connection_string(const char *extra)
{
    return text_format("DSN=%s;%s", HARNESS_DSN, extra != NULL ? extra : "");
}

char *driver_string(const struct harness *harness, const char *extra)
{
    return text_format("DRIVER={%s};URL=%s/api;%s", HARNESS_DRIVER, harness->service.base,
                       extra != NULL ? extra : "");
}

SQLHENV environment_open(SQLINTEGER odbc_version)
{
    SQLHENV env = SQL_NULL_HENV;

    if (SQL_SUCCEEDED(SQLAllocHandle(SQL_HANDLE_ENV, SQL_NULL_HANDLE, &env)) &&
        !SQL_SUCCEEDED(SQLSetEnvAttr(env, SQL_ATTR_ODBC_VERSION, (SQLPOINTER)(intptr_t)odbc_version, 0))) {
        SQLFreeHandle(SQL_HANDLE_ENV, env);
        env = SQL_NULL_HENV;
    }
    return env;
}

SQLHSTMT statement_open(SQLHDBC dbc)
{
    SQLHSTMT stmt = SQL_NULL_HSTMT;

    expect_dbc("S", dbc, SQLAllocHandle(SQL_HANDLE_STMT, dbc, &stmt));
    return stmt;
}

SQLHDBC dbc_open(struct harness *harness)
{
    SQLHDBC dbc = SQL_NULL_HDBC;

    expect_env("S", harness->env, SQLAllocHandle(SQL_HANDLE_DBC, harness->env, &dbc));
    return dbc;
}

SQLRETURN driver_connect(SQLHDBC dbc, const char *text)
{
    return SQLDriverConnect(dbc, NULL, (SQLCHAR *)(uintptr_t)text, SQL_NTS, NULL, 0, NULL,
                            SQL_DRIVER_NOPROMPT);
}

SQLRETURN driver_connect_wide(SQLHDBC dbc, const char *text)
{
    SQLWCHAR *wide = wide_from(text);
    SQLRETURN code = SQLDriverConnectW(dbc, NULL, wide, SQL_NTS, NULL, 0, NULL, SQL_DRIVER_NOPROMPT);

    free(wide);
    return code;
}

void dbc_close(SQLHDBC dbc)
{
    SQLDisconnect(dbc);
    expect_dbc("S", dbc, SQLFreeHandle(SQL_HANDLE_DBC, dbc));
}

void session_open_in(struct harness *harness, SQLHENV env, struct session *session, const char *extra)
{
    char *text = connection_string(extra);

    *session = (struct session){.harness = harness};
    expect_env("S", env, SQLAllocHandle(SQL_HANDLE_DBC, env, &session->dbc));
    expect_dbc(
        "SI", session->dbc,
        SQLDriverConnect(session->dbc, NULL, (SQLCHAR *)text, SQL_NTS, NULL, 0, NULL, SQL_DRIVER_NOPROMPT));
    session->stmt = statement_open(session->dbc);
    free(text);
}

void session_open(struct harness *harness, struct session *session, const char *extra)
{
    session_open_in(harness, harness->env, session, extra);
}

void session_close(struct session *session)
{
    if (session->stmt != SQL_NULL_HSTMT)
        expect_stmt("S", session->stmt, SQLFreeHandle(SQL_HANDLE_STMT, session->stmt));
    expect_dbc("S", session->dbc, SQLDisconnect(session->dbc));
    expect_dbc("S", session->dbc, SQLFreeHandle(SQL_HANDLE_DBC, session->dbc));
    *session = (struct session){.harness = session->harness};
}

/* ---- diagnostics ---- */

static void to_odbc_3(char *state, const char *message)
{
    static const char *const states[][2] = {{"S1002", "07009"}, {"S1093", "07009"}, {"S1015", "HY000"}};

    if (strstr(message, "[iODBC]") == NULL || strncmp(state, "S1", 2) != 0)
        return;
    memcpy(state, "HY", 2);
    for (size_t i = 0; i < COUNT_OF(states); i++)
        if (strcmp(state + 2, states[i][0] + 2) == 0)
            memcpy(state, states[i][1], 5);
}

bool diagnostic(SQLSMALLINT kind, SQLHANDLE handle, SQLSMALLINT number, char *state, SQLINTEGER *native,
                char **text)
{
    SQLCHAR own_state[6];
    SQLINTEGER own_native;
    SQLSMALLINT room = FIRST_MESSAGE_CHARS, length = 0;

    for (;;) {
        char *message = calloc(1, (size_t)room + 1);
        SQLRETURN code =
            SQLGetDiagRec(kind, handle, number, state != NULL ? (SQLCHAR *)state : own_state,
                          native != NULL ? native : &own_native, (SQLCHAR *)message, room, &length);
        if (SQL_SUCCEEDED(code) && length >= room && length < INT16_MAX) {
            room = (SQLSMALLINT)(length + 1);
            free(message);
            continue;
        }
        if (SQL_SUCCEEDED(code) && state != NULL)
            to_odbc_3(state, message);
        if (text != NULL)
            *text = SQL_SUCCEEDED(code) ? message : NULL;
        if (text == NULL || !SQL_SUCCEEDED(code))
            free(message);
        return SQL_SUCCEEDED(code);
    }
}

char *diagnostics(SQLSMALLINT kind, SQLHANDLE handle)
{
    char *all = text_format("%s", ""), *text;
    char state[6] = "";
    SQLINTEGER native = 0;

    for (SQLSMALLINT i = 1; diagnostic(kind, handle, i, state, &native, &text); i++) {
        char *longer = text_format("%s%s (%d) %s\n", all, state, (int)native, text);
        free(all);
        free(text);
        all = longer;
    }
    return all;
}

/* ---- checks ---- */

char return_letter(SQLRETURN code)
{
    static const struct {
        SQLRETURN code;
        char letter;
    } letters[] = {{SQL_SUCCESS, 'S'},        {SQL_SUCCESS_WITH_INFO, 'I'},   {SQL_ERROR, 'E'},
                   {SQL_NO_DATA, 'N'},        {SQL_NEED_DATA, 'D'},           {SQL_STILL_EXECUTING, 'X'},
                   {SQL_INVALID_HANDLE, 'H'}, {SQL_PARAM_DATA_AVAILABLE, 'P'}};

    for (size_t i = 0; i < COUNT_OF(letters); i++)
        if (letters[i].code == code)
            return letters[i].letter;
    return '?';
}

SQLRETURN expect_return(const char *letters, SQLSMALLINT kind, SQLHANDLE handle, SQLRETURN code,
                        const char *call, const char *file, int line)
{
    char letter = return_letter(code);

    if (strchr(letters, letter) == NULL) {
        char *records = code == SQL_INVALID_HANDLE ? text_format("%s", "") : diagnostics(kind, handle);
        fail_at(file, line, "%s gave %c (%d), not %s\n%s", call, letter, (int)code, letters, records);
    }
    return code;
}

void expect_state_at(SQLSMALLINT kind, SQLHANDLE handle, const char *state, const char *file, int line)
{
    char actual[6] = "none";

    diagnostic(kind, handle, 1, actual, NULL, NULL);
    if (strcmp(actual, state) != 0)
        fail_at(file, line, "state %s, not %s\n%s", actual, state, diagnostics(kind, handle));
}

void expect_some_state_at(SQLSMALLINT kind, SQLHANDLE handle, const char *state, const char *file, int line)
{
    char actual[6] = "";

    for (SQLSMALLINT i = 1; diagnostic(kind, handle, i, actual, NULL, NULL); i++)
        if (strcmp(actual, state) == 0)
            return;
    fail_at(file, line, "no record with state %s\n%s", state, diagnostics(kind, handle));
}

void expect_message_at(SQLSMALLINT kind, SQLHANDLE handle, const char *piece, const char *file, int line)
{
    char *text;

    for (SQLSMALLINT i = 1; diagnostic(kind, handle, i, NULL, NULL, &text); i++) {
        bool found = strcasestr(text, piece) != NULL;
        free(text);
        if (found)
            return;
    }
    fail_at(file, line, "no record says \"%s\"\n%s", piece, diagnostics(kind, handle));
}

void expect_text_at(const char *actual, const char *expected, const char *what, const char *file, int line)
{
    bool same = actual != NULL && expected != NULL ? strcmp(actual, expected) == 0 : actual == expected;

    if (!same)
        fail_at(file, line, "%s is\n%s\nnot\n%s", what, actual != NULL ? actual : "NULL",
                expected != NULL ? expected : "NULL");
}

/* ---- statements ---- */

SQLRETURN exec(SQLHSTMT stmt, const char *text)
{
    return SQLExecDirect(stmt, (SQLCHAR *)(uintptr_t)text, SQL_NTS);
}

SQLRETURN exec_wide(SQLHSTMT stmt, const char *text)
{
    SQLWCHAR *wide = wide_from(text);
    SQLRETURN code = SQLExecDirectW(stmt, wide, SQL_NTS);

    free(wide);
    return code;
}

/* The whole of a cell in this C type, with a 0 behind it; NULL for SQL NULL. `unit` octets a character. */
static char *cell_octets(SQLHSTMT stmt, SQLUSMALLINT column, SQLSMALLINT c_type, size_t unit, SQLLEN *octets)
{
    size_t room = FIRST_CELL_OCTETS, length = 0;
    char *cell = calloc(1, room);
    SQLLEN left = 0;

    for (;;) {
        SQLRETURN code = SQLGetData(stmt, column, c_type, cell + length, (SQLLEN)(room - length), &left);
        if (code == SQL_NO_DATA)
            break;
        expect_return("SI", SQL_HANDLE_STMT, stmt, code, "SQLGetData", __FILE__, __LINE__);
        if (left == SQL_NULL_DATA) {
            free(cell);
            return NULL;
        }
        if (code == SQL_SUCCESS) {
            length += (size_t)left;
            break;
        }
        /* a piece may end before the buffer does: a character is never split */
        size_t end = length + (room - length - unit);
        while (end > length && memcmp(cell + end - unit, "\0\0", unit) == 0)
            end -= unit;
        length = end;
        room = left == SQL_NO_TOTAL ? room * 2 : room + (size_t)left + unit;
        cell = realloc(cell, room);
        memset(cell + length, 0, room - length);
    }
    *octets = (SQLLEN)length;
    return cell;
}

char *cell_text(SQLHSTMT stmt, SQLUSMALLINT column)
{
    SQLLEN octets;

    return cell_octets(stmt, column, SQL_C_CHAR, 1, &octets);
}

char *cell_wide_text(SQLHSTMT stmt, SQLUSMALLINT column)
{
    SQLLEN octets = 0;
    char *wide = cell_octets(stmt, column, SQL_C_WCHAR, sizeof(SQLWCHAR), &octets);
    char *text =
        wide != NULL ? narrow_from((SQLWCHAR *)(void *)wide, octets / (SQLLEN)sizeof(SQLWCHAR)) : NULL;

    free(wide);
    return text;
}

char *row_text(SQLHSTMT stmt)
{
    SQLSMALLINT columns = 0;
    char *row = text_format("%s", "");

    expect_stmt("S", stmt, SQLNumResultCols(stmt, &columns));
    for (SQLUSMALLINT i = 1; i <= columns; i++) {
        char *cell = cell_text(stmt, i);
        char *longer = text_format("%s%s%s", row, i > 1 ? "|" : "", cell != NULL ? cell : "<null>");
        free(row);
        free(cell);
        row = longer;
    }
    return row;
}

char *rows_text(SQLHSTMT stmt)
{
    char *all = text_format("%s", "");

    while (expect_stmt("SIN", stmt, SQLFetch(stmt)) != SQL_NO_DATA) {
        char *row = row_text(stmt);
        char *longer = text_format("%s%s\n", all, row);
        free(all);
        free(row);
        all = longer;
    }
    return all;
}

long count_rows(SQLHSTMT stmt, SQLRETURN *last)
{
    long rows = 0;
    SQLRETURN code;

    while (SQL_SUCCEEDED(code = SQLFetch(stmt)))
        rows++;
    if (last != NULL)
        *last = code;
    return rows;
}

void expect_rows_at(SQLHSTMT stmt, const char *text, const char *expected, const char *file, int line)
{
    expect_return("S", SQL_HANDLE_STMT, stmt, exec(stmt, text), text, file, line);
    char *rows = rows_text(stmt);
    expect_text_at(rows, expected, text, file, line);
    free(rows);
    expect_stmt("S", stmt, SQLFreeStmt(stmt, SQL_CLOSE));
}

void expect_usable_at(SQLHSTMT stmt, const char *file, int line)
{
    static const char text[] = "SELECT CatalogName FROM sys_catalogs";

    expect_return("S", SQL_HANDLE_STMT, stmt, exec(stmt, text), text, file, line);
    expect_return("S", SQL_HANDLE_STMT, stmt, SQLFetch(stmt), "SQLFetch of sys_catalogs", file, line);
    expect_stmt("S", stmt, SQLFreeStmt(stmt, SQL_CLOSE));
}

/* ---- cancelling ---- */

static void *cancel_later(void *context)
{
    struct canceller *c = context;

    sleep_ms(c->after_ms);
    c->cancelled_ms = now_ms();
    if (c->by_handle)
        UNIXODBC_ONLY("there is no SQLCancelHandle", c->code = SQLCancelHandle(SQL_HANDLE_STMT, c->stmt));
    else
        c->code = SQLCancel(c->stmt);
    return NULL;
}

void canceller_start(struct canceller *c, SQLHSTMT stmt, int64_t after_ms, bool by_handle)
{
    *c = (struct canceller){.stmt = stmt, .after_ms = after_ms, .by_handle = by_handle};
    assert_int_equal(pthread_create(&c->thread, NULL, cancel_later, c), 0);
}

void canceller_check(struct canceller *c, SQLRETURN code, const char *what)
{
    int64_t back = now_ms();

    pthread_join(c->thread, NULL);
    expect_return("E", SQL_HANDLE_STMT, c->stmt, code, what, __FILE__, __LINE__);
    expect_state_at(SQL_HANDLE_STMT, c->stmt, "HY008", what, 0);
    assert_int_equal(c->code, SQL_SUCCESS);
    if (back - c->cancelled_ms > HARNESS_PROMPT_MS || back < c->cancelled_ms)
        fail_at(__FILE__, __LINE__, "%s: back %d ms after the cancel", what, (int)(back - c->cancelled_ms));
}

/* ---- wide text ---- */

size_t wide_length(const SQLWCHAR *text)
{
    size_t length = 0;

    while (text[length] != 0)
        length++;
    return length;
}

/* One code point of well-formed UTF-8. */
static uint32_t read_point(const unsigned char **text)
{
    const unsigned char *p = *text;
    int more = *p < 0x80 ? 0 : *p < 0xE0 ? 1 : *p < 0xF0 ? 2 : 3;
    uint32_t point = more == 0 ? *p : *p & (0x3Fu >> more);

    for (p++; more > 0 && *p != '\0'; more--, p++)
        point = point << 6 | (*p & 0x3Fu);
    *text = p;
    return point;
}

SQLWCHAR *wide_from(const char *text)
{
    SQLWCHAR *wide = calloc(strlen(text) + 1, sizeof *wide), *out = wide;
    const unsigned char *p = (const unsigned char *)text;

    while (*p != '\0') {
        uint32_t point = read_point(&p);
        if (sizeof(SQLWCHAR) == 2 && point >= 0x10000) {
            *out++ = (SQLWCHAR)(0xD800 + ((point - 0x10000) >> 10));
            *out++ = (SQLWCHAR)(0xDC00 + ((point - 0x10000) & 0x3FF));
        } else {
            *out++ = (SQLWCHAR)point;
        }
    }
    return wide;
}

static char *write_point(char *out, uint32_t point)
{
    static const unsigned char first[] = {0, 0, 0xC0, 0xE0, 0xF0};
    int octets = point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;

    *out++ = (char)(first[octets] | point >> (6 * (octets - 1)));
    for (int i = octets - 2; i >= 0; i--)
        *out++ = (char)(0x80 | (point >> (6 * i) & 0x3F));
    return out;
}

char *narrow_from(const SQLWCHAR *text, SQLLEN units)
{
    size_t count = units == SQL_NTS ? wide_length(text) : (size_t)units;
    char *narrow = calloc(count * 4 + 1, 1), *out = narrow;

    for (size_t i = 0; i < count; i++) {
        uint32_t point = (uint32_t)text[i];
        if (sizeof(SQLWCHAR) == 2 && point >= 0xD800 && point < 0xDC00 && i + 1 < count &&
            text[i + 1] >= 0xDC00 && text[i + 1] < 0xE000)
            point = 0x10000 + ((point - 0xD800) << 10) + ((uint32_t)text[++i] - 0xDC00u);
        else if (point >= 0xD800 && point < 0xE000)
            point = 0xFFFD;
        out = write_point(out, point);
    }
    return narrow;
}
