/* The result sets of catalog functions: their columns from one table, their rows sorted and opened. */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/text.h"
#include "odbc/catalog.h"
#include "odbc/scroll.h"

enum column_type { TYPE_T, TYPE_S, TYPE_I };
enum column_null { NULL_N, NULL_Y };

struct result_column {
    int result; /* CA_RESULT_… on the first column, -1 on the others */
    const char *name;
    const char *odbc2_name;
    uint8_t type;
    uint8_t nullable;
    uint8_t sort;
};

#define RESULT(function)                      {CA_RESULT_##function, NULL, NULL, 0, 0, 0},
#define COLUMN(name, odbc2, type, null, sort) {-1, name, odbc2, TYPE_##type, NULL_##null, sort},
static const struct result_column rows_of_table[] = {
#include "odbc/catalog_results.def"
};
#undef RESULT
#undef COLUMN

enum { MOST_SORT_KEYS = 5, TEXT_SIZE = 128, REMARKS_SIZE = 254 };

static const struct result_column *find(enum ca_catalog_result result, unsigned *count)
{
    const struct result_column *end = rows_of_table + sizeof rows_of_table / sizeof rows_of_table[0];
    const struct result_column *first = rows_of_table;
    while (first->result != (int)result)
        first++;
    first++;
    *count = 0;
    while (first + *count < end && first[*count].result == -1)
        ++*count;
    return first;
}

static bool describe(struct ca_column *column, const struct result_column *row, bool odbc2)
{
    static const int codes[] = {CA_TYPE_VARCHAR, CA_TYPE_SMALLINT, CA_TYPE_INTEGER};
    bool remarks = strcmp(row->name, "REMARKS") == 0 || strcmp(row->name, "COLUMN_DEF") == 0;
    column->label = ca_strdup(odbc2 ? row->odbc2_name : row->name);
    column->name = ca_strdup(odbc2 ? row->odbc2_name : row->name);
    column->catalog = ca_strdup("");
    column->schema = ca_strdup("");
    column->table = ca_strdup("");
    column->type_name = ca_strdup("");
    column->spec.code = codes[row->type];
    column->spec.length = row->type == TYPE_T ? (remarks ? REMARKS_SIZE : TEXT_SIZE) : 0;
    column->nullable = row->nullable ? SQL_NULLABLE : SQL_NO_NULLS;
    return column->label && column->name && column->catalog && column->schema && column->table &&
           column->type_name;
}

static bool make_columns(struct ca_columns *columns, const struct result_column *first, unsigned count,
                         bool odbc2)
{
    columns->items = ca_calloc(count, sizeof *columns->items);
    columns->count = columns->items ? count : 0;
    bool done = columns->items != NULL;
    for (unsigned i = 0; done && i < count; i++)
        done = describe(&columns->items[i], &first[i], odbc2);
    if (!done)
        ca_columns_free(columns);
    return done;
}

/* ---- order ---- */

struct order {
    const struct ca_listing *listing;
    int keys[MOST_SORT_KEYS];
    bool numeric[MOST_SORT_KEYS];
    unsigned count;
};

static int compare_cells(struct ca_cell a, struct ca_cell b, bool numeric)
{
    bool a_null = a.kind == CA_CELL_NULL;
    bool b_null = b.kind == CA_CELL_NULL;
    if (a_null || b_null)
        return b_null - a_null;
    if (a.text == b.text) /* kept once */
        return 0;
    if (numeric) {
        int64_t x = ca_cell_integer(a, 0);
        int64_t y = ca_cell_integer(b, 0);
        return (x > y) - (x < y);
    }
    int folded = ca_text_compare_fold(a.text, a.octets, b.text, b.octets);
    return folded ? folded : strcmp(a.text, b.text);
}

static int compare_keys(const struct order *order, size_t x, size_t y)
{
    int result = 0;
    for (unsigned i = 0; i < order->count && !result; i++)
        result = compare_cells(ca_listing_cell(order->listing, x, order->keys[i]),
                               ca_listing_cell(order->listing, y, order->keys[i]), order->numeric[i]);
    return result;
}

static int compare_rows(const void *a, const void *b, void *order)
{
    uint32_t x = *(const uint32_t *)a;
    uint32_t y = *(const uint32_t *)b;
    int result = compare_keys(order, x, y);
    return result ? result : (x > y) - (x < y); /* stable */
}

/* Puts row places[i] at i, for every i, round by round of rows that change places. */
static void arrange(struct ca_listing *listing, uint32_t *places, struct ca_packed_cell *spare)
{
    size_t octets = listing->width * sizeof *spare;
    for (uint32_t first = 0; first < listing->rows; first++) {
        if (places[first] == first)
            continue;
        uint32_t to = first;
        memcpy(spare, ca_listing_packed_row(listing, first), octets);
        for (uint32_t from = places[to]; from != first; from = places[to]) {
            memcpy(ca_listing_packed_row(listing, to), ca_listing_packed_row(listing, from), octets);
            places[to] = to;
            to = from;
        }
        memcpy(ca_listing_packed_row(listing, to), spare, octets);
        places[to] = to;
    }
}

static bool sort(struct ca_listing *listing, struct order *order)
{
    uint32_t *places = ca_alloc(listing->rows * sizeof *places);
    struct ca_packed_cell *spare = ca_alloc(listing->width * sizeof *spare);
    bool done = places && spare;
    if (done) {
        for (uint32_t i = 0; i < listing->rows; i++)
            places[i] = i;
        qsort_r(places, listing->rows, sizeof *places, compare_rows, order);
        arrange(listing, places, spare);
    }
    ca_free(places);
    ca_free(spare);
    return done;
}

/* Of sorted rows whose keys are the same the first stays. */
static void drop_repeated(struct ca_listing *listing, const struct order *order)
{
    size_t kept = 1;
    for (size_t row = 1; row < listing->rows; row++)
        if (compare_keys(order, row, kept - 1) != 0)
            memmove(ca_listing_packed_row(listing, kept++), ca_listing_packed_row(listing, row),
                    listing->width * sizeof(struct ca_packed_cell));
    listing->rows = kept;
}

static bool order_rows(struct ca_listing *listing, const struct result_column *first,
                       enum ca_rows_order wanted)
{
    struct order order = {.listing = listing};
    if (listing->rows < 2 || wanted == CA_ROWS_AS_ADDED)
        return true;
    for (uint8_t place = 1; place <= MOST_SORT_KEYS; place++)
        for (int i = 0; i < (int)listing->width; i++)
            if (first[i].sort == place) {
                order.keys[order.count] = i;
                order.numeric[order.count++] = first[i].type != TYPE_T;
            }
    if (!sort(listing, &order))
        return false;
    if (wanted == CA_ROWS_DISTINCT)
        drop_repeated(listing, &order);
    return true;
}

/* ---- rows ---- */

void ca_rows_begin(const struct ca_statement *statement, struct ca_listing_writer *rows)
{
    const struct ca_options *options = &statement->connection->options;
    ca_listing_writer_init(rows, (size_t)ca_option_number(options, CA_OPTION_SPOOL_MEMORY));
}

bool ca_rows_copy(struct ca_listing_writer *rows, struct ca_cell cell)
{
    if (cell.kind == CA_CELL_NULL)
        return ca_listing_add_null(rows);
    return ca_listing_add(rows, cell.kind, cell.text, cell.octets);
}

bool ca_rows_text(struct ca_listing_writer *rows, const char *text)
{
    return text ? ca_listing_add(rows, CA_CELL_STRING, text, strlen(text)) : ca_listing_add_null(rows);
}

bool ca_rows_integer(struct ca_listing_writer *rows, bool known, long long value)
{
    return known ? ca_listing_add_integer(rows, value) : ca_listing_add_null(rows);
}

SQLRETURN ca_catalog_open(struct ca_statement *statement, enum ca_catalog_result result,
                          struct ca_listing_writer *rows, enum ca_rows_order order)
{
    struct ca_error error = CA_ERROR_INIT;
    struct ca_cursor *cursor = &statement->cursor;
    unsigned count;
    const struct result_column *first = find(result, &count);
    struct ca_listing *listing = ca_listing_finish(rows, count, &error);
    if (!listing)
        return ca_post_error(&statement->handle, &error);
    cursor->listing_row = ca_calloc(count, sizeof *cursor->listing_row);
    if (!cursor->listing_row || !order_rows(listing, first, order) ||
        !make_columns(&statement->listing_columns, first, count, statement->connection->odbc2)) {
        ca_listing_release(listing);
        return ca_post_state(&statement->handle, "HY001");
    }
    cursor->source = CA_SOURCE_LISTING;
    cursor->listing = listing;
    statement->columns = &statement->listing_columns;
    statement->row_count = -1;
    statement->state = CA_STATE_OPEN;
    return ca_scroll_open(statement);
}

/* ---- what describes a type ---- */

/* DATA_TYPE, TYPE_NAME, COLUMN_SIZE, BUFFER_LENGTH, DECIMAL_DIGITS */
static void add_type(const struct ca_statement *statement, struct ca_listing_writer *rows,
                     const struct ca_column_facts *facts, struct ca_type_description *d)
{
    bool odbc2 = statement->connection->odbc2;
    ca_type_describe(&facts->spec, &statement->connection->types, d);
    ca_listing_add_integer(rows, odbc2 ? ca_type_odbc2(d->concise_type) : d->concise_type);
    if (facts->type_name.kind != CA_CELL_NULL && facts->type_name.octets)
        ca_rows_copy(rows, facts->type_name);
    else
        ca_rows_text(rows, ca_type_find(facts->spec.code)->name);
    ca_listing_add_integer(rows, (long long)d->column_size);
    ca_listing_add_integer(rows, d->octet_length);
    ca_rows_integer(rows, d->has_decimal_digits, d->decimal_digits);
}

bool ca_rows_column_facts(struct ca_statement *statement, struct ca_listing_writer *rows,
                          const struct ca_column_facts *facts)
{
    static const char *const words[] = {
        [SQL_NO_NULLS] = "NO", [SQL_NULLABLE] = "YES", [SQL_NULLABLE_UNKNOWN] = ""};
    struct ca_type_description d;
    add_type(statement, rows, facts, &d);
    ca_rows_integer(rows, d.radix != 0, d.radix);
    ca_listing_add_integer(rows, facts->nullable);
    ca_rows_copy(rows, facts->remarks);
    ca_listing_add_null(rows); /* COLUMN_DEF */
    ca_listing_add_integer(rows, d.verbose_type);
    ca_rows_integer(rows, d.datetime_code != 0, d.datetime_code);
    ca_rows_integer(rows, d.char_octet_length != 0, d.char_octet_length);
    ca_listing_add_integer(rows, facts->ordinal);
    return ca_rows_text(rows, words[facts->nullable]);
}
