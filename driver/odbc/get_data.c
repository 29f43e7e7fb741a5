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
    ca_target_precision(&getter->target, &ard->records[number]);
    getter->c_type = ard->records[number].concise_type;
    return true;
}

/* Changes the getter if there is no SQLSTATE to return. */
static const char *resolve(struct ca_statement *statement, SQLUSMALLINT number, SQLSMALLINT asked,
                           struct ca_getter *getter)
{
    bool interval = asked >= SQL_C_INTERVAL_YEAR && asked <= SQL_C_INTERVAL_MINUTE_TO_SECOND;
    int code = number ? statement->columns->items[number - 1].spec.code : CA_TYPE_BIGINT;
    /* The defaults of an interval are those of its descriptor fields. */
    struct ca_getter found = {.asked = asked,
                              .c_type = ca_c_type_current(asked),
                              .target = {.precision = interval ? 2 : 38,
                                         .scale = interval ? 6 : 0,
                                         .text_scale = statement->connection->types.timestamp_scale}};
    if (asked == SQL_ARD_TYPE) {
        if (!take_ard_type(statement, number, &found))
            return "07009";
    } else if (!ca_c_type_is_valid(found.c_type)) {
        return "HY003";
    }
    if (found.c_type == SQL_C_DEFAULT)
        found.c_type = default_type(statement, number);
    found.convert = ca_converter_find(code, found.c_type);
    if (!found.convert)
        return "07006";
    if (found.c_type != getter->c_type) /* another type begins at the value's start */
        statement->cursor.part_of = NULL;
    if (asked == SQL_ARD_TYPE || number == 0) /* the ARD may change, a bookmark is none of the row's cells */
        found.asked = CA_LOOK_UP;
    *getter = found;
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

static __attribute__((noinline)) SQLRETURN give_null(struct ca_statement *statement, SQLLEN *indicator)
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

static __attribute__((noinline)) SQLRETURN conclude(struct ca_statement *statement,
                                                    enum ca_conversion conversion, SQLUSMALLINT number)
{
    if (conversion == CA_CONVERT_NO_DATA)
        return SQL_NO_DATA;
    return ca_post_cell(&statement->handle, ca_conversion_state(conversion), ca_conversion_text(conversion),
                        (SQLLEN)statement->cursor.rowset_position, (SQLINTEGER)number);
}

static inline __attribute__((always_inline)) SQLRETURN give_cell(struct ca_statement *statement,
                                                                 struct ca_getter *getter,
                                                                 SQLUSMALLINT number,
                                                                 const struct ca_cell *cell, SQLPOINTER data,
                                                                 SQLLEN capacity, SQLLEN *indicator)
{
    struct ca_cursor *cursor = &statement->cursor;
    if (cursor->part_of != getter) {
        cursor->part_of = getter;
        cursor->part = (struct ca_part){0};
    }
    if (__builtin_expect(cell->kind == CA_CELL_NULL, 0))
        return give_null(statement, indicator);
    getter->target.capacity = capacity;
    SQLLEN octets = 0;
    enum ca_conversion conversion = getter->convert(cell, &getter->target, data, &octets, &cursor->part);
    if (indicator && conversion < CA_CONVERT_FIRST_ERROR && conversion != CA_CONVERT_NO_DATA)
        *indicator = octets;
    if (__builtin_expect(conversion == CA_CONVERTED, 1))
        return SQL_SUCCESS;
    return conclude(statement, conversion, number);
}

/* Room for the getters of a result's columns. */
static bool create_getters(struct ca_statement *statement)
{
    struct ca_cursor *cursor = &statement->cursor;
    size_t count = statement->columns->count + 1;
    if (cursor->getters)
        return true;
    cursor->getters = ca_calloc(count, sizeof *cursor->getters);
    for (size_t i = 0; cursor->getters && i < count; i++)
        cursor->getters[i].asked = CA_LOOK_UP;
    cursor->getter_count = cursor->getters ? count : 0;
    return cursor->getters != NULL;
}

/* Every case there is. */
static __attribute__((noinline)) SQLRETURN get_slowly(struct ca_statement *statement, SQLUSMALLINT number,
                                                      SQLSMALLINT c_type, SQLPOINTER data, SQLLEN capacity,
                                                      SQLLEN *indicator)
{
    struct ca_cursor *cursor = &statement->cursor;
    struct ca_bookmark bookmark;
    const char *state = refusal(statement, number, data, capacity);
    if (state)
        return ca_post_state(&statement->handle, state);
    if (!create_getters(statement))
        return ca_post_state(&statement->handle, "HY001");
    struct ca_getter *getter = &cursor->getters[number];
    if (getter->asked != c_type)
        state = resolve(statement, number, c_type, getter);
    if (state)
        return ca_post_state(&statement->handle, state);
    if (number == 0) {
        ca_bookmark_cell(&bookmark, cursor->start + cursor->rowset_position - 1);
        return give_cell(statement, getter, number, &bookmark.cell, data, capacity, indicator);
    }
    if (!cursor->cells && !(cursor->cells = ca_cursor_cells(statement, cursor->rowset_position)))
        return SQL_ERROR;
    return give_cell(statement, getter, number, &cursor->cells[number - 1], data, capacity, indicator);
}

SQLRETURN ca_odbc_get_data(struct ca_statement *statement, SQLUSMALLINT number, SQLSMALLINT c_type,
                           SQLPOINTER data, SQLLEN capacity, SQLLEN *indicator)
{
    struct ca_cursor *cursor = &statement->cursor;
    struct ca_getter *getter = number < cursor->getter_count ? &cursor->getters[number] : NULL;
    /* As nearly every call is: a column that was asked for so before, of a row that is at hand. */
    if (__builtin_expect(getter && getter->asked == c_type && cursor->cells && data && capacity >= 0, 1))
        return give_cell(statement, getter, number, &cursor->cells[number - 1], data, capacity, indicator);
    return get_slowly(statement, number, c_type, data, capacity, indicator);
}
