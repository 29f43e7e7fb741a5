/* The hot path: one row of a reply into cells. Decides nothing about types, allocates nothing, copies
 * nothing. Behind the window stand zero octets, so a scan needs no bound: it stops there and receives more.
 */
#include <string.h>

#include "base/text.h"
#include "service/token.h"

enum cell_class { CLASS_OTHER, CLASS_STRING, CLASS_NUMBER, CLASS_WORD, CLASS_COMPOUND, CLASS_BLANK };

static const unsigned char classes[256] = {
    ['"'] = CLASS_STRING, ['-'] = CLASS_NUMBER,   ['0'] = CLASS_NUMBER,   ['1'] = CLASS_NUMBER,
    ['2'] = CLASS_NUMBER, ['3'] = CLASS_NUMBER,   ['4'] = CLASS_NUMBER,   ['5'] = CLASS_NUMBER,
    ['6'] = CLASS_NUMBER, ['7'] = CLASS_NUMBER,   ['8'] = CLASS_NUMBER,   ['9'] = CLASS_NUMBER,
    ['t'] = CLASS_WORD,   ['f'] = CLASS_WORD,     ['n'] = CLASS_WORD,     ['N'] = CLASS_WORD,
    ['I'] = CLASS_WORD,   ['['] = CLASS_COMPOUND, ['{'] = CLASS_COMPOUND, [' '] = CLASS_BLANK,
    ['\t'] = CLASS_BLANK, ['\n'] = CLASS_BLANK,   ['\r'] = CLASS_BLANK,
};

/* Octets that continue a number; everything else ends it. */
static const unsigned char number_octets[256] = {
    ['0'] = 1, ['1'] = 1, ['2'] = 1, ['3'] = 1, ['4'] = 1, ['5'] = 1, ['6'] = 1, ['7'] = 1,
    ['8'] = 1, ['9'] = 1, ['-'] = 1, ['+'] = 1, ['.'] = 1, ['e'] = 1, ['E'] = 1,
};

/* Receives more and gives the new place of `p`, or NULL. */
static const char *more(struct ca_reply *reply, const char *p)
{
    reply->at = (size_t)(p - reply->stream.data);
    if (reply->at < reply->stream.end) {
        ca_token_malformed(reply); /* a control character, not the window's end */
        return NULL;
    }
    return ca_token_more(reply) ? reply->stream.data + reply->at : NULL;
}

/* `p` stands behind the quote; returns the place behind the closing one. */
static const char *scan_string(struct ca_reply *reply, const char *p, struct ca_cell *cell)
{
    cell->kind = CA_CELL_STRING;
    cell->escaped = false;
    cell->text = p;
    for (;;) {
        p = ca_scan_string(p);
        if (*p == '"') {
            cell->octets = (size_t)(p - cell->text);
            return p + 1;
        }
        if (*p == '\\' && p + 1 < reply->stream.data + reply->stream.end) {
            cell->escaped = true;
            p += 2;
            continue;
        }
        if (*p == '\\') {
            /* The escape is cut by the window's end: receive without losing the backslash. */
            reply->at = (size_t)(p - reply->stream.data);
            if (!ca_token_more(reply))
                return NULL;
            p = reply->stream.data + reply->at;
        } else if (!(p = more(reply, p))) {
            return NULL;
        }
    }
}

static const char *scan_number(struct ca_reply *reply, const char *p, struct ca_cell *cell)
{
    cell->kind = CA_CELL_NUMBER;
    cell->escaped = false;
    cell->text = p;
    for (;;) {
        while (number_octets[(unsigned char)*p])
            p++;
        if (*p || p < reply->stream.data + reply->stream.end)
            break;
        if (!(p = more(reply, p)))
            return NULL;
    }
    cell->octets = (size_t)(p - cell->text);
    return p;
}

/* true, false, null; also the bare NaN and Infinity that some writers emit. */
static const char *scan_word(struct ca_reply *reply, const char *p, struct ca_cell *cell)
{
    static const struct {
        const char *word;
        unsigned char octets;
        unsigned char kind;
    } words[] = {{"null", 4, CA_CELL_NULL},
                 {"true", 4, CA_CELL_TRUE},
                 {"false", 5, CA_CELL_FALSE},
                 {"NaN", 3, CA_CELL_NUMBER},
                 {"Infinity", 8, CA_CELL_NUMBER}};
    cell->escaped = false;
    cell->text = p;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (words[i].word[0] != *cell->text)
            continue;
        while (reply->stream.data + reply->stream.end - cell->text < words[i].octets) {
            reply->at = (size_t)(cell->text - reply->stream.data);
            if (!ca_token_more(reply))
                return NULL;
        }
        if (memcmp(cell->text, words[i].word, words[i].octets) == 0) {
            cell->kind = words[i].kind;
            cell->octets = words[i].octets;
            return cell->text + words[i].octets;
        }
    }
    ca_token_malformed(reply);
    return NULL;
}

static const char *scan_compound(struct ca_reply *reply, const char *p, struct ca_cell *cell)
{
    cell->kind = CA_CELL_COMPOUND;
    cell->escaped = false;
    cell->text = p;
    reply->at = (size_t)(p - reply->stream.data);
    if (!ca_token_skip(reply))
        return NULL;
    cell->octets = (size_t)(reply->stream.data + reply->at - cell->text);
    return reply->stream.data + reply->at;
}

static const char *scan_cell(struct ca_reply *reply, const char *p, struct ca_cell *cell)
{
    for (;;) {
        switch (classes[(unsigned char)*p]) {
        case CLASS_STRING:
            return scan_string(reply, p + 1, cell);
        case CLASS_NUMBER:
            return scan_number(reply, p, cell);
        case CLASS_WORD:
            return scan_word(reply, p, cell);
        case CLASS_COMPOUND:
            return scan_compound(reply, p, cell);
        case CLASS_BLANK:
            p++;
            break;
        default:
            if (!(p = more(reply, p)))
                return NULL;
        }
    }
}

/* The next octet that is no blank. */
static const char *pass_blanks(struct ca_reply *reply, const char *p)
{
    for (;;) {
        if ((unsigned char)*p > ' ')
            return p;
        if (ca_text_is_blank(*p))
            p++;
        else if (!(p = more(reply, p)))
            return NULL;
    }
}

static bool wrong_width(struct ca_reply *reply, unsigned cells)
{
    return ca_error_set(&reply->error, "08S01", 0,
                        "The reply cannot be used: a row has %s%u values where %u columns are described.",
                        cells > reply->columns.count ? "more than " : "",
                        cells > reply->columns.count ? reply->columns.count : cells, reply->columns.count);
}

bool ca_row_scan(struct ca_reply *reply)
{
    const char *p = reply->stream.data + reply->at + 1;
    unsigned count = reply->columns.count;
    unsigned done = 0;
    reply->stream.unit = reply->at;
    reply->cells_done = 0;
    if (!(p = pass_blanks(reply, p)))
        return false;
    while (*p != ']' || done) {
        if (done == count)
            return wrong_width(reply, done + 1);
        reply->cells_done = done + 1;
        reply->cells[done].text = p;
        if (!(p = scan_cell(reply, p, &reply->cells[done])))
            return false;
        done++;
        if (*p != ',' && !(p = pass_blanks(reply, p)))
            return false;
        if (*p == ']')
            break;
        if (*p != ',') {
            reply->at = (size_t)(p - reply->stream.data);
            return ca_token_malformed(reply);
        }
        p++; /* a value must follow */
    }
    reply->at = (size_t)(p + 1 - reply->stream.data);
    reply->cells_done = 0;
    if (reply->at - reply->stream.unit > reply->stream.maximum)
        return ca_stream_too_long(&reply->stream, &reply->error);
    return done == count || wrong_width(reply, done);
}
