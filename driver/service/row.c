/* The hot path: one row of a reply into cells. Decides nothing about types, allocates nothing, copies
 * nothing. Behind the window stand zero octets, so a scan needs no bound: it stops there and receives more.
 */
#include <string.h>

#include "base/text.h"
#include "service/token.h"

/* Receives more behind `p`, a place in the row whose cells up to `last` (not included) are begun; gives the
 * new place of `p`, or NULL. */
static const char *receive(struct ca_reply *reply, const char *p, const struct ca_cell *last)
{
    reply->at = (size_t)(p - reply->stream.data);
    reply->cells_done = (size_t)(last - reply->cells);
    return ca_token_more(reply) ? reply->stream.data + reply->at : NULL;
}

/* The same where a zero octet or another control character stopped the scan. */
static const char *more(struct ca_reply *reply, const char *p, const struct ca_cell *last)
{
    if (p < reply->stream.data + reply->stream.end) {
        ca_token_malformed(reply); /* a control character, not the window's end */
        return NULL;
    }
    return receive(reply, p, last);
}

/* A string that goes on behind its first octets; `p` is where the scan stopped. */
static __attribute__((noinline)) const char *scan_long_string(struct ca_reply *reply, const char *p,
                                                              struct ca_cell *cell)
{
    for (;;) {
        if (*p == '"') {
            cell->octets = (size_t)(p - cell->text);
            return p + 1;
        }
        if (*p == '\\' && p + 1 < reply->stream.data + reply->stream.end) {
            cell->escaped = true;
            p += 2;
        } else if (*p == '\\') { /* cut by the window's end: receive without losing the backslash */
            p = receive(reply, p, cell + 1);
        } else {
            p = more(reply, p, cell + 1);
        }
        if (!p)
            return NULL;
        p = ca_scan_string(p);
    }
}

/* `p` stands behind the quote; returns the place behind the closing one. */
static inline const char *scan_string(struct ca_reply *reply, const char *p, struct ca_cell *cell)
{
    cell->kind = CA_CELL_STRING;
    cell->escaped = false;
    cell->text = p;
    p = ca_scan_string(p);
    if (__builtin_expect(*p != '"', 0))
        return scan_long_string(reply, p, cell);
    cell->octets = (size_t)(p - cell->text);
    return p + 1;
}

/* The first octet at or after `p` that does not continue a number. */
static inline const char *pass_number(const char *p)
{
#ifdef __SSE2__
    for (;; p += 16) {
        /* From '+' to '9' without ',' and '/', and the exponent's letter. */
        __m128i v = _mm_loadu_si128((const __m128i *)(const void *)p);
        __m128i above = _mm_sub_epi8(v, _mm_set1_epi8('+'));
        __m128i within = _mm_cmpeq_epi8(_mm_min_epu8(above, _mm_set1_epi8('9' - '+')), above);
        __m128i other =
            _mm_or_si128(_mm_cmpeq_epi8(v, _mm_set1_epi8(',')), _mm_cmpeq_epi8(v, _mm_set1_epi8('/')));
        __m128i letter = _mm_cmpeq_epi8(_mm_or_si128(v, _mm_set1_epi8(0x20)), _mm_set1_epi8('e'));
        __m128i number = _mm_or_si128(_mm_andnot_si128(other, within), letter);
        unsigned stop = ~(unsigned)_mm_movemask_epi8(number) & 0xFFFF;
        if (stop)
            return p + __builtin_ctz(stop);
    }
#else
    while (ca_is_digit(*p) || (*p && strchr(".-+eE", *p)))
        p++;
    return p;
#endif
}

static inline const char *scan_number(struct ca_reply *reply, const char *p, struct ca_cell *cell)
{
    cell->kind = CA_CELL_NUMBER;
    cell->escaped = false;
    cell->text = p;
    while (!*(p = pass_number(p)) && p == reply->stream.data + reply->stream.end)
        if (!(p = receive(reply, p, cell + 1)))
            return NULL;
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
        if (words[i].word[0] != *p)
            continue;
        while (reply->stream.data + reply->stream.end - p < words[i].octets)
            if (!(p = receive(reply, p, cell + 1)))
                return NULL;
        if (memcmp(p, words[i].word, words[i].octets) == 0) {
            cell->kind = words[i].kind;
            cell->octets = words[i].octets;
            return p + words[i].octets;
        }
    }
    reply->at = (size_t)(p - reply->stream.data);
    ca_token_malformed(reply);
    return NULL;
}

static const char *scan_compound(struct ca_reply *reply, const char *p, struct ca_cell *cell)
{
    cell->kind = CA_CELL_COMPOUND;
    cell->escaped = false;
    cell->text = p;
    reply->at = (size_t)(p - reply->stream.data);
    reply->cells_done = (size_t)(cell + 1 - reply->cells);
    if (!ca_token_skip(reply))
        return NULL;
    cell->octets = (size_t)(reply->stream.data + reply->at - cell->text);
    return reply->stream.data + reply->at;
}

/* A value that is neither string nor number, or stands behind blanks. */
static __attribute__((noinline)) const char *scan_other(struct ca_reply *reply, const char *p,
                                                        struct ca_cell *cell)
{
    for (;;) {
        if (*p == '"')
            return scan_string(reply, p + 1, cell);
        if (*p == '[' || *p == '{')
            return scan_compound(reply, p, cell);
        if (ca_is_digit(*p) || *p == '-')
            return scan_number(reply, p, cell);
        if ((unsigned char)*p > ' ')
            return scan_word(reply, p, cell);
        if (ca_text_is_blank(*p))
            p++;
        else if (!(p = more(reply, p, cell)))
            return NULL;
    }
}

/* The literals by their first four octets; what lies behind the window's end are zeros, and matches none. */
static inline const char *scan_literal(const char *p, struct ca_cell *cell)
{
    unsigned char kind = CA_CELL_NULL;
    size_t octets = 4;
    if (memcmp(p, "true", 4) == 0)
        kind = CA_CELL_TRUE;
    else if (memcmp(p, "fals", 4) == 0 && p[4] == 'e')
        kind = CA_CELL_FALSE, octets = 5;
    else if (memcmp(p, "null", 4) != 0)
        return NULL;
    *cell = (struct ca_cell){.text = p, .octets = octets, .kind = kind};
    return p + octets;
}

static inline const char *scan_cell(struct ca_reply *reply, const char *p, struct ca_cell *cell)
{
    if (*p == '"')
        return scan_string(reply, p + 1, cell);
    if (ca_is_digit(*p) || *p == '-')
        return scan_number(reply, p, cell);
    const char *behind = scan_literal(p, cell);
    return behind ? behind : scan_other(reply, p, cell);
}

/* The next octet that is no blank; the cells before `last` are begun. */
static const char *pass_blanks(struct ca_reply *reply, const char *p, const struct ca_cell *last)
{
    for (;;) {
        if ((unsigned char)*p > ' ')
            return p;
        if (ca_text_is_blank(*p))
            p++;
        else if (!(p = more(reply, p, last)))
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

bool ca_row_scan(struct ca_reply *reply, struct ca_cell *cells)
{
    const struct ca_cell *end = cells + reply->columns.count;
    struct ca_cell *cell = cells;
    reply->stream.unit = reply->at;
    const char *p = pass_blanks(reply, reply->stream.data + reply->at + 1, cell);
    if (!p)
        return false;
    while (*p != ']' || cell > cells) {
        if (cell == end)
            return wrong_width(reply, reply->columns.count + 1);
        if (!(p = scan_cell(reply, p, cell++)))
            return false;
        if (*p == ',') {
            p++; /* a value must follow */
            continue;
        }
        if (!(p = pass_blanks(reply, p, cell)))
            return false;
        if (*p == ']')
            break;
        if (*p != ',') {
            reply->at = (size_t)(p - reply->stream.data);
            return ca_token_malformed(reply);
        }
        p++;
    }
    reply->at = (size_t)(p + 1 - reply->stream.data);
    if (reply->at - reply->stream.unit > reply->stream.maximum)
        return ca_stream_too_long(&reply->stream, &reply->error);
    return cell == end || wrong_width(reply, (unsigned)(cell - cells));
}
