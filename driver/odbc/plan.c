/* The column plan: (service type, C type) picks a converter once; a fetch then runs the plan. This is the row
 * path: it allocates nothing, locks nothing, and looks nothing up. */
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "odbc/bind.h"
#include "odbc/fetch.h"

/* ---- building ---- */

static bool reserve(struct ca_plan *plan, unsigned count)
{
    struct ca_plan_column *columns = ca_grow(plan->columns, &plan->capacity, count, sizeof *columns);
    if (!columns)
        return false;
    plan->columns = columns;
    return true;
}

static SQLSMALLINT resolve_c_type(const struct ca_statement *statement, SQLSMALLINT c_type,
                                  const struct ca_column *column)
{
    struct ca_type_description description;
    if (c_type != SQL_C_DEFAULT)
        return c_type;
    ca_type_describe(&column->spec, &statement->connection->types, &description);
    return ca_c_type_default(description.concise_type);
}

/* false: the pair has no converter. */
static bool plan_column(struct ca_statement *statement, struct ca_plan_column *planned,
                        const struct ca_descriptor_record *record, unsigned number)
{
    static const struct ca_column bookmark = {.spec = {.code = CA_TYPE_BIGINT}};
    const struct ca_column *column = number ? &statement->columns->items[number - 1] : &bookmark;
    size_t row = statement->ard->bind_type > 0 ? (size_t)statement->ard->bind_type : 0;
    SQLSMALLINT c_type = resolve_c_type(statement, record->concise_type, column);
    SQLLEN fixed = ca_c_type_octets(c_type);
    *planned =
        (struct ca_plan_column){.convert = ca_converter_find(column->spec.code, c_type),
                                .number = number,
                                .target = {.capacity = record->octet_length,
                                           .text_scale = statement->connection->types.timestamp_scale},
                                .data = record->data_ptr,
                                .length = (char *)record->octet_length_ptr,
                                .indicator = (char *)record->indicator_ptr,
                                .data_stride = row ? row : (size_t)(fixed > 0 ? fixed : record->octet_length),
                                .length_stride = row ? row : sizeof(SQLLEN),
                                .fixed_octets = fixed};
    ca_target_precision(&planned->target, record);
    if (planned->data && planned->length && planned->length == planned->indicator)
        planned->run = ca_run_converter_find(column->spec.code, c_type);
    return planned->convert != NULL;
}

SQLRETURN ca_plan_build(struct ca_statement *statement)
{
    struct ca_plan *plan = &statement->plan;
    const struct ca_descriptor *ard = statement->ard;
    if (plan->valid && plan->ard == ard->handle.token && plan->ard_generation == ard->generation)
        return SQL_SUCCESS;
    unsigned columns = statement->columns->count;
    unsigned count = (unsigned)ard->count < columns ? (unsigned)ard->count : columns;
    if (!reserve(plan, count + 1))
        return ca_post_state(&statement->handle, "HY001");
    plan->count = 0;
    for (unsigned i = statement->use_bookmarks == SQL_UB_OFF ? 1 : 0; i <= count; i++) {
        const struct ca_descriptor_record *record = &ard->records[i];
        if (!record->data_ptr && !record->octet_length_ptr && !record->indicator_ptr)
            continue;
        if (!plan_column(statement, &plan->columns[plan->count], record, i)) {
            plan->valid = false;
            return ca_post_cell(&statement->handle, "07006", NULL, SQL_NO_ROW_NUMBER, (SQLINTEGER)i);
        }
        plan->count++;
    }
    plan->ard = ard->handle.token;
    plan->ard_generation = ard->generation;
    plan->valid = true;
    return SQL_SUCCESS;
}

/* ---- running ---- */

static void note(struct ca_statement *statement, const struct ca_plan_rows *rows, size_t row, unsigned number,
                 const char *state, const char *text)
{
    SQLRETURN result =
        ca_post_cell(&statement->handle, state, text, (SQLLEN)(rows->first + row) + 1, (SQLINTEGER)number);
    unsigned char outcome = result == SQL_ERROR ? CA_ROW_ERROR : CA_ROW_INFO;
    if (outcome > rows->outcomes[row])
        rows->outcomes[row] = outcome;
}

static char *place(char *bound, size_t offset, size_t stride, size_t row)
{
    return bound ? bound + offset + stride * row : NULL;
}

static void store_length(char *at, SQLLEN value)
{
    if (at)
        memcpy(at, &value, sizeof value);
}

/* One cell, whatever it holds and however it is bound. */
static void run_cell(struct ca_statement *statement, const struct ca_plan_column *column,
                     const struct ca_cell *cell, const struct ca_plan_rows *rows, size_t row, size_t offset)
{
    char *data = place(column->data, offset, column->data_stride, rows->first + row);
    char *length = place(column->length, offset, column->length_stride, rows->first + row);
    char *indicator = place(column->indicator, offset, column->length_stride, rows->first + row);
    SQLLEN octets = column->fixed_octets;
    enum ca_conversion conversion = CA_CONVERTED;
    if (cell->kind == CA_CELL_NULL) {
        store_length(indicator, SQL_NULL_DATA);
        if (!indicator)
            note(statement, rows, row, column->number, "22002", NULL);
        return;
    }
    if (data || !octets)
        conversion = column->convert(cell, &column->target, data, &octets, NULL);
    store_length(indicator, 0); /* which may be the length too */
    store_length(length, octets);
    if (conversion != CA_CONVERTED)
        note(statement, rows, row, column->number, ca_conversion_state(conversion),
             ca_conversion_text(conversion));
}

/* One column of the rows; its cells lie `step` apart. The run does what it can, and every cell that stops it
 * is done by itself. */
static void run_column(struct ca_statement *statement, const struct ca_plan_column *column,
                       const struct ca_cell *cell, size_t step, const struct ca_plan_rows *rows,
                       size_t offset)
{
    struct ca_run run = {
        .step = step, .data_stride = column->data_stride, .length_stride = column->length_stride};
    for (size_t row = 0; row < rows->count; row++) {
        if (column->run) {
            run.cell = cell + row * step;
            run.rows = rows->count - row;
            run.data = place(column->data, offset, column->data_stride, rows->first + row);
            run.length = place(column->length, offset, column->length_stride, rows->first + row);
            row += column->run(&run, &column->target);
            if (row == rows->count)
                break;
        }
        run_cell(statement, column, cell + row * step, rows, row, offset);
    }
}

void ca_bookmark_cell(struct ca_bookmark *bookmark, uint64_t row)
{
    int octets = snprintf(bookmark->digits, sizeof bookmark->digits, "%llu", (unsigned long long)row);
    bookmark->cell =
        (struct ca_cell){.text = bookmark->digits, .octets = (size_t)octets, .kind = CA_CELL_NUMBER};
}

/* Column 0: the numbers of the rows. */
static void run_bookmarks(struct ca_statement *statement, const struct ca_plan_column *column,
                          const struct ca_plan_rows *rows, size_t offset)
{
    for (size_t row = 0; row < rows->count; row++) {
        struct ca_bookmark bookmark;
        struct ca_plan_rows one = {.first = rows->first + row, .count = 1, .outcomes = rows->outcomes + row};
        ca_bookmark_cell(&bookmark, statement->cursor.start + one.first);
        run_column(statement, column, &bookmark.cell, 0, &one, offset);
    }
}

void ca_plan_run(struct ca_statement *statement, const struct ca_plan_rows *rows)
{
    const struct ca_plan *plan = &statement->plan;
    const SQLLEN *offset_ptr = statement->ard->bind_offset_ptr;
    size_t offset = offset_ptr ? (size_t)*offset_ptr : 0;
    for (unsigned i = 0; i < plan->count; i++) {
        const struct ca_plan_column *column = &plan->columns[i];
        if (column->number)
            run_column(statement, column, rows->cells + column->number - 1, rows->width, rows, offset);
        else
            run_bookmarks(statement, column, rows, offset);
    }
}
