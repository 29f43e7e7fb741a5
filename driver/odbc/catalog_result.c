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
    unsigned keys[MOST_SORT_KEYS];
    bool numeric[MOST_SORT_KEYS];
    unsigned count;
};

static int compare_cells(const struct ca_cell *a, const struct ca_cell *b, bool numeric)
{
    bool a_null = a->kind == CA_CELL_NULL;
    bool b_null = b->kind == CA_CELL_NULL;
    if (a_null || b_null)
        return b_null - a_null;
    if (numeric) {
        int64_t x = ca_cell_integer(a, 0);
        int64_t y = ca_cell_integer(b, 0);
        return (x > y) - (x < y);
    }
    int folded = ca_text_compare_fold(a->text, a->octets, b->text, b->octets);
    return folded ? folded : strcmp(a->text, b->text);
}

static int compare_rows(const void *a, const void *b, void *context)
{
    const struct order *order = context;
    size_t x = *(const size_t *)a;
    size_t y = *(const size_t *)b;
    for (unsigned i = 0; i < order->count; i++) {
        int result = compare_cells(ca_listing_row(order->listing, x) + order->keys[i],
                                   ca_listing_row(order->listing, y) + order->keys[i], order->numeric[i]);
        if (result)
            return result;
    }
    return (x > y) - (x < y); /* stable */
}

static bool sort_rows(struct ca_listing *listing, const struct result_column *first, unsigned count)
{
    struct order order = {.listing = listing};
    for (uint8_t place = 1; place <= MOST_SORT_KEYS; place++)
        for (unsigned i = 0; i < count; i++)
            if (first[i].sort == place) {
                order.keys[order.count] = i;
                order.numeric[order.count++] = first[i].type != TYPE_T;
            }
    if (listing->rows < 2 || !order.count)
        return true;
    size_t *places = ca_alloc(listing->rows * sizeof *places);
    struct ca_cell *cells = ca_alloc(listing->rows * listing->width * sizeof *cells);
    if (places && cells) {
        for (size_t i = 0; i < listing->rows; i++)
            places[i] = i;
        qsort_r(places, listing->rows, sizeof *places, compare_rows, &order);
        for (size_t i = 0; i < listing->rows; i++)
            memcpy(cells + i * listing->width, ca_listing_row(listing, places[i]),
                   listing->width * sizeof *cells);
        struct ca_cell *old = listing->cells;
        listing->cells = cells;
        cells = old;
    }
    bool done = places && cells;
    ca_free(places);
    ca_free(cells);
    return done;
}

/* ---- rows ---- */

bool ca_rows_copy(struct ca_listing_writer *rows, const struct ca_cell *cell)
{
    if (!cell || cell->kind == CA_CELL_NULL)
        return ca_listing_add_null(rows);
    return ca_listing_add(rows, cell->kind, cell->text, cell->octets);
}

bool ca_rows_text(struct ca_listing_writer *rows, const char *text)
{
    return text ? ca_listing_add(rows, CA_CELL_STRING, text, strlen(text)) : ca_listing_add_null(rows);
}

SQLRETURN ca_catalog_open(struct ca_statement *statement, enum ca_catalog_result result,
                          struct ca_listing_writer *rows, bool sort)
{
    struct ca_error error = CA_ERROR_INIT;
    unsigned count;
    const struct result_column *first = find(result, &count);
    struct ca_listing *listing = ca_listing_finish(rows, count, &error);
    ca_error_clear(&error);
    if (!listing || (sort && !sort_rows(listing, first, count)) ||
        !make_columns(&statement->listing_columns, first, count, statement->connection->odbc2)) {
        ca_listing_release(listing);
        return ca_post_state(&statement->handle, "HY001");
    }
    statement->cursor.source = CA_SOURCE_LISTING;
    statement->cursor.listing = listing;
    statement->columns = &statement->listing_columns;
    statement->row_count = -1;
    statement->state = CA_STATE_OPEN;
    return ca_scroll_open(statement);
}

/* ---- what describes a type ---- */

bool ca_rows_type_facts(struct ca_statement *statement, struct ca_listing_writer *rows,
                        const struct ca_column_facts *facts, struct ca_type_description *d)
{
    bool odbc2 = statement->connection->odbc2;
    ca_type_describe(&facts->spec, &statement->connection->types, d);
    ca_listing_add_integer(rows, odbc2 ? ca_type_odbc2(d->concise_type) : d->concise_type);
    if (facts->type_name && facts->type_name->kind != CA_CELL_NULL && facts->type_name->octets)
        ca_rows_copy(rows, facts->type_name);
    else
        ca_rows_text(rows, ca_type_find(facts->spec.code)->name);
    ca_listing_add_integer(rows, (long long)d->column_size);
    ca_listing_add_integer(rows, d->octet_length);
    return d->has_decimal_digits ? ca_listing_add_integer(rows, d->decimal_digits)
                                 : ca_listing_add_null(rows);
}

static void add_or_null(struct ca_listing_writer *rows, bool known, long long value)
{
    if (known)
        ca_listing_add_integer(rows, value);
    else
        ca_listing_add_null(rows);
}

bool ca_rows_column_facts(struct ca_statement *statement, struct ca_listing_writer *rows,
                          const struct ca_column_facts *facts)
{
    static const char *const words[] = {
        [SQL_NO_NULLS] = "NO", [SQL_NULLABLE] = "YES", [SQL_NULLABLE_UNKNOWN] = ""};
    struct ca_type_description d;
    ca_rows_type_facts(statement, rows, facts, &d);
    add_or_null(rows, d.radix != 0, d.radix);
    ca_listing_add_integer(rows, facts->nullable);
    ca_rows_copy(rows, facts->remarks);
    ca_listing_add_null(rows); /* COLUMN_DEF */
    ca_listing_add_integer(rows, d.verbose_type);
    add_or_null(rows, d.datetime_code != 0, d.datetime_code);
    add_or_null(rows, d.char_octet_length != 0, d.char_octet_length);
    ca_listing_add_integer(rows, facts->ordinal);
    return ca_rows_text(rows, words[facts->nullable]);
}
