#include "odbc/put_data.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "odbc/inner.h"
#include "odbc/parameters.h"

enum { LONGEST_VALUE = 1 << 30 };

/* One parameter of one set. */
struct item {
    SQLULEN set;
    unsigned marker;
    struct ca_buffer data;
    bool started;
    bool null;
};

struct ca_put {
    struct item *items;
    size_t count;
    size_t capacity;
    size_t current; /* index + 1 of the parameter that is asked for */
    bool direct;    /* SQLExecDirect: an error forgets the text */
};

static struct item *add_item(struct ca_put *put)
{
    struct item *items = ca_grow(put->items, &put->capacity, put->count + 1, sizeof *items);
    if (!items)
        return NULL;
    put->items = items;
    struct item *item = &put->items[put->count++];
    memset(item, 0, sizeof *item);
    ca_buffer_init(&item->data, LONGEST_VALUE);
    return item;
}

static bool collect(struct ca_statement *statement, struct ca_put *put)
{
    for (SQLULEN set = 0; set < statement->apd->array_size; set++) {
        if (!ca_parameters_set_used(statement, set))
            continue;
        for (unsigned i = 1; i <= statement->sql.markers; i++) {
            if (!ca_is_data_at_execution(ca_bound_length(&statement->bounds.items[i - 1], set)))
                continue;
            struct item *item = add_item(put);
            if (!item)
                return false;
            item->set = set;
            item->marker = i;
        }
    }
    return true;
}

SQLRETURN ca_put_begin(struct ca_statement *statement, bool direct)
{
    ca_put_drop(statement);
    if (statement->sql.markers == 0)
        return SQL_SUCCESS;
    struct ca_put *put = ca_calloc(1, sizeof *put);
    if (!put)
        return ca_post_state(&statement->handle, "HY001");
    statement->put = put;
    put->direct = direct;
    if (!collect(statement, put)) {
        ca_put_drop(statement);
        return ca_post_state(&statement->handle, "HY001");
    }
    if (put->count == 0) {
        ca_put_drop(statement);
        return SQL_SUCCESS;
    }
    statement->state = CA_STATE_NEED_DATA;
    return SQL_NEED_DATA;
}

void ca_put_drop(struct ca_statement *statement)
{
    struct ca_put *put = statement->put;
    if (!put)
        return;
    for (size_t i = 0; i < put->count; i++)
        ca_buffer_free(&put->items[i].data);
    ca_free(put->items);
    ca_free(put);
    statement->put = NULL;
}

void ca_put_cancel(struct ca_statement *statement)
{
    bool direct = statement->put && statement->put->direct;
    if (direct)
        ca_statement_reset(statement);
    else
        ca_statement_close(statement);
}

/* The items stand in the order of sets, and of markers within a set. */
static int compare_items(const void *left, const void *right)
{
    const struct item *a = left;
    const struct item *b = right;
    if (a->set != b->set)
        return a->set < b->set ? -1 : 1;
    return a->marker < b->marker ? -1 : a->marker > b->marker;
}

SQLLEN ca_put_value(const struct ca_statement *statement, SQLULEN set, unsigned marker, const void **data)
{
    const struct ca_put *put = statement->put;
    const struct item key = {.set = set, .marker = marker};
    const struct item *item =
        put ? bsearch(&key, put->items, put->count, sizeof *put->items, compare_items) : NULL;
    if (!item || item->null || !item->started)
        return SQL_NULL_DATA;
    *data = ca_buffer_text(&item->data);
    return (SQLLEN)item->data.length;
}

SQLRETURN ca_put_ask(struct ca_statement *statement, SQLPOINTER *token, bool *direct)
{
    struct ca_put *put = statement->put;
    *direct = put->direct;
    if (put->current == put->count)
        return SQL_SUCCESS;
    const struct item *item = &put->items[put->current++];
    if (token)
        *token = ca_bound_data(&statement->bounds.items[item->marker - 1], item->set);
    statement->state = CA_STATE_MUST_PUT;
    return SQL_NEED_DATA;
}

/* Octets of one piece, or -1 if the length makes no sense. */
static SQLLEN piece_octets(SQLSMALLINT c_type, const void *data, SQLLEN length)
{
    SQLLEN fixed = ca_c_type_octets(c_type);
    if (fixed > 0)
        return fixed;
    if (length == SQL_NTS && c_type == SQL_C_WCHAR)
        return (SQLLEN)(ca_wide_length(data) * sizeof(ca_wide));
    if (length == SQL_NTS)
        return (SQLLEN)strlen(data);
    return length < 0 ? -1 : length;
}

SQLRETURN ca_odbc_put_data(struct ca_statement *statement, SQLPOINTER data, SQLLEN length)
{
    struct ca_handle *handle = &statement->handle;
    struct item *item = &statement->put->items[statement->put->current - 1];
    SQLSMALLINT c_type = statement->bounds.items[item->marker - 1].parameter.c_type;
    if (item->started && (item->null || length == SQL_NULL_DATA))
        return ca_post_state(handle, "HY020");
    if (item->started && ca_c_type_octets(c_type) > 0)
        return ca_post_state(handle, "HY019");
    if (!data && length != 0 && length != SQL_NULL_DATA && length != SQL_DEFAULT_PARAM)
        return ca_post_state(handle, "HY009");
    if (length == SQL_DEFAULT_PARAM)
        return ca_post_state(handle, "07S01");
    if (length == SQL_NULL_DATA) {
        item->null = true;
    } else {
        SQLLEN octets = data ? piece_octets(c_type, data, length) : 0;
        if (octets < 0)
            return ca_post_state(handle, "HY090");
        if (!ca_buffer_add(&item->data, data ? data : "", (size_t)octets))
            return ca_post_state(handle, "HY001");
    }
    item->started = true;
    statement->state = CA_STATE_CAN_PUT;
    return SQL_SUCCESS;
}
