/* Output parameters of a reply: the raw text that the reader kept, read with the reader's own tokens so that
 * no value passes through a number. */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "service/listing.h"
#include "service/token.h"

enum { LONGEST_NAME = 512 };

/* A reply whose document is already there. `row` wraps the text in brackets: one row of one value. */
static bool open_memory(struct ca_reply *memory, const char *text, size_t octets)
{
    ca_reply_init(memory);
    memory->stream.ended = true;
    memory->stream.maximum = octets;
    return ca_window_add(&memory->stream.window, text, octets);
}

/* Broken JSON cannot occur: the reader passed over it once. It is reported all the same. */
static bool broken(struct ca_error *error)
{
    return ca_error_set(error, "08S01", 0, "The output parameters of the reply cannot be read.");
}

static bool add_value(struct ca_listing_writer *writer, const char *text, size_t octets,
                      struct ca_error *error)
{
    struct ca_reply memory;
    struct ca_cell cell = {.text = "", .kind = CA_CELL_NULL};
    struct ca_buffer row = CA_BUFFER_INIT((size_t)1 << 30);
    ca_buffer_add_char(&row, '[');
    ca_buffer_add(&row, text, octets);
    bool done = ca_buffer_add_char(&row, ']') && open_memory(&memory, row.data, row.length);
    if (!done) {
        ca_buffer_free(&row);
        return ca_error_no_memory(error);
    }
    memory.columns.count = 1;
    memory.cells = &cell;
    done = ca_row_scan(&memory) ? ca_listing_add_cell(writer, &cell) : broken(error);
    memory.cells = NULL;
    memory.columns.count = 0;
    ca_error_clear(&memory.error);
    ca_reply_free(&memory);
    ca_buffer_free(&row);
    return done || ca_error_no_memory(error);
}

/* Behind a value or at an opening: is there another member? */
static bool another(struct ca_reply *memory, bool first)
{
    char c = ca_token_peek(memory);
    if (c == '}' || !c) {
        memory->at++;
        return false;
    }
    if (!first && c == ',')
        memory->at++;
    return true;
}

/* One `{ "dataType": n, "value": v, … }`. */
static bool read_parameter(struct ca_reply *memory, struct ca_listing_writer *writer, struct ca_error *error)
{
    char name[LONGEST_NAME];
    int64_t code = CA_TYPE_VARCHAR;
    const char *value = "null";
    size_t octets = 4;
    if (!ca_token_expect(memory, '{'))
        return broken(error);
    for (bool first = true; another(memory, first); first = false) {
        if (!ca_token_name(memory, name, sizeof name) || !ca_token_peek(memory))
            return broken(error);
        size_t start = memory->at;
        if (!ca_token_skip(memory))
            return broken(error);
        const char *text = memory->stream.window.data + start;
        if (ca_text_same(name, "value")) {
            value = text;
            octets = memory->at - start;
        } else if (ca_text_same(name, "dataType")) {
            ca_text_integer(text, memory->at - start, &code);
        }
    }
    ca_listing_add_integer(writer, code);
    return add_value(writer, value, octets, error);
}

static bool read_all(struct ca_reply *memory, struct ca_listing_writer *writer, struct ca_error *error)
{
    char name[LONGEST_NAME];
    if (ca_token_peek(memory) != '{')
        return true; /* null: no outputs */
    memory->at++;
    for (bool first = true; another(memory, first); first = false) {
        if (!ca_token_name(memory, name, sizeof name))
            return broken(error);
        ca_listing_add(writer, CA_CELL_STRING, name, strlen(name));
        if (!read_parameter(memory, writer, error))
            return false;
    }
    return true;
}

struct ca_listing *ca_listing_of_parameters(const struct ca_reply *reply, struct ca_error *error)
{
    struct ca_transport nowhere = {.host = (char *)"the service"};
    struct ca_reply memory;
    struct ca_listing_writer writer;
    ca_listing_writer_init(&writer, SIZE_MAX);
    if (!open_memory(&memory, ca_buffer_text(&reply->parameters), reply->parameters.length)) {
        ca_error_no_memory(error);
        return NULL;
    }
    memory.stream.content.transfer.transport = &nowhere;
    bool done = reply->parameters.length == 0 || read_all(&memory, &writer, error);
    ca_error_clear(&memory.error);
    ca_reply_free(&memory);
    if (done)
        return ca_listing_finish(&writer, 3, error);
    ca_listing_drop(&writer);
    return NULL;
}
