/* JSON tokens over the window of a reply. Each function leaves reply->at behind what it read; when the
 * window ends inside a token more is received. false: reply->error is set. */
#ifndef CA_SERVICE_TOKEN_H
#define CA_SERVICE_TOKEN_H

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "service/reply.h"

/* Receives more, and adjusts reply->at, all kept offsets and the cells of the rows that are being read. */
enum ca_pull ca_token_pull(struct ca_reply *reply, struct ca_error *error);
/* The same inside a token; false at the end of the body or on failure (error set). */
bool ca_token_more(struct ca_reply *reply);
/* The next octet that is no blank, not consumed; 0 on failure. */
char ca_token_peek(struct ca_reply *reply);
/* Consumes `wanted` after blanks. */
bool ca_token_expect(struct ca_reply *reply, char wanted);
/* Passes over one value of any kind; it stays in the window. */
bool ca_token_skip(struct ca_reply *reply);
/* Passes over one value and appends its text to `copy`. */
bool ca_token_copy(struct ca_reply *reply, struct ca_buffer *copy);
/* Reads `"name":` into `name` (raw; names with escapes match nothing). */
bool ca_token_name(struct ca_reply *reply, char *name, size_t capacity);
/* Fails the reply: the JSON is broken at the place where it stands. */
bool ca_token_malformed(struct ca_reply *reply);

/* First of `"`, `\` or a control character at or after `p`; needs CA_CELL_PADDING readable octets. */
static inline const char *ca_scan_string(const char *p)
{
#ifdef __SSE2__
    const __m128i quote = _mm_set1_epi8('"');
    const __m128i backslash = _mm_set1_epi8('\\');
    const __m128i control = _mm_set1_epi8(0x1F);
    for (;; p += 16) {
        __m128i v = _mm_loadu_si128((const __m128i *)(const void *)p);
        __m128i stop = _mm_or_si128(_mm_cmpeq_epi8(v, quote), _mm_cmpeq_epi8(v, backslash));
        stop = _mm_or_si128(stop, _mm_cmpeq_epi8(_mm_min_epu8(v, control), v));
        unsigned mask = (unsigned)_mm_movemask_epi8(stop);
        if (mask)
            return p + (unsigned)__builtin_ctz(mask);
    }
#else
    while (*p != '"' && *p != '\\' && (unsigned char)*p >= 0x20)
        p++;
    return p;
#endif
}

/* Rows of a batch. */
struct ca_rows {
    size_t wanted;
    size_t count;    /* of those that were read */
    size_t *offsets; /* where each begins, counted from stream.keep */
    size_t behind;   /* the last of them, counted likewise */
};

/* Reads the row at reply->at (which stands on its `[`) and those that follow it at once, up to `wanted`, into
 * reply->cells behind the `count` rows that are there. All of them move with the window. false: reply->error
 * is set, or the window ends in the row behind `count` rows (reply->row_cut). */
bool ca_rows_scan(struct ca_reply *reply, struct ca_rows *rows);
/* Reads one row into reply->cells. */
bool ca_row_scan(struct ca_reply *reply);
/* Whether this processor reads 32 octets at a time. */
bool ca_row_scan_is_wide(void);

#endif
