/*
 * Owns the measuring of one query through the driver manager: how it is fetched, and what that costs this
 * process. Knows ODBC only, no driver and no service; what it prints is made into tables by run.sh.
 *
 *     fetch CONNECTION SQL MODE ARRAY TYPES [check]
 *
 * MODE is column or row (bound arrays, column-wise or row-wise) or getdata (SQLGetData of every cell of one
 * row); TYPES is typed (what suits the SQL type), char or wchar. The line of figures is `name=value` with
 * blanks between.
 */
#include "meter.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    ALIGNMENT = 16,
    MOST_ROWS = 1000000, /* of an array */
    MOST_CHARS = 32768,  /* of a bound cell; more is cut, and counted as cut */
    UTF8_OCTETS = 4      /* of a character at most */
};

/* Of FNV-1a, 64 bits. */
#define HASH_START UINT64_C(0xCBF29CE484222325)
#define HASH_PRIME UINT64_C(0x100000001B3)

enum access { BY_COLUMN, BY_ROW, BY_GETDATA };

struct column {
    SQLSMALLINT sql_type;
    SQLSMALLINT c_type;
    SQLLEN capacity;   /* octets of one cell */
    bool text;         /* or else of fixed length */
    uint64_t most;     /* octets of it that fit, without terminator */
    char *data;        /* of row 0 */
    SQLLEN *indicator; /* of row 0 */
};

struct plan {
    enum access access;
    SQLULEN array;
    const char *types;
    bool check;
    SQLSMALLINT count;
    struct column *columns;
    size_t row_octets; /* of one row, row-wise */
    char *cells;       /* all of them: data, then indicators */
    size_t cells_octets;
    SQLULEN fetched;
};

struct figures {
    uint64_t rows, cells, nulls, octets, cut;
    uint64_t row_hash,
        checksum;           /* of the row so far; the sum over all rows, so that their order does not count */
    double wall, user, sys; /* of the whole */
    double first;           /* execution and first fetch */
    double fetching;        /* all fetches */
    long idle_kib, peak_kib;
};

/* C types of their own; every other SQL type is fetched as SQL_C_CHAR in the typed mode too, as applications
 * do with DECIMAL. */
static const struct {
    SQLSMALLINT sql_type, c_type;
    SQLLEN octets;
} typed[] = {
    {SQL_BIT, SQL_C_BIT, 1},
    {SQL_TINYINT, SQL_C_SLONG, sizeof(SQLINTEGER)},
    {SQL_SMALLINT, SQL_C_SLONG, sizeof(SQLINTEGER)},
    {SQL_INTEGER, SQL_C_SLONG, sizeof(SQLINTEGER)},
    {SQL_BIGINT, SQL_C_SBIGINT, sizeof(SQLBIGINT)},
    {SQL_REAL, SQL_C_DOUBLE, sizeof(SQLDOUBLE)},
    {SQL_FLOAT, SQL_C_DOUBLE, sizeof(SQLDOUBLE)},
    {SQL_DOUBLE, SQL_C_DOUBLE, sizeof(SQLDOUBLE)},
    {SQL_TYPE_DATE, SQL_C_TYPE_DATE, sizeof(SQL_DATE_STRUCT)},
    {SQL_TYPE_TIME, SQL_C_TYPE_TIME, sizeof(SQL_TIME_STRUCT)},
    {SQL_TYPE_TIMESTAMP, SQL_C_TYPE_TIMESTAMP, sizeof(SQL_TIMESTAMP_STRUCT)},
    {SQL_GUID, SQL_C_GUID, sizeof(SQLGUID)},
};

static void choose_type(SQLHSTMT stmt, SQLUSMALLINT number, const char *types, struct column *c)
{
    SQLULEN size = 0;
    SQLLEN display = 0;

    meter_need(SQLDescribeCol(stmt, number, NULL, 0, NULL, &c->sql_type, &size, NULL, NULL), SQL_HANDLE_STMT,
               stmt, "SQLDescribeCol");
    if (strcmp(types, "typed") == 0)
        for (size_t i = 0; i < sizeof typed / sizeof *typed; i++)
            if (typed[i].sql_type == c->sql_type) {
                c->c_type = typed[i].c_type;
                c->capacity = typed[i].octets;
                c->most = (uint64_t)c->capacity;
                return;
            }
    meter_need(SQLColAttribute(stmt, number, SQL_DESC_DISPLAY_SIZE, NULL, 0, NULL, &display), SQL_HANDLE_STMT,
               stmt, "SQL_DESC_DISPLAY_SIZE");
    if (display <= 0 || display > MOST_CHARS)
        display = MOST_CHARS;
    bool wide = strcmp(types, "wchar") == 0;
    c->c_type = wide ? SQL_C_WCHAR : SQL_C_CHAR;
    c->capacity = (display + 1) * (wide ? (SQLLEN)sizeof(SQLWCHAR) * 2 : UTF8_OCTETS);
    c->text = true;
    c->most = (uint64_t)c->capacity - (wide ? sizeof(SQLWCHAR) : 1);
}

static size_t aligned(size_t octets)
{
    return (octets + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
}

/* One block of memory for all cells. Every page of it is touched, so that it can be told from the driver's.
 */
static void lay_out(struct plan *p)
{
    size_t row = 0;

    for (SQLSMALLINT i = 0; i < p->count; i++)
        row += aligned((size_t)p->columns[i].capacity) + aligned(sizeof(SQLLEN));
    p->row_octets = row;
    p->cells_octets = row * p->array;
    p->cells = aligned_alloc(ALIGNMENT, p->cells_octets);
    if (p->cells == NULL)
        meter_fail("no memory for the arrays");
    memset(p->cells, 0x55, p->cells_octets);
    size_t at = 0;
    for (SQLSMALLINT i = 0; i < p->count; i++) {
        struct column *c = &p->columns[i];
        size_t rows = p->access == BY_ROW ? 1 : p->array;
        c->data = p->cells + at;
        at += aligned((size_t)c->capacity) * rows;
        c->indicator = (SQLLEN *)(void *)(p->cells + at);
        at += aligned(sizeof(SQLLEN)) * rows;
    }
}

static void set(SQLHSTMT stmt, SQLINTEGER attribute, SQLPOINTER value)
{
    meter_need(SQLSetStmtAttr(stmt, attribute, value, 0), SQL_HANDLE_STMT, stmt, "SQLSetStmtAttr");
}

static void bind(SQLHSTMT stmt, struct plan *p)
{
    set(stmt, SQL_ATTR_ROW_BIND_TYPE,
        p->access == BY_ROW ? (SQLPOINTER)(uintptr_t)p->row_octets
                            : (SQLPOINTER)(uintptr_t)SQL_BIND_BY_COLUMN);
    set(stmt, SQL_ATTR_ROW_ARRAY_SIZE, (SQLPOINTER)(uintptr_t)p->array);
    set(stmt, SQL_ATTR_ROWS_FETCHED_PTR, &p->fetched);
    for (SQLSMALLINT i = 0; p->access != BY_GETDATA && i < p->count; i++) {
        struct column *c = &p->columns[i];
        meter_need(SQLBindCol(stmt, (SQLUSMALLINT)(i + 1), c->c_type, c->data, c->capacity, c->indicator),
                   SQL_HANDLE_STMT, stmt, "SQLBindCol");
    }
}

static void make_plan(SQLHSTMT stmt, struct plan *p)
{
    meter_need(SQLNumResultCols(stmt, &p->count), SQL_HANDLE_STMT, stmt, "SQLNumResultCols");
    if (p->count < 1)
        meter_fail("the statement has no result set");
    p->columns = calloc((size_t)p->count, sizeof *p->columns);
    if (p->columns == NULL)
        meter_fail("no memory for the columns");
    for (SQLSMALLINT i = 0; i < p->count; i++)
        choose_type(stmt, (SQLUSMALLINT)(i + 1), p->types, &p->columns[i]);
    lay_out(p);
    bind(stmt, p);
}

/* Timestamps count to the microsecond: not every server keeps more. */
static __attribute__((noinline)) uint64_t mix(uint64_t hash, SQLSMALLINT c_type, const void *data,
                                              size_t octets)
{
    SQL_TIMESTAMP_STRUCT stamp;

    if (c_type == SQL_C_TYPE_TIMESTAMP) {
        memcpy(&stamp, data, sizeof stamp);
        stamp.fraction -= stamp.fraction % 1000;
        data = &stamp;
    }
    const unsigned char *octet = data;
    for (size_t i = 0; i < octets; i++)
        hash = (hash ^ octet[i]) * HASH_PRIME;
    return hash;
}

/* What an application does at least: it looks at the length of every cell. As little as can be beyond it, for
 * it counts as the driver's. Of a type of fixed length some drivers say something else; a length below 0 is
 * the largest of all. */
static inline void count_cell(const struct plan *p, const struct column *c, const char *data, SQLLEN length,
                              struct figures *f)
{
    uint64_t octets = c->text ? (uint64_t)length : c->most;

    f->cells++;
    if (length == SQL_NULL_DATA) {
        f->nulls++;
        return;
    }
    if (octets > c->most) {
        f->cut++;
        octets = c->most;
    }
    f->octets += octets;
    if (p->check)
        f->row_hash = mix(f->row_hash, c->c_type, data, (size_t)octets);
}

/* The same for one column of a rowset. */
static void count_column(const struct plan *p, const struct column *c, struct figures *f)
{
    uint64_t nulls = 0, cut = 0, octets = 0;

    for (size_t row = 0; row < p->fetched; row++)
        nulls += c->indicator[row] == SQL_NULL_DATA;
    if (!c->text)
        octets = (p->fetched - nulls) * c->most;
    for (size_t row = 0; c->text && row < p->fetched; row++) {
        uint64_t length = (uint64_t)c->indicator[row];
        bool null = c->indicator[row] == SQL_NULL_DATA;
        cut += length > c->most && !null;
        octets += null ? 0 : length > c->most ? c->most : length;
    }
    f->cells += p->fetched;
    f->nulls += nulls;
    f->octets += octets;
    f->cut += cut;
}

static void end_row(struct figures *f)
{
    f->rows++;
    f->checksum += f->row_hash ^ HASH_START;
    f->row_hash = HASH_START;
}

static void count_rows(const struct plan *p, struct figures *f)
{
    if (p->access == BY_COLUMN && !p->check) {
        for (SQLSMALLINT i = 0; i < p->count; i++)
            count_column(p, &p->columns[i], f);
        f->rows += p->fetched;
        return;
    }
    for (size_t row = 0; row < p->fetched; row++) {
        for (SQLSMALLINT i = 0; i < p->count; i++) {
            const struct column *c = &p->columns[i];
            size_t whole = row * p->row_octets;
            if (p->access == BY_ROW)
                count_cell(p, c, c->data + whole,
                           *(const SQLLEN *)(const void *)((char *)c->indicator + whole), f);
            else
                count_cell(p, c, c->data + row * (size_t)c->capacity, c->indicator[row], f);
        }
        end_row(f);
    }
}

static void get_row(SQLHSTMT stmt, const struct plan *p, struct figures *f)
{
    for (SQLSMALLINT i = 0; i < p->count; i++) {
        const struct column *c = &p->columns[i];
        meter_need(SQLGetData(stmt, (SQLUSMALLINT)(i + 1), c->c_type, c->data, c->capacity, c->indicator),
                   SQL_HANDLE_STMT, stmt, "SQLGetData");
        count_cell(p, c, c->data, *c->indicator, f);
    }
    end_row(f);
}

static void fetch_all(SQLHSTMT stmt, struct plan *p, struct figures *f)
{
    SQLRETURN rc;
    double executed = meter_now().wall;

    while ((rc = SQLFetch(stmt)) != SQL_NO_DATA) {
        meter_need(rc, SQL_HANDLE_STMT, stmt, "SQLFetch");
        if (f->rows == 0)
            f->first += meter_now().wall - executed;
        if (p->access == BY_GETDATA)
            get_row(stmt, p, f);
        else
            count_rows(p, f);
    }
    f->fetching = meter_now().wall - executed;
}

/* Making the application's arrays is not counted in `first`. */
static void measure(SQLHSTMT stmt, char *sql, struct plan *p, struct figures *f)
{
    f->idle_kib = meter_resident_kib();
    meter_forget_peak();
    struct moment begin = meter_now();
    meter_need(SQLExecDirect(stmt, (SQLCHAR *)sql, SQL_NTS), SQL_HANDLE_STMT, stmt, "SQLExecDirect");
    f->first = meter_now().wall - begin.wall;
    make_plan(stmt, p);
    fetch_all(stmt, p, f);
    meter_need(SQLFreeStmt(stmt, SQL_CLOSE), SQL_HANDLE_STMT, stmt, "SQLFreeStmt");
    struct moment used = meter_since(&begin);
    f->peak_kib = meter_peak_kib() - (long)(p->cells_octets / 1024);
    f->wall = used.wall;
    f->user = used.user;
    f->sys = used.sys;
}

static void print(const struct figures *f)
{
    printf("rows=%llu cells=%llu nulls=%llu octets=%llu cut=%llu wall=%.4f user=%.4f sys=%.4f first=%.4f "
           "fetching=%.4f idle_kib=%ld over_kib=%ld checksum=%016llx\n",
           (unsigned long long)f->rows, (unsigned long long)f->cells, (unsigned long long)f->nulls,
           (unsigned long long)f->octets, (unsigned long long)f->cut, f->wall, f->user, f->sys, f->first,
           f->fetching, f->idle_kib, f->peak_kib - f->idle_kib, (unsigned long long)f->checksum);
}

/* The place of text in a list; count if it is not there. */
static size_t place(const char *text, const char *const *list, size_t count)
{
    size_t i = 0;

    while (i < count && strcmp(text, list[i]) != 0)
        i++;
    return i;
}

static bool read_arguments(int argc, char **argv, struct plan *p)
{
    static const char *const accesses[] = {"column", "row", "getdata"};
    static const char *const types[] = {"typed", "char", "wchar"};

    if (argc < 6 || argc > 7 || (argc == 7 && strcmp(argv[6], "check") != 0))
        return false;
    size_t access = place(argv[3], accesses, 3);
    p->access = (enum access)access;
    p->array = meter_number(argv[4], 1, MOST_ROWS);
    p->types = argv[5];
    p->check = argc == 7;
    return access < 3 && place(p->types, types, 3) < 3 && (p->access != BY_GETDATA || p->array == 1);
}

int main(int argc, char **argv)
{
    struct plan plan = {0};
    struct figures figures = {.row_hash = HASH_START};
    struct session session;

    if (!read_arguments(argc, argv, &plan)) {
        fprintf(stderr, "Usage: fetch CONNECTION SQL column|row|getdata ARRAY typed|char|wchar [check]\n");
        return 2;
    }
    meter_open(&session, argv[1], false);
    measure(session.stmt, argv[2], &plan, &figures);
    print(&figures);
    meter_close(&session);
    free(plan.columns);
    free(plan.cells);
    return 0;
}
