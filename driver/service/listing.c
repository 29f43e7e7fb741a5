#include "service/listing.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "data/convert.h"

enum { LARGEST_LISTING = 1 << 30, LONGEST_CELL = (1 << 29) - 1, LONGEST_SHARED = 255 };

void ca_listing_writer_init(struct ca_listing_writer *writer, size_t memory_limit)
{
    ca_region_init(&writer->cells, memory_limit, LARGEST_LISTING);
    ca_region_init(&writer->texts, memory_limit, LARGEST_LISTING);
    memset(writer->recent, 0, sizeof writer->recent);
}

void ca_listing_drop(struct ca_listing_writer *writer)
{
    ca_region_free(&writer->cells);
    ca_region_free(&writer->texts);
}

static bool add_packed(struct ca_listing_writer *writer, enum ca_cell_kind kind, size_t at, size_t octets)
{
    struct ca_packed_cell cell = {
        .at = (uint32_t)at, .octets = (uint32_t)octets & LONGEST_CELL, .kind = (uint32_t)kind & 7};
    return ca_region_add(&writer->cells, &cell, sizeof cell);
}

bool ca_listing_add_null(struct ca_listing_writer *writer)
{
    return add_packed(writer, CA_CELL_NULL, 0, 0);
}

/* Where a text that can be shared is remembered (FNV-1a). */
static struct ca_packed_cell *recent_place(struct ca_listing_writer *writer, const char *text, size_t octets)
{
    uint32_t hash = 2166136261U;
    for (size_t i = 0; i < octets; i++)
        hash = (hash ^ (unsigned char)text[i]) * 16777619U;
    return &writer->recent[(hash ^ hash >> 16) % CA_RECENT_TEXTS];
}

bool ca_listing_add(struct ca_listing_writer *writer, enum ca_cell_kind kind, const char *text, size_t octets)
{
    struct ca_packed_cell *recent = NULL;
    size_t at = writer->texts.length;
    if (octets <= LONGEST_SHARED) {
        recent = recent_place(writer, text, octets);
        if (recent->at && recent->octets == octets &&
            memcmp(writer->texts.data + recent->at - 1, text, octets) == 0)
            return add_packed(writer, kind, recent->at - 1, octets);
    } else if (octets > LONGEST_CELL) {
        writer->texts.failure = EFBIG;
    }
    if (!ca_region_add(&writer->texts, text, octets) || !ca_region_add(&writer->texts, "", 1))
        return false;
    if (recent)
        *recent = (struct ca_packed_cell){.at = (uint32_t)at + 1, .octets = (uint32_t)octets & LONGEST_CELL};
    return add_packed(writer, kind, at, octets);
}

bool ca_listing_add_integer(struct ca_listing_writer *writer, long long value)
{
    char digits[24];
    int octets = snprintf(digits, sizeof digits, "%lld", value);
    return ca_listing_add(writer, CA_CELL_NUMBER, digits, (size_t)octets);
}

static void failed(const struct ca_listing_writer *writer, struct ca_error *error)
{
    const struct ca_region *region = writer->cells.failure ? &writer->cells : &writer->texts;
    if (region->failure == EFBIG)
        ca_error_set(error, "HY000", 0, "The list is too long to be kept: name a catalog, schema or table.");
    else
        ca_region_error(region, error);
}

struct ca_listing *ca_listing_finish(struct ca_listing_writer *writer, size_t width, struct ca_error *error)
{
    static const char padding[CA_CELL_PADDING];
    struct ca_listing *listing = NULL;
    ca_region_add(&writer->texts, padding, sizeof padding);
    if (writer->cells.failure || writer->texts.failure)
        failed(writer, error);
    else if (!(listing = ca_calloc(1, sizeof *listing)))
        ca_error_no_memory(error);
    if (!listing) {
        ca_listing_drop(writer);
        return NULL;
    }
    ca_region_trim(&writer->cells);
    ca_region_trim(&writer->texts);
    atomic_init(&listing->references, 1);
    listing->width = width;
    listing->rows = width ? writer->cells.length / sizeof(struct ca_packed_cell) / width : 0;
    listing->cells = writer->cells;
    listing->texts = writer->texts;
    ca_listing_writer_init(writer, 0); /* owns nothing any more */
    return listing;
}

/* Strings lose their JSON escapes through the converter that applications use. */
static bool add_escaped(struct ca_listing_writer *writer, const struct ca_cell *cell)
{
    ca_converter *convert = ca_converter_find(CA_TYPE_VARCHAR, SQL_C_CHAR);
    size_t most = 3 * cell->octets + 1; /* a backslash that begins no escape becomes U+FFFD */
    struct ca_target target = {.capacity = (SQLLEN)most};
    SQLLEN octets = 0;
    /* Written where it stays, and so not shared: such texts are rare. */
    if (!ca_region_reserve(&writer->texts, most))
        return false;
    char *text = writer->texts.data + writer->texts.length;
    if (convert(cell, &target, text, &octets, NULL) != CA_CONVERTED || octets < 0)
        octets = 0;
    size_t at = writer->texts.length;
    text[octets] = '\0';
    writer->texts.length += (size_t)octets + 1;
    return add_packed(writer, CA_CELL_STRING, at, (size_t)octets);
}

bool ca_listing_add_cell(struct ca_listing_writer *writer, const struct ca_cell *cell)
{
    if (cell->kind == CA_CELL_NULL)
        return ca_listing_add_null(writer);
    if (cell->kind == CA_CELL_STRING && cell->escaped)
        return add_escaped(writer, cell);
    return ca_listing_add(writer, cell->kind, cell->text, cell->octets);
}

struct ca_listing *ca_listing_read(struct ca_reply *reply, size_t memory_limit, struct ca_error *error)
{
    struct ca_listing_writer writer;
    unsigned width = reply->columns.count;
    enum ca_next next;
    ca_listing_writer_init(&writer, memory_limit);
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
    ca_region_free(&listing->cells);
    ca_region_free(&listing->texts);
    ca_free(listing);
}

size_t ca_listing_octets(const struct ca_listing *listing)
{
    return sizeof *listing + listing->cells.length + listing->texts.length +
           ca_columns_octets(&listing->columns);
}

struct ca_cell ca_listing_cell(const struct ca_listing *listing, size_t row, int column)
{
    const struct ca_packed_cell *packed = column < 0 ? NULL : ca_listing_packed_row(listing, row) + column;
    if (!packed || packed->kind == CA_CELL_NULL)
        return (struct ca_cell){.text = "", .kind = CA_CELL_NULL};
    return (struct ca_cell){
        .text = listing->texts.data + packed->at, .octets = packed->octets, .kind = (uint8_t)packed->kind};
}
