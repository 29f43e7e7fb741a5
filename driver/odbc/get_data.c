/* SQLGetData: any column, in any order, in parts, through the converters of SQLFetch. */
#include "base/alloc.h"
#include "odbc/bind.h"
#include "odbc/fetch.h"
#include "odbc/inner.h"

/* What SQL_C_DEFAULT means for a column. */
static SQLSMALLINT default_type(const struct ca_statement *statement, SQLUSMALLINT number)
{
    struct ca_type_description description;
    if (number == 0)
        return SQL_C_VARBOOKMARK;
    ca_type_describe(&statement->columns->items[number - 1].spec, &statement->connection->types,
                     &description);
    return ca_c_type_default(description.concise_type);
}

/* SQL_ARD_TYPE takes type, precision and scale from the ARD's record. false: there is none. */
static bool take_ard_type(const struct ca_statement *statement, SQLUSMALLINT number, struct ca_getter *getter)
{
    const struct ca_descriptor *ard = statement->ard;
    if ((int)number > ard->count)
        return false;
    struct ca_target target = {0};
    ca_target_precision(&target, &ard->records[number]);
    getter->c_type = ard->records[number].concise_type;
    getter->precision = target.precision;
    getter->scale = target.scale;
    return true;
}

static const char *resolve(struct ca_statement *statement, SQLUSMALLINT number, SQLSMALLINT asked,
                           struct ca_getter *getter)
{
    bool interval = asked >= SQL_C_INTERVAL_YEAR && asked <= SQL_C_INTERVAL_MINUTE_TO_SECOND;
    int code = number ? statement->columns->items[number - 1].spec.code : CA_TYPE_BIGINT;
    /* The defaults of an interval are those of its descriptor fields. */
    *getter = (struct ca_getter){
        .c_type = ca_c_type_current(asked), .precision = interval ? 2 : 38, .scale = interval ? 6 : 0};
    if (asked == SQL_ARD_TYPE) {
        if (!take_ard_type(statement, number, getter))
            return "07009";
    } else if (!ca_c_type_is_valid(getter->c_type)) {
        return "HY003";
    }
    if (getter->c_type == SQL_C_DEFAULT)
        getter->c_type = default_type(statement, number);
    getter->convert = ca_converter_find(code, getter->c_type);
    if (!getter->convert)
        return "07006";
    /* The ARD may change before the next call: that one is looked up again. */
    getter->asked = asked == SQL_ARD_TYPE ? 0 : asked;
    return NULL;
}

static const char *refusal(const struct ca_statement *statement, SQLUSMALLINT number, const void *data,
                           SQLLEN capacity)
{
    if (number > statement->columns->count || (number == 0 && statement->use_bookmarks == SQL_UB_OFF))
        return "07009";
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

/* The getters of a result's columns; NULL: no memory. */
static struct ca_getter *getters(struct ca_statement *statement)
{
    struct ca_cursor *cursor = &statement->cursor;
    if (!cursor->getters)
        cursor->getters = ca_calloc(statement->columns->count + 1, sizeof *cursor->getters);
    return cursor->getters;
}

static SQLRETURN give_cell(struct ca_statement *statement, SQLUSMALLINT number, const struct ca_cell *cell,
                           SQLPOINTER data, SQLLEN capacity, SQLLEN *indicator)
{
    struct ca_cursor *cursor = &statement->cursor;
    const struct ca_getter *getter = &cursor->getters[number];
    if (cell->kind == CA_CELL_NULL)
        return give_null(statement, indicator);
    struct ca_target target = {.capacity = capacity,
                               .precision = getter->precision,
                               .scale = getter->scale,
                               .text_scale = statement->connection->types.timestamp_scale};
    SQLLEN octets = 0;
    enum ca_conversion conversion = getter->convert(cell, &target, data, &octets, &cursor->part);
    if (indicator && conversion < CA_CONVERT_FIRST_ERROR && conversion != CA_CONVERT_NO_DATA)
        *indicator = octets;
    return conclude(statement, conversion, number);
}

/* Apart, because its cell is made here, of text on the stack. */
static __attribute__((noinline)) SQLRETURN give_bookmark(struct ca_statement *statement, SQLPOINTER data,
                                                         SQLLEN capacity, SQLLEN *indicator)
{
    struct ca_bookmark bookmark;
    ca_bookmark_cell(&bookmark, statement->cursor.start + statement->cursor.rowset_position - 1);
    return give_cell(statement, 0, &bookmark.cell, data, capacity, indicator);
}

SQLRETURN ca_odbc_get_data(struct ca_statement *statement, SQLUSMALLINT number, SQLSMALLINT c_type,
                           SQLPOINTER data, SQLLEN capacity, SQLLEN *indicator)
{
    struct ca_cursor *cursor = &statement->cursor;
    const char *state = refusal(statement, number, data, capacity);
    if (__builtin_expect(state != NULL, 0))
        return ca_post_state(&statement->handle, state);
    if (!getters(statement))
        return ca_post_state(&statement->handle, "HY001");
    struct ca_getter *getter = &cursor->getters[number];
    if (getter->asked != c_type || !c_type)
        state = resolve(statement, number, c_type, getter);
    if (__builtin_expect(state != NULL, 0))
        return ca_post_state(&statement->handle, state);
    if (!cursor->cells && !(cursor->cells = ca_cursor_cells(statement, cursor->rowset_position)))
        return SQL_ERROR;
    if (cursor->part_column != number + 1U || cursor->part_c_type != getter->c_type) {
        cursor->part_column = number + 1U;
        cursor->part_c_type = getter->c_type;
        cursor->part = (struct ca_part){0};
    }
    if (number == 0)
        return give_bookmark(statement, data, capacity, indicator);
    return give_cell(statement, number, &cursor->cells[number - 1], data, capacity, indicator);
}
