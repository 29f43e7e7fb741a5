#include "service/listing.h"

#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "data/convert.h"

enum { LARGEST_LISTING = 1 << 30 };

void ca_listing_writer_init(struct ca_listing_writer *writer)
{
    ca_buffer_init(&writer->cells, LARGEST_LISTING);
    ca_buffer_init(&writer->texts, LARGEST_LISTING);
}

void ca_listing_drop(struct ca_listing_writer *writer)
{
    ca_buffer_free(&writer->cells);
    ca_buffer_free(&writer->texts);
}

static bool add_cell(struct ca_listing_writer *writer, enum ca_cell_kind kind, size_t octets)
{
    struct ca_cell cell = {.text = (const char *)(uintptr_t)writer->texts.length,
                           .octets = octets,
                           .kind = (uint8_t)kind,
                           .escaped = false};
    return ca_buffer_add(&writer->cells, &cell, sizeof cell);
}

bool ca_listing_add_null(struct ca_listing_writer *writer)
{
    return add_cell(writer, CA_CELL_NULL, 0);
}

bool ca_listing_add(struct ca_listing_writer *writer, enum ca_cell_kind kind, const char *text, size_t octets)
{
    return add_cell(writer, kind, octets) && ca_buffer_add(&writer->texts, text, octets) &&
           ca_buffer_add_char(&writer->texts, '\0');
}

bool ca_listing_add_integer(struct ca_listing_writer *writer, long long value)
{
    char digits[24];
    int octets = snprintf(digits, sizeof digits, "%lld", value);
    return ca_listing_add(writer, CA_CELL_NUMBER, digits, (size_t)octets);
}

struct ca_listing *ca_listing_finish(struct ca_listing_writer *writer, size_t width, struct ca_error *error)
{
    static const char padding[CA_CELL_PADDING];
    struct ca_listing *listing = NULL;
    ca_buffer_add(&writer->texts, padding, sizeof padding);
    if (!writer->cells.failure && !writer->texts.failure)
        listing = ca_calloc(1, sizeof *listing);
    if (!listing) {
        ca_error_no_memory(error);
        goto out;
    }
    atomic_init(&listing->references, 1);
    listing->width = width;
    listing->rows = width ? writer->cells.length / sizeof(struct ca_cell) / width : 0;
    listing->texts = ca_buffer_take(&writer->texts);
    listing->cells = writer->cells.length ? (struct ca_cell *)(void *)ca_buffer_take(&writer->cells) : NULL;
    for (size_t i = 0; i < listing->rows * width; i++)
        listing->cells[i].text = listing->texts + (uintptr_t)listing->cells[i].text;
out:
    ca_listing_drop(writer);
    return listing;
}

/* Strings lose their JSON escapes through the converter that applications use. */
bool ca_listing_add_cell(struct ca_listing_writer *writer, const struct ca_cell *cell)
{
    if (cell->kind == CA_CELL_NULL)
        return ca_listing_add_null(writer);
    if (cell->kind != CA_CELL_STRING || !cell->escaped)
        return ca_listing_add(writer, cell->kind, cell->text, cell->octets);
    ca_converter *convert = ca_converter_find(CA_TYPE_VARCHAR, SQL_C_CHAR);
    struct ca_target target = {.capacity = (SQLLEN)cell->octets + 1};
    SQLLEN octets = 0;
    if (!add_cell(writer, CA_CELL_STRING, 0) || !ca_buffer_reserve(&writer->texts, cell->octets + 1))
        return false;
    char *text = writer->texts.data + writer->texts.length;
    if (convert(cell, &target, text, &octets, NULL) != CA_CONVERTED || octets < 0)
        octets = 0;
    struct ca_cell *last =
        (struct ca_cell *)(void *)(writer->cells.data + writer->cells.length - sizeof *last);
    last->octets = (size_t)octets;
    text[octets] = '\0';
    writer->texts.length += (size_t)octets + 1;
    return true;
}

struct ca_listing *ca_listing_read(struct ca_reply *reply, struct ca_error *error)
{
    struct ca_listing_writer writer;
    unsigned width = reply->columns.count;
    enum ca_next next;
    ca_listing_writer_init(&writer);
    while ((next = ca_reply_next_row(reply)) == CA_NEXT_READ) {
        ca_reply_keep(reply);
        for (unsigned i = 0; i < width; i++)
            ca_listing_add_cell(&writer, &reply->cells[i]);
        if (writer.cells.failure || writer.texts.failure)
            break;
    }
    if (next == CA_NEXT_FAILED) {
        ca_error_move(error, &reply->error);
        ca_listing_drop(&writer);
        return NULL;
    }
    struct ca_listing *listing = ca_listing_finish(&writer, width, error);
    if (listing) {
        listing->columns = reply->columns;
        reply->columns = (struct ca_columns){NULL, 0};
        reply->has_columns = false;
    }
    return listing;
}

struct ca_listing *ca_listing_retain(struct ca_listing *listing)
{
    atomic_fetch_add_explicit(&listing->references, 1, memory_order_relaxed);
    return listing;
}

void ca_listing_release(struct ca_listing *listing)
{
    if (!listing || atomic_fetch_sub_explicit(&listing->references, 1, memory_order_acq_rel) != 1)
        return;
    ca_columns_free(&listing->columns);
    ca_free(listing->cells);
    ca_free(listing->texts);
    ca_free(listing);
}
