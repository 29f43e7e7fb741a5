#include "service/token.h"

#include <string.h>

#include "base/text.h"

enum { DEEPEST_NESTING = 256 };

static bool ended_early(struct ca_reply *reply)
{
    return ca_stream_bad(&reply->stream, "it ends early.", &reply->error);
}

bool ca_token_malformed(struct ca_reply *reply)
{
    return ca_stream_bad(&reply->stream, "it is not the JSON expected.", &reply->error);
}

/* Cells point into the window: they move with it. */
static void move_cells(struct ca_reply *reply, uintptr_t from, uintptr_t to)
{
    for (size_t i = 0; from != to && i < reply->cells_done; i++)
        reply->cells[i].text = (const char *)((uintptr_t)reply->cells[i].text - from + to);
}

enum ca_pull ca_token_pull(struct ca_reply *reply, struct ca_error *error)
{
    size_t moved = 0;
    uintptr_t window = (uintptr_t)reply->stream.window.data;
    enum ca_pull pulled = ca_stream_more(&reply->stream, &moved, error);
    move_cells(reply, window + moved, (uintptr_t)reply->stream.window.data);
    reply->at -= moved;
    reply->mark -= moved;
    reply->held -= reply->rows_held ? moved : 0;
    reply->resume -= reply->rereading ? moved : 0;
    return pulled;
}

bool ca_token_more(struct ca_reply *reply)
{
    enum ca_pull pulled = ca_token_pull(reply, &reply->error);
    return pulled == CA_PULL_END ? ended_early(reply) : pulled == CA_PULL_DATA;
}

char ca_token_peek(struct ca_reply *reply)
{
    for (;;) {
        char c = reply->stream.window.data[reply->at];
        if (ca_text_is_blank(c)) {
            reply->at++;
            continue;
        }
        if (c || reply->at < reply->stream.window.end)
            return c ? c : '\1'; /* a NUL in the body is no JSON */
        if (!ca_token_more(reply))
            return 0;
    }
}

bool ca_token_expect(struct ca_reply *reply, char wanted)
{
    char c = ca_token_peek(reply);
    if (!c)
        return false;
    if (c != wanted)
        return ca_token_malformed(reply);
    reply->at++;
    return true;
}

/* reply->at stands behind the opening quote; goes behind the closing one. */
static bool skip_string(struct ca_reply *reply)
{
    for (;;) {
        const char *p = ca_scan_string(reply->stream.window.data + reply->at);
        reply->at = (size_t)(p - reply->stream.window.data);
        if (*p == '"') {
            reply->at++;
            return true;
        }
        size_t needed = *p == '\\' ? 2 : 1;
        if (reply->at + needed > reply->stream.window.end) {
            if (!ca_token_more(reply))
                return false;
            continue;
        }
        if (*p != '\\')
            return ca_token_malformed(reply);
        reply->at += 2;
    }
}

static bool is_scalar_end(char c)
{
    return c == ',' || c == ']' || c == '}' || ca_text_is_blank(c);
}

/* A number or literal, up to what ends it. */
static bool skip_scalar(struct ca_reply *reply)
{
    size_t start = reply->at;
    for (;;) {
        char c = reply->stream.window.data[reply->at];
        if (reply->at >= reply->stream.window.end) {
            size_t octets = reply->at - start;
            if (!ca_token_more(reply))
                return false;
            start = reply->at - octets;
        } else if (is_scalar_end(c)) {
            return reply->at > start || ca_token_malformed(reply);
        } else if (c == '"' || c == '[' || c == '{' || (unsigned char)c < 0x20) {
            return ca_token_malformed(reply);
        } else {
            reply->at++;
        }
    }
}

bool ca_token_skip(struct ca_reply *reply)
{
    unsigned depth = 0;
    do {
        char c = ca_token_peek(reply);
        bool good = true;
        if (!c)
            return false;
        if (c == '{' || c == '[') {
            depth++;
            reply->at++;
            good = depth <= DEEPEST_NESTING;
        } else if (c == '}' || c == ']') {
            good = depth > 0;
            depth -= good;
            reply->at++;
        } else if (c == '"') {
            reply->at++;
            if (!skip_string(reply))
                return false;
        } else if (depth && (c == ',' || c == ':')) {
            reply->at++;
            continue; /* a value must follow */
        } else if (!skip_scalar(reply)) {
            return false;
        }
        if (!good)
            return ca_token_malformed(reply);
    } while (depth);
    return true;
}

bool ca_token_copy(struct ca_reply *reply, struct ca_buffer *copy)
{
    if (!ca_token_peek(reply))
        return false;
    reply->mark = reply->at;
    if (!ca_token_skip(reply))
        return false;
    const char *start = reply->stream.window.data + reply->mark;
    ca_buffer_clear(copy);
    if (ca_buffer_add(copy, start, reply->at - reply->mark))
        return true;
    if (copy->failure == CA_BUFFER_NO_MEMORY)
        return ca_error_no_memory(&reply->error);
    return ca_error_set(&reply->error, "HY000", 0,
                        "A description in the service's reply is longer than %zu bytes.", copy->maximum);
}

bool ca_token_name(struct ca_reply *reply, char *name, size_t capacity)
{
    if (!ca_token_expect(reply, '"'))
        return false;
    reply->mark = reply->at;
    if (!skip_string(reply))
        return false;
    size_t octets = reply->at - 1 - reply->mark;
    const char *text = reply->stream.window.data + reply->mark;
    bool usable = octets < capacity;
    memcpy(name, text, usable ? octets : 0);
    name[usable ? octets : 0] = '\0';
    return ca_token_expect(reply, ':');
}
