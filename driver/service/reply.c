#include "service/reply.h"

#include <string.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/text.h"
#include "service/refusal.h"
#include "service/request.h"
#include "service/token.h"

enum {
    LONGEST_ERROR_JSON = 4 * 1024 * 1024,
    LONGEST_SCHEMA = 16 * 1024 * 1024, /* it becomes a tree many times as large */
    LONGEST_PARAMETERS = 256 * 1024 * 1024,
    LONGEST_NAME = 64,
    LONGEST_URL = 64 * 1024,
    END_OF_BODY_MS = 20,
    CELLS_AT_ONCE = 1024 /* of several rows: they stay in the processor's first cache */
};

void ca_reply_init(struct ca_reply *reply)
{
    memset(reply, 0, sizeof *reply);
    reply->wide = ca_row_scan_is_wide();
    ca_stream_init(&reply->stream, 0);
    ca_buffer_init(&reply->url, LONGEST_URL);
    ca_buffer_init(&reply->body, CA_LONGEST_BODY);
    ca_buffer_init(&reply->parameters, LONGEST_PARAMETERS);
    ca_buffer_init(&reply->error_json, LONGEST_ERROR_JSON);
    ca_buffer_init(&reply->message_json, LONGEST_ERROR_JSON);
}

void ca_reply_free(struct ca_reply *reply)
{
    ca_reply_close(reply);
    ca_stream_free(&reply->stream);
    ca_buffer_free(&reply->url);
    ca_buffer_free(&reply->body);
    ca_buffer_free(&reply->parameters);
    ca_buffer_free(&reply->error_json);
    ca_buffer_free(&reply->message_json);
    ca_free(reply->cells);
    reply->cells = NULL;
    reply->cells_capacity = 0;
    ca_reply_unspool(reply);
}

void ca_reply_unspool(struct ca_reply *reply)
{
    if (reply->stream.kept)
        ca_region_free(reply->stream.kept);
    ca_free(reply->stream.kept);
    reply->stream.kept = NULL;
}

bool ca_reply_spool(struct ca_reply *reply, size_t memory_limit)
{
    reply->stream.kept = ca_calloc(1, sizeof *reply->stream.kept);
    if (reply->stream.kept)
        ca_region_init(reply->stream.kept, memory_limit, SIZE_MAX / 2);
    return reply->stream.kept != NULL;
}

void ca_reply_close(struct ca_reply *reply)
{
    ca_stream_end(&reply->stream);
    if (reply->stream.kept)
        ca_region_free(reply->stream.kept);
    ca_columns_free(&reply->columns);
    reply->has_columns = false;
    reply->place = CA_REPLY_CLOSED;
    ca_error_clear(&reply->error);
    ca_credential_release(reply->credential);
    reply->credential = NULL;
    reply->stream.content.transfer.exchange.credential = NULL; /* it was the same */
}

void ca_reply_wait(struct ca_reply *reply, const struct ca_wait *wait)
{
    reply->stream.wait = *wait;
}

static bool is_null(const struct ca_buffer *json)
{
    return json->length == 0 || (json->length == 4 && memcmp(json->data, "null", 4) == 0) ||
           (json->length == 2 && memcmp(json->data, "\"\"", 2) == 0);
}

/* Whether something other than blanks stands behind the document. The body's end follows at once or is not
 * worth waiting for: a document that is closed is whole. */
static bool text_follows(struct ca_reply *reply)
{
    struct ca_stream *stream = &reply->stream;
    struct ca_error ignored = CA_ERROR_INIT;
    struct ca_wait wait = stream->wait;
    enum ca_pull pulled = CA_PULL_DATA;
    stream->wait = (struct ca_wait){.deadline = ca_deadline_after(END_OF_BODY_MS)};
    for (;;) {
        while (reply->at < stream->window.end && ca_text_is_blank(stream->window.data[reply->at]))
            reply->at++;
        if (reply->at < stream->window.end || pulled != CA_PULL_DATA)
            break;
        pulled = ca_token_pull(reply, &ignored);
    }
    stream->wait = wait;
    if (pulled == CA_PULL_FAILED && stream->content.damaged)
        ca_error_move(&reply->error, &ignored);
    ca_error_clear(&ignored);
    return reply->at < stream->window.end;
}

static void note_break(struct ca_reply *reply)
{
    if (reply->broken && strncmp(reply->error.state, "08", 2) == 0)
        atomic_store_explicit(reply->broken, true, memory_order_relaxed);
}

/* The document is closed. */
static enum ca_next finish(struct ca_reply *reply)
{
    reply->place = CA_REPLY_FINISHED;
    reply->stream.unit = reply->at;
    if (!is_null(&reply->error_json))
        ca_reply_fail_with_error(reply);
    else if (text_follows(reply))
        ca_token_malformed(reply);
    note_break(reply);
    return ca_error_is_set(&reply->error) ? CA_NEXT_FAILED : CA_NEXT_END;
}

/* Reading failed. What the service itself said of an error comes before what became of its document. */
static enum ca_next failed(struct ca_reply *reply)
{
    reply->place = CA_REPLY_FINISHED;
    ca_stream_settle(&reply->stream);
    if (!is_null(&reply->error_json)) {
        ca_error_clear(&reply->error);
        ca_reply_fail_with_error(reply);
    }
    note_break(reply);
    return CA_NEXT_FAILED;
}

static void begin_document(struct ca_reply *reply)
{
    ca_buffer_clear(&reply->parameters);
    ca_buffer_clear(&reply->error_json);
    ca_buffer_clear(&reply->message_json);
    reply->at = 0;
    reply->first = true;
    reply->result_open = reply->rows_held = reply->rereading = false;
    reply->cells_done = 0;
    reply->place = CA_REPLY_DOCUMENT;
}

bool ca_reply_open(struct ca_reply *reply, const struct ca_transport *transport,
                   const struct ca_exchange *exchange, const struct ca_wait *wait, size_t max_row_octets)
{
    size_t moved;
    ca_reply_close(reply);
    reply->credential = ca_credential_retain(exchange->credential);
    begin_document(reply);
    reply->stream.maximum = max_row_octets;
    reply->stream.wait = *wait;
    if (!ca_stream_begin(&reply->stream, transport, exchange, &reply->error))
        return failed(reply) == CA_NEXT_READ;
    enum ca_pull pulled = ca_stream_more(&reply->stream, &moved, &reply->error);
    if (pulled == CA_PULL_FAILED)
        return failed(reply) == CA_NEXT_READ;
    if (reply->stream.content.transfer.status >= 300 || reply->stream.content.transfer.html)
        return ca_reply_refuse(reply);
    if (pulled == CA_PULL_END || !ca_token_expect(reply, '{')) {
        ca_token_malformed(reply);
        return failed(reply) == CA_NEXT_READ;
    }
    return true;
}

/* Outside kept rows nothing read so far is needed any more. */
static void release(struct ca_reply *reply)
{
    if (!reply->rows_held)
        reply->stream.keep = reply->stream.unit = reply->at;
}

bool ca_reply_reserve(struct ca_reply *reply, size_t rows)
{
    struct ca_cell *cells =
        ca_grow(reply->cells, &reply->cells_capacity, reply->columns.count * rows, sizeof *cells);
    if (!cells && reply->columns.count)
        return ca_error_no_memory(&reply->error);
    reply->cells = cells;
    return true;
}

static bool read_schema(struct ca_reply *reply)
{
    size_t longest = reply->stream.maximum < LONGEST_SCHEMA ? reply->stream.maximum : LONGEST_SCHEMA;
    struct ca_buffer json = CA_BUFFER_INIT(longest);
    bool done = ca_token_copy(reply, &json);
    if (done) {
        ca_columns_free(&reply->columns);
        done = ca_columns_read(&reply->columns, json.data, json.length, &reply->error) &&
               ca_reply_reserve(reply, 1);
        reply->has_columns = done && reply->columns.count > 0;
    }
    ca_buffer_free(&json);
    return done;
}

static bool read_affected(struct ca_reply *reply)
{
    struct ca_buffer json = CA_BUFFER_INIT(LONGEST_NAME);
    bool done = ca_token_copy(reply, &json);
    const char *digits = json.data;
    size_t octets = json.length;
    if (done && octets >= 2 && digits[0] == '"') {
        digits++;
        octets -= 2;
    }
    if (done && !ca_text_integer(digits, octets, &reply->affected))
        reply->affected = -1;
    ca_buffer_free(&json);
    return done;
}

/* A list that is absent in this way has no elements; any other value would hide what it holds. */
static bool skip_null(struct ca_reply *reply)
{
    return ca_token_peek(reply) == 'n' ? ca_token_skip(reply) : ca_token_malformed(reply);
}

/* At the value of `rows`. With the columns known the rows begin here; otherwise they are held for later. */
static enum ca_next meet_rows(struct ca_reply *reply)
{
    char c = ca_token_peek(reply);
    if (!c)
        return CA_NEXT_FAILED;
    if (c != '[')
        return skip_null(reply) ? CA_NEXT_END : CA_NEXT_FAILED;
    if (reply->rows_held) {
        ca_token_malformed(reply); /* rows twice */
        return CA_NEXT_FAILED;
    }
    if (reply->has_columns) {
        reply->at++;
        reply->place = CA_REPLY_ROWS;
        reply->first = true;
        return CA_NEXT_READ;
    }
    reply->stream.unit = reply->stream.keep = reply->held = reply->at;
    reply->rows_held = true;
    if (!ca_token_skip(reply))
        return CA_NEXT_FAILED;
    if (reply->at - reply->held > reply->stream.maximum) {
        ca_stream_too_long(&reply->stream, &reply->error);
        return CA_NEXT_FAILED;
    }
    return CA_NEXT_END;
}

/* One step among the members of a document or result: `,`, the closing brace, or a name. */
static enum ca_next next_member(struct ca_reply *reply, char *name, size_t capacity)
{
    char c = ca_token_peek(reply);
    if (c == '}') {
        reply->at++;
        return CA_NEXT_END;
    }
    if (c == ',' && !reply->first) {
        reply->at++;
        c = ca_token_peek(reply);
    } else if (c && !reply->first) {
        ca_token_malformed(reply);
        return CA_NEXT_FAILED;
    }
    reply->first = false;
    return c && ca_token_name(reply, name, capacity) ? CA_NEXT_READ : CA_NEXT_FAILED;
}

/* The result is closed: its held rows can be read now, or it had none. */
static enum ca_next close_result(struct ca_reply *reply)
{
    reply->place = CA_REPLY_RESULTS;
    reply->first = false;
    if (!reply->result_open)
        return CA_NEXT_END;
    reply->result_open = false;
    if (reply->rows_held && reply->has_columns) {
        reply->rereading = true;
        reply->resume = reply->at;
        reply->at = reply->held + 1;
        reply->place = CA_REPLY_ROWS;
        reply->first = true;
    } else {
        reply->rows_held = false;
    }
    return CA_NEXT_READ;
}

/* Reads members of a result until its head is known (READ), or it ends with the head handed out already
 * (END). */
static enum ca_next read_result(struct ca_reply *reply)
{
    char name[LONGEST_NAME];
    for (;;) {
        enum ca_next next = next_member(reply, name, sizeof name);
        if (next == CA_NEXT_END)
            return close_result(reply);
        if (next == CA_NEXT_FAILED)
            return next;
        bool done = true;
        if (ca_text_same(name, "schema"))
            done = reply->result_open ? read_schema(reply) : ca_token_skip(reply);
        else if (ca_text_same(name, "affectedRows"))
            done = read_affected(reply);
        else if (ca_text_same(name, "rows") && reply->result_open) {
            next = meet_rows(reply);
            if (next == CA_NEXT_READ)
                reply->result_open = false;
            if (next != CA_NEXT_END)
                return next;
        } else if (ca_text_same(name, "rows"))
            done = skip_null(reply); /* a second time */
        else
            done = ca_token_skip(reply);
        if (!done)
            return CA_NEXT_FAILED;
        if (reply->result_open)
            release(reply);
    }
}

/* At the next element of `results`: READ stands in a new result. */
static enum ca_next enter_result(struct ca_reply *reply)
{
    char c = ca_token_peek(reply);
    if (c == ',' && !reply->first) {
        reply->at++;
        c = ca_token_peek(reply);
    } else if (c == ']') {
        reply->at++;
        reply->place = CA_REPLY_DOCUMENT;
        reply->first = false;
        return CA_NEXT_END;
    } else if (c && !reply->first) {
        ca_token_malformed(reply);
        return CA_NEXT_FAILED;
    }
    if (!c || !ca_token_expect(reply, '{'))
        return CA_NEXT_FAILED;
    reply->place = CA_REPLY_RESULT;
    reply->first = true;
    return CA_NEXT_READ;
}

/* Reads members of the document up to the next result (READ) or the document's end. */
static enum ca_next read_document(struct ca_reply *reply)
{
    char name[LONGEST_NAME];
    for (;;) {
        if (!reply->has_columns) /* else its last rows may be asked for */
            release(reply);
        enum ca_next next = next_member(reply, name, sizeof name);
        if (next != CA_NEXT_READ)
            return next;
        bool done;
        if (ca_text_same(name, "results") && ca_token_peek(reply) == '[') {
            reply->at++;
            reply->place = CA_REPLY_RESULTS;
            reply->first = true;
            next = enter_result(reply);
            if (next != CA_NEXT_END)
                return next;
            continue;
        }
        if (ca_text_same(name, "results"))
            done = skip_null(reply);
        else if (ca_text_same(name, "error") &&
                 is_null(&reply->error_json)) /* the first that says something */
            done = ca_token_copy(reply, &reply->error_json);
        else if (ca_text_same(name, "message"))
            done = ca_token_copy(reply, &reply->message_json);
        else if (ca_text_same(name, "parameters"))
            done = ca_token_copy(reply, &reply->parameters);
        else
            done = ca_token_skip(reply);
        if (!done)
            return CA_NEXT_FAILED;
    }
}

/* Goes on until we stand at the beginning of another result (READ) or the document is closed (END). */
static enum ca_next advance(struct ca_reply *reply)
{
    enum ca_next next = CA_NEXT_END;
    if (reply->place == CA_REPLY_RESULT && !reply->result_open) {
        next = read_result(reply);
        if (next == CA_NEXT_FAILED)
            return next;
    }
    if (reply->place == CA_REPLY_RESULTS) {
        next = enter_result(reply);
        if (next != CA_NEXT_END)
            return next;
    }
    if (reply->place == CA_REPLY_DOCUMENT)
        next = read_document(reply);
    return next;
}

enum ca_next ca_reply_look_ahead(struct ca_reply *reply)
{
    if (reply->place == CA_REPLY_FINISHED || reply->place == CA_REPLY_CLOSED)
        return ca_error_is_set(&reply->error) ? CA_NEXT_FAILED : CA_NEXT_END;
    if (reply->place == CA_REPLY_RESULT && reply->result_open)
        return CA_NEXT_READ; /* looked ahead before */
    enum ca_next next = advance(reply);
    if (next == CA_NEXT_FAILED)
        return failed(reply);
    if (next == CA_NEXT_END)
        return finish(reply);
    reply->result_open = true;
    return CA_NEXT_READ;
}

static void begin_result(struct ca_reply *reply)
{
    ca_columns_free(&reply->columns);
    reply->has_columns = false;
    reply->affected = -1;
    reply->rows_held = reply->rereading = false;
    release(reply);
}

enum ca_next ca_reply_next_result(struct ca_reply *reply)
{
    while (reply->place == CA_REPLY_ROWS) {
        release(reply);
        enum ca_next row = ca_reply_next_row(reply);
        if (row == CA_NEXT_FAILED)
            return row;
    }
    enum ca_next next = ca_reply_look_ahead(reply);
    if (next != CA_NEXT_READ)
        return next;
    begin_result(reply);
    return read_result(reply) == CA_NEXT_READ ? CA_NEXT_READ : failed(reply);
}

/* Reads the copy from its first octet. */
static enum ca_next begin_again(struct ca_reply *reply)
{
    ca_stream_rewind(&reply->stream);
    begin_document(reply);
    return ca_token_expect(reply, '{') ? ca_reply_next_result(reply) : failed(reply);
}

enum ca_next ca_reply_take_whole(struct ca_reply *reply)
{
    enum ca_next next;
    do
        next = ca_reply_next_result(reply);
    while (next == CA_NEXT_READ);
    if (next == CA_NEXT_FAILED)
        return next;
    return begin_again(reply);
}

void ca_reply_keep_whole(struct ca_reply *reply, struct ca_region *kept)
{
    *kept = *reply->stream.kept;
    ca_region_trim(kept);
    ca_region_init(reply->stream.kept, kept->memory_limit, kept->maximum);
}

enum ca_next ca_reply_reopen(struct ca_reply *reply, struct ca_region *kept)
{
    ca_reply_close(reply);
    *reply->stream.kept = *kept;
    ca_region_init(kept, kept->memory_limit, kept->maximum);
    return begin_again(reply);
}

/* The rows are closed. */
static enum ca_next end_rows(struct ca_reply *reply)
{
    reply->at++;
    if (reply->rereading) {
        reply->at = reply->resume;
        reply->rereading = false;
        reply->rows_held = false;
        reply->place = CA_REPLY_RESULTS;
    } else {
        reply->place = CA_REPLY_RESULT;
    }
    reply->first = false;
    return ca_reply_look_ahead(reply) == CA_NEXT_FAILED ? CA_NEXT_FAILED : CA_NEXT_END;
}

/* The first row, blanks between rows, the end of the rows. READ: stands on the `[` of a row. */
static enum ca_next enter_row(struct ca_reply *reply)
{
    char c = ca_token_peek(reply);
    if (c == ']')
        return end_rows(reply);
    if (c == ',' && !reply->first) {
        reply->at++;
        c = ca_token_peek(reply);
    } else if (c && !reply->first) {
        ca_token_malformed(reply);
        return failed(reply);
    }
    if (c && c != '[')
        ca_token_malformed(reply);
    return c == '[' ? CA_NEXT_READ : failed(reply);
}

/* Goes to the `[` of the next row. */
static inline enum ca_next begin_row(struct ca_reply *reply)
{
    if (reply->place != CA_REPLY_ROWS)
        return ca_error_is_set(&reply->error) ? CA_NEXT_FAILED : CA_NEXT_END;
    const char *p = reply->stream.window.data + reply->at;
    if (p[0] != ',' || p[1] != '[' || reply->first)
        return enter_row(reply);
    reply->at++;
    return CA_NEXT_READ;
}

enum ca_next ca_reply_next_row(struct ca_reply *reply)
{
    size_t offset;
    size_t rows;
    return ca_reply_next_rows(reply, 1, &offset, &rows);
}

static size_t rows_at_once(unsigned width, size_t wanted)
{
    if (wanted <= 1)
        return wanted;
    size_t most = width && width < CELLS_AT_ONCE ? CELLS_AT_ONCE / width : 1;
    most = most < CA_REPLY_ROWS_MOST ? most : CA_REPLY_ROWS_MOST;
    return wanted < most ? wanted : most;
}

enum ca_next ca_reply_next_rows(struct ca_reply *reply, size_t wanted, size_t *offsets, size_t *count)
{
    unsigned width = reply->columns.count;
    enum ca_next next = CA_NEXT_READ;
    struct ca_rows rows = {.wanted = rows_at_once(width, wanted), .offsets = offsets};
    if (!ca_reply_reserve(reply, rows.wanted)) {
        *count = 0;
        return failed(reply);
    }
    reply->row_cut = false;
    while (rows.count < rows.wanted && !reply->row_cut) {
        if (rows.count && reply->at + 1 >= reply->stream.window.end)
            break; /* to receive the next row would move these */
        reply->cells_done = rows.count * width;
        next = begin_row(reply);
        if (next != CA_NEXT_READ)
            break;
        reply->first = false;
        if (!ca_rows_scan(reply, &rows) && !reply->row_cut) {
            next = failed(reply);
            break;
        }
    }
    if (reply->row_cut)
        reply->at = reply->stream.keep + rows.behind;
    reply->cells_done = 0;
    *count = rows.count;
    return next;
}

void ca_reply_keep(struct ca_reply *reply)
{
    if (!reply->rows_held)
        reply->stream.keep = reply->at;
}

bool ca_reply_reread(struct ca_reply *reply, size_t row_offset)
{
    size_t at = reply->at;
    size_t unit = reply->stream.unit;
    reply->at = reply->stream.keep + row_offset;
    bool done = ca_row_scan(reply);
    reply->at = at;
    reply->stream.unit = unit;
    return done;
}
