/* The column plan: (service type, C type) picks a converter once; a fetch then runs the plan. This is the row
 * path: it allocates nothing, locks nothing, and looks nothing up. */
#include <stdio.h>

#include "base/alloc.h"
#include "odbc/bind.h"
#include "odbc/fetch.h"

/* ---- building ---- */

static bool reserve(struct ca_plan *plan, unsigned count)
{
    if (count <= plan->capacity)
        return true;
    struct ca_plan_column *columns = ca_realloc(plan->columns, count * sizeof *columns);
    if (!columns)
        return false;
    plan->columns = columns;
    plan->capacity = count;
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
                                .fixed_octets = fixed,
                                .c_type = c_type};
    ca_target_precision(&planned->target, record);
    return planned->convert != NULL;
}

SQLRETURN ca_plan_build(struct ca_statement *statement)
{
    struct ca_plan *plan = &statement->plan;
    const struct ca_descriptor *ard = statement->ard;
    if (plan->valid && plan->ard == ard && plan->ard_generation == ard->generation)
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
    plan->ard = ard;
    plan->ard_generation = ard->generation;
    plan->valid = true;
    return SQL_SUCCESS;
}

/* ---- running ---- */

static void store_length(char *place, SQLLEN value)
{
    if (place)
        *(SQLLEN *)(void *)place = value;
}

static enum ca_row_outcome note(struct ca_statement *statement, enum ca_conversion conversion, size_t row,
                                unsigned number)
{
    ca_post_cell(&statement->handle, ca_conversion_state(conversion), ca_conversion_text(conversion),
                 (SQLLEN)row + 1, (SQLINTEGER)number);
    return conversion >= CA_CONVERT_FIRST_ERROR ? CA_ROW_ERROR : CA_ROW_INFO;
}

static enum ca_row_outcome store_null(struct ca_statement *statement, char *indicator, size_t row,
                                      unsigned number)
{
    if (!indicator) {
        ca_post_cell(&statement->handle, "22002", NULL, (SQLLEN)row + 1, (SQLINTEGER)number);
        return CA_ROW_ERROR;
    }
    store_length(indicator, SQL_NULL_DATA);
    return CA_ROW_GOOD;
}

static inline enum ca_row_outcome run_column(struct ca_statement *statement,
                                             const struct ca_plan_column *column, const struct ca_cell *cell,
                                             size_t offset, size_t row)
{
    char *data = column->data ? column->data + offset + row * column->data_stride : NULL;
    size_t length_at = offset + row * column->length_stride;
    char *length = column->length ? column->length + length_at : NULL;
    char *indicator = column->indicator ? column->indicator + length_at : NULL;
    if (cell->kind == CA_CELL_NULL)
        return store_null(statement, indicator, row, column->number);
    enum ca_conversion conversion = CA_CONVERTED;
    SQLLEN octets = column->fixed_octets;
    if (data || !octets)
        conversion = column->convert(cell, &column->target, data, &octets, NULL);
    if (indicator != length)
        store_length(indicator, 0);
    store_length(length, octets);
    return conversion == CA_CONVERTED ? CA_ROW_GOOD : note(statement, conversion, row, column->number);
}

void ca_bookmark_cell(struct ca_bookmark *bookmark, uint64_t row)
{
    int octets = snprintf(bookmark->digits, sizeof bookmark->digits, "%llu", (unsigned long long)row);
    bookmark->cell =
        (struct ca_cell){.text = bookmark->digits, .octets = (size_t)octets, .kind = CA_CELL_NUMBER};
}

enum ca_row_outcome ca_plan_run(struct ca_statement *statement, const struct ca_cell *cells, size_t row)
{
    const struct ca_plan *plan = &statement->plan;
    const SQLLEN *offset_ptr = statement->ard->bind_offset_ptr;
    size_t offset = offset_ptr ? (size_t)*offset_ptr : 0;
    enum ca_row_outcome outcome = CA_ROW_GOOD;
    for (unsigned i = 0; i < plan->count; i++) {
        const struct ca_plan_column *column = &plan->columns[i];
        const struct ca_cell *cell;
        struct ca_bookmark bookmark;
        if (__builtin_expect(column->number == 0, 0)) {
            ca_bookmark_cell(&bookmark, statement->cursor.start + row);
            cell = &bookmark.cell;
        } else {
            cell = &cells[column->number - 1];
        }
        enum ca_row_outcome one = run_column(statement, column, cell, offset, row);
        outcome = one > outcome ? one : outcome;
    }
    return outcome;
}
