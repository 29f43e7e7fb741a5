/*
 * Owns the generated rows of [Bench].[Bench]: virtual tables without an end, whose every value follows
 * from the row's number. Knows nothing of requests or of the wire.
 */
#include "bench.h"

#include "buffer.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WIDE_COLUMNS = 100, TEXT_OCTETS = 2048 };

/* What a generated value can be; a shape is a list of these. */
enum value_kind { ID, NAME, AMOUNT, QUANTITY, RATIO, ACTIVE, CREATED, DAY, CLOCK, GUID, TEXT };

static const struct {
    const char *name; /* in the table of eight columns */
    const char *type;
} kinds[] = {
    [ID] = {"Id", "BIGINT NOT NULL"},
    [NAME] = {"Name", "VARCHAR(60)"},
    [AMOUNT] = {"Amount", "DECIMALTEXT(18,4) COLLATE DECIMAL"},
    [QUANTITY] = {"Quantity", "INTEGER"},
    [RATIO] = {"Ratio", "DOUBLE"},
    [ACTIVE] = {"Active", "BOOLEAN"},
    [CREATED] = {"Created", "TIMESTAMP"},
    [DAY] = {"Day", "DATE"},
    [CLOCK] = {"Clock", "TIME"},
    [GUID] = {"Guid", "UUID"},
    [TEXT] = {"Body", "VARCHAR(2048)"},
};

struct shape {
    const char *table;
    const char *remarks;
    const unsigned char *columns;
    size_t count; /* of columns, from which a wider table repeats */
    size_t width; /* columns of the table */
};

static const unsigned char narrow_columns[] = {ID, QUANTITY};
static const unsigned char rows_columns[] = {ID, NAME, AMOUNT, QUANTITY, RATIO, ACTIVE, CREATED, DAY};
static const unsigned char text_columns[] = {ID, TEXT};
static const unsigned char wide_columns[] = {ID,     QUANTITY, NAME, AMOUNT, RATIO,
                                             ACTIVE, CREATED,  DAY,  CLOCK,  GUID};

static const struct shape shapes[] = {
    {"Narrow", "Endless rows of two integers", narrow_columns, sizeof narrow_columns, sizeof narrow_columns},
    {"Rows", "Endless rows of eight kinds", rows_columns, sizeof rows_columns, sizeof rows_columns},
    {"Text", "Endless rows of 2 kB of text", text_columns, sizeof text_columns, sizeof text_columns},
    {"Wide", "Endless rows of 100 columns", wide_columns, sizeof wide_columns, WIDE_COLUMNS},
};

enum { SHAPE_COUNT = sizeof shapes / sizeof *shapes };

struct bench_cursor {
    sqlite3_vtab_cursor base;
    int64_t row;
    int64_t last;
};

struct bench_vtab {
    sqlite3_vtab base;
    const struct shape *shape;
};

/* A well-mixed number for (row, column): the finaliser of the splitmix64 generator. */
static uint64_t mix(int64_t row, int column)
{
    uint64_t z = (uint64_t)row * 0x9E3779B97F4A7C15U + (uint64_t)column * 0xD1B54A32D192ED03U;

    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9U;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBU;
    return z ^ (z >> 31);
}

/* Writes the digits of value, at least `width` of them, and returns the place behind. */
static char *put_digits(char *at, uint64_t value, int width)
{
    char digits[20];
    int n = 0;

    do {
        digits[n++] = (char)('0' + value % 10);
        value /= 10;
    } while (value != 0 && n < (int)sizeof digits);
    while (n < width && n < (int)sizeof digits)
        digits[n++] = '0';
    while (n > 0)
        *at++ = digits[--n];
    return at;
}

/* yyyy-MM-dd of a day counted from 1970-01-01 (Gregorian; days ≥ 0). */
static char *put_day(char *at, uint64_t days)
{
    uint64_t z = days + 719468, era = z / 146097, of_era = z % 146097;
    uint64_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    uint64_t of_year = of_era - (365 * year + year / 4 - year / 100), m = (5 * of_year + 2) / 153;
    uint64_t month = m < 10 ? m + 3 : m - 9;

    at = put_digits(at, year + era * 400 + (month <= 2), 4);
    *at++ = '-';
    at = put_digits(at, month, 2);
    *at++ = '-';
    return put_digits(at, of_year - (153 * m + 2) / 5 + 1, 2);
}

/* HH:mm:ss.fffffff of a count of 100 ns within the day. */
static char *put_clock(char *at, uint64_t ticks)
{
    uint64_t seconds = ticks / 10000000 % 86400;

    at = put_digits(at, seconds / 3600, 2);
    *at++ = ':';
    at = put_digits(at, seconds / 60 % 60, 2);
    *at++ = ':';
    at = put_digits(at, seconds % 60, 2);
    *at++ = '.';
    return put_digits(at, ticks % 10000000, 7);
}

/* Some names need escapes in JSON, some are not ASCII. */
static void result_name(sqlite3_context *context, int64_t row, uint64_t h)
{
    static const char *const forms[] = {
        "Item %lld, first quality",   "Part number %lld, painted",   "Zubehör für Gerät %lld",
        "12\" board %lld, untreated", "Kit %lld of seven parts",     "C:\\parts\\%lld\\model.dat",
        "東京 %lld 部品カタログ",     "Line %lld\nand a second one", "Tool %lld with handle",
        "Spare wheel %lld (rear)",    "Naïve café %lld – élan",      "Emoji 😀 %lld and 👍 more"};
    char text[80];

    int n = snprintf(text, sizeof text, forms[h % (sizeof forms / sizeof *forms)], (long long)row);
    sqlite3_result_text(context, text, n, SQLITE_TRANSIENT);
}

static void result_body(sqlite3_context *context, int64_t row)
{
    static const char words[] = "the quick brown fox jumps over the lazy dog; ";
    char text[TEXT_OCTETS];
    int n = snprintf(text, sizeof text, "Text of row %lld: ", (long long)row);

    for (size_t at = (size_t)n, from = 0; at < sizeof text; at++, from++)
        text[at] = words[from % (sizeof words - 1)];
    sqlite3_result_text(context, text, sizeof text, SQLITE_TRANSIENT);
}

static void result_guid(sqlite3_context *context, uint64_t h)
{
    char text[48];
    int n = snprintf(text, sizeof text, "{%08x-%04x-4%03x-8%03x-%012llx}", (unsigned)(h >> 32),
                     (unsigned)(h >> 16) & 0xFFFF, (unsigned)h & 0xFFF, (unsigned)(h >> 20) & 0xFFF,
                     (unsigned long long)(h * 31) & 0xFFFFFFFFFFFFULL);

    sqlite3_result_text(context, text, n, SQLITE_TRANSIENT);
}

static void result_text_kind(sqlite3_context *context, enum value_kind kind, uint64_t h)
{
    char text[64], *at = text;

    if (kind == AMOUNT) {
        if (h % 3 == 0)
            *at++ = '-';
        at = put_digits(at, (h >> 8) % 1000000, 1);
        *at++ = '.';
        at = put_digits(at, (h >> 32) % 10000, 4);
    } else if (kind == CLOCK) {
        at = put_clock(at, h % 864000000000ULL);
    } else {
        at = put_day(at, (h >> 44) % 20000 + 3652);
        if (kind == CREATED) {
            *at++ = 'T';
            at = put_clock(at, h % 864000000000ULL);
            *at++ = 'Z';
        }
    }
    sqlite3_result_text(context, text, (int)(at - text), SQLITE_TRANSIENT);
}

static int bench_column(sqlite3_vtab_cursor *base, sqlite3_context *context, int column)
{
    const struct bench_cursor *cursor = (const struct bench_cursor *)base;
    const struct shape *shape = ((const struct bench_vtab *)base->pVtab)->shape;
    enum value_kind kind = shape->columns[(size_t)column % shape->count];
    uint64_t h = mix(cursor->row, column);

    if (column == 0)
        sqlite3_result_int64(context, cursor->row);
    else if (kind == ID)
        sqlite3_result_int64(context, (int64_t)h);
    else if (kind == AMOUNT && h % 10 == 0)
        sqlite3_result_null(context);
    else if (kind == NAME)
        result_name(context, cursor->row, h);
    else if (kind == QUANTITY)
        sqlite3_result_int(context, (int)(h % 2000) - 500);
    else if (kind == RATIO)
        sqlite3_result_double(context, (double)(h >> 11) / 9007199254740992.0);
    else if (kind == ACTIVE)
        sqlite3_result_int(context, (int)(h & 1));
    else if (kind == TEXT)
        result_body(context, cursor->row);
    else if (kind == GUID)
        result_guid(context, h);
    else
        result_text_kind(context, kind, h);
    return SQLITE_OK;
}

static int bench_connect(sqlite3 *db, void *shape_pointer, int argc, const char *const *argv,
                         sqlite3_vtab **out, char **error)
{
    const struct shape *shape = shape_pointer;
    struct buffer sql = {0};
    struct bench_vtab *table = sqlite3_malloc(sizeof *table);

    (void)argc;
    (void)argv;
    (void)error;
    buffer_text(&sql, "CREATE TABLE x(");
    for (size_t i = 0; i < shape->width; i++) {
        unsigned char kind = shape->columns[i % shape->count];
        if (shape->width > shape->count && i > 0)
            buffer_format(&sql, ", C%03zu%s %s", i + 1, kinds[kind].name, kinds[kind].type);
        else
            buffer_format(&sql, "%s%s %s", i > 0 ? ", " : "", kinds[kind].name, kinds[kind].type);
    }
    buffer_char(&sql, ')');
    int rc = sql.failed || table == NULL ? SQLITE_NOMEM : sqlite3_declare_vtab(db, buffer_string(&sql));
    buffer_free(&sql);
    if (rc != SQLITE_OK) {
        sqlite3_free(table);
        return rc;
    }
    *table = (struct bench_vtab){.shape = shape};
    *out = &table->base;
    return SQLITE_OK;
}

static int bench_disconnect(sqlite3_vtab *table)
{
    sqlite3_free(table);
    return SQLITE_OK;
}

/* Bounds on the first column are used, so that `WHERE Id = 7` ends. */
enum { FROM_BOUND = 1, TO_BOUND = 2, EQUAL_BOUND = 4 };

static int bound_of(const struct sqlite3_index_constraint *c)
{
    if (!c->usable || c->iColumn > 0)
        return 0;
    switch (c->op) {
    case SQLITE_INDEX_CONSTRAINT_EQ:
        return EQUAL_BOUND;
    case SQLITE_INDEX_CONSTRAINT_GT:
    case SQLITE_INDEX_CONSTRAINT_GE:
        return FROM_BOUND;
    case SQLITE_INDEX_CONSTRAINT_LT:
    case SQLITE_INDEX_CONSTRAINT_LE:
        return TO_BOUND;
    default:
        return 0;
    }
}

static int bench_best_index(sqlite3_vtab *table, sqlite3_index_info *info)
{
    int given = 0, arguments = 0;

    (void)table;
    /* arguments come in the order of the bits, whichever way the constraints stand */
    for (int bit = FROM_BOUND; bit <= EQUAL_BOUND; bit *= 2)
        for (int i = 0; i < info->nConstraint && (given & bit) == 0; i++)
            if (bound_of(&info->aConstraint[i]) == bit) {
                info->aConstraintUsage[i].argvIndex = ++arguments;
                given |= bit;
            }
    info->idxNum = given;
    info->estimatedCost = (given & EQUAL_BOUND) != 0 ? 1 : (given & TO_BOUND) != 0 ? 1e6 : 1e9;
    info->estimatedRows = (given & EQUAL_BOUND) != 0 ? 1 : 1000000;
    info->orderByConsumed =
        info->nOrderBy == 1 && info->aOrderBy[0].iColumn <= 0 && info->aOrderBy[0].desc == 0;
    return SQLITE_OK;
}

static int bench_open(sqlite3_vtab *table, sqlite3_vtab_cursor **out)
{
    struct bench_cursor *cursor = sqlite3_malloc(sizeof *cursor);

    (void)table;
    if (cursor == NULL)
        return SQLITE_NOMEM;
    *cursor = (struct bench_cursor){.row = 1, .last = INT64_MAX - 1};
    *out = &cursor->base;
    return SQLITE_OK;
}

static int bench_close(sqlite3_vtab_cursor *cursor)
{
    sqlite3_free(cursor);
    return SQLITE_OK;
}

static int bench_filter(sqlite3_vtab_cursor *base, int given, const char *name, int argc,
                        sqlite3_value **argv)
{
    struct bench_cursor *cursor = (struct bench_cursor *)base;
    int at = 0;

    (void)name;
    cursor->row = 1;
    cursor->last = INT64_MAX - 1;
    for (int bit = FROM_BOUND; bit <= EQUAL_BOUND && at < argc; bit *= 2) {
        if ((given & bit) == 0)
            continue;
        sqlite3_value *value = argv[at++];
        int kind = sqlite3_value_numeric_type(value);
        if (kind != SQLITE_INTEGER) /* SQLite checks the condition itself; NULL fits no row */
            continue;
        int64_t bound = sqlite3_value_int64(value);
        if (bit != TO_BOUND && bound > cursor->row)
            cursor->row = bound;
        if (bit != FROM_BOUND && bound < cursor->last)
            cursor->last = bound;
    }
    return SQLITE_OK;
}

static int bench_next(sqlite3_vtab_cursor *base)
{
    ((struct bench_cursor *)base)->row++;
    return SQLITE_OK;
}

static int bench_eof(sqlite3_vtab_cursor *base)
{
    const struct bench_cursor *cursor = (const struct bench_cursor *)base;

    return cursor->row > cursor->last;
}

static int bench_rowid(sqlite3_vtab_cursor *base, sqlite3_int64 *rowid)
{
    *rowid = ((const struct bench_cursor *)base)->row;
    return SQLITE_OK;
}

/* No xCreate: such a table exists under its module's name without CREATE VIRTUAL TABLE. */
static const sqlite3_module bench_module = {
    .xConnect = bench_connect,
    .xBestIndex = bench_best_index,
    .xDisconnect = bench_disconnect,
    .xOpen = bench_open,
    .xClose = bench_close,
    .xFilter = bench_filter,
    .xNext = bench_next,
    .xEof = bench_eof,
    .xColumn = bench_column,
    .xRowid = bench_rowid,
};

int bench_register(sqlite3 *db)
{
    int rc = SQLITE_OK;

    for (size_t i = 0; rc == SQLITE_OK && i < SHAPE_COUNT; i++)
        rc = sqlite3_create_module_v2(db, shapes[i].table, &bench_module, (void *)&shapes[i], NULL);
    return rc;
}

const char *bench_table(size_t index)
{
    return index < SHAPE_COUNT ? shapes[index].table : NULL;
}

const char *bench_remarks(size_t index)
{
    return index < SHAPE_COUNT ? shapes[index].remarks : NULL;
}
