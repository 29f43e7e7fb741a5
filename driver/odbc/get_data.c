/* SQLGetData: any column, in any order, in parts, through the converters of SQLFetch. */
#include "odbc/bind.h"
#include "odbc/fetch.h"
#include "odbc/inner.h"

/* SQL_ARD_TYPE takes type, precision and scale from the ARD's record. */
static bool resolve_type(const struct ca_statement *statement, SQLUSMALLINT number, SQLSMALLINT *c_type,
                         struct ca_target *target)
{
    const struct ca_descriptor *ard = statement->ard;
    *c_type = ca_c_type_current(*c_type);
    if (*c_type == SQL_ARD_TYPE) {
        if ((int)number > ard->count)
            return false;
        const struct ca_descriptor_record *record = &ard->records[number];
        *c_type = record->concise_type;
        ca_target_precision(target, record);
    }
    if (*c_type == SQL_C_DEFAULT && number == 0)
        *c_type = SQL_C_VARBOOKMARK;
    if (*c_type == SQL_C_DEFAULT) {
        struct ca_type_description description;
        ca_type_describe(&statement->columns->items[number - 1].spec, &statement->connection->types,
                         &description);
        *c_type = ca_c_type_default(description.concise_type);
    }
    return true;
}

static const char *refusal(const struct ca_statement *statement, SQLUSMALLINT number, SQLSMALLINT c_type,
                           const void *data, SQLLEN capacity)
{
    if (number > statement->columns->count || (number == 0 && statement->use_bookmarks == SQL_UB_OFF))
        return "07009";
    if (c_type != SQL_ARD_TYPE && !ca_c_type_is_valid(ca_c_type_current(c_type)))
        return "HY003";
    if (!data)
        return "HY009";
    if (capacity < 0)
        return "HY090";
    return statement->cursor.rowset_position ? NULL : "24000";
}

static SQLRETURN give_null(struct ca_statement *statement, SQLLEN *indicator)
{
    struct ca_part *part = &statement->cursor.part;
    if (part->started)
        return SQL_NO_DATA;
    if (!indicator)
        return ca_post_state(&statement->handle, "22002");
    part->started = true;
    *indicator = SQL_NULL_DATA;
    return SQL_SUCCESS;
}

static SQLRETURN conclude(struct ca_statement *statement, enum ca_conversion conversion, SQLUSMALLINT number)
{
    if (conversion == CA_CONVERTED)
        return SQL_SUCCESS;
    if (conversion == CA_CONVERT_NO_DATA)
        return SQL_NO_DATA;
    return ca_post_cell(&statement->handle, ca_conversion_state(conversion), ca_conversion_text(conversion),
                        (SQLLEN)statement->cursor.rowset_position, (SQLINTEGER)number);
}

SQLRETURN ca_odbc_get_data(struct ca_statement *statement, SQLUSMALLINT number, SQLSMALLINT c_type,
                           SQLPOINTER data, SQLLEN capacity, SQLLEN *indicator)
{
    struct ca_cursor *cursor = &statement->cursor;
    const char *state = refusal(statement, number, c_type, data, capacity);
    if (__builtin_expect(state != NULL, 0))
        return ca_post_state(&statement->handle, state);
    struct ca_target target = {.capacity = capacity,
                               .precision = 38,
                               .scale = 0,
                               .text_scale = statement->connection->types.timestamp_scale};
    if (c_type >= SQL_C_INTERVAL_YEAR && c_type <= SQL_C_INTERVAL_MINUTE_TO_SECOND) {
        target.precision =
            2; /* the defaults of SQL_DESC_DATETIME_INTERVAL_PRECISION and SQL_DESC_PRECISION */
        target.scale = 6;
    }
    if (!resolve_type(statement, number, &c_type, &target))
        return ca_post_state(&statement->handle, "07009");
    if (!cursor->cells) {
        cursor->cells = ca_cursor_cells(statement, cursor->rowset_position);
        if (!cursor->cells)
            return SQL_ERROR;
    }
    if (cursor->part_column != number + 1U || cursor->part_c_type != c_type) {
        cursor->part_column = number + 1U;
        cursor->part_c_type = c_type;
        cursor->part = (struct ca_part){0};
    }
    struct ca_bookmark bookmark;
    const struct ca_cell *cell = &bookmark.cell;
    int code = CA_TYPE_BIGINT;
    if (number) {
        cell = &cursor->cells[number - 1];
        code = statement->columns->items[number - 1].spec.code;
    } else {
        ca_bookmark_cell(&bookmark, cursor->start + cursor->rowset_position - 1);
    }
    if (cell->kind == CA_CELL_NULL)
        return give_null(statement, indicator);
    ca_converter *convert = ca_converter_find(code, c_type);
    if (!convert)
        return ca_post_state(&statement->handle, "07006");
    SQLLEN octets = 0;
    enum ca_conversion conversion = convert(cell, &target, data, &octets, &cursor->part);
    if (indicator && conversion < CA_CONVERT_FIRST_ERROR && conversion != CA_CONVERT_NO_DATA)
        *indicator = octets;
    return conclude(statement, conversion, number);
}
