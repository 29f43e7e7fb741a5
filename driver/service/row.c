/* The hot path: one row of a reply into cells. Decides nothing about types, allocates nothing, copies
 * nothing. Behind the window stand zero octets, so a scan needs no bound: it stops there and receives more.
 */
#include <string.h>

#include "base/text.h"
#include "service/token.h"

#if defined(__x86_64__) && defined(__GNUC__)
#include <immintrin.h>
#define HAVE_AVX2 1
#endif

#define ALWAYS_INLINE     inline __attribute__((always_inline))
#define RARELY            __attribute__((noinline, cold))
#define LIKELY(condition) __builtin_expect(!!(condition), 1)

/* ---- what ends a string or a number ---- */

typedef const char *passer(const char *p);

/* The first octet at or after `p` that does not continue a number. */
static ALWAYS_INLINE const char *pass_number(const char *p)
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
        unsigned stop = (unsigned)_mm_movemask_epi8(number) ^ 0xFFFF;
        if (LIKELY(stop))
            return p + (unsigned)__builtin_ctz(stop);
    }
#else
    while (ca_is_digit(*p) || (*p && strchr(".-+eE", *p)))
        p++;
    return p;
#endif
}

#ifdef HAVE_AVX2
/* Sets of 32 octets; in memory, or the compiler makes them anew for each cell. */
typedef unsigned char octets_32 __attribute__((vector_size(32)));
#define TWICE(...)  __VA_ARGS__, __VA_ARGS__
#define ALL_32(c)   TWICE(TWICE(TWICE(TWICE(TWICE(c)))))
#define SET_32(set) _mm256_load_si256((const __m256i *)(const void *)&(set))

static const octets_32 quotes = {ALL_32('"')};
static const octets_32 backslashes = {ALL_32('\\')};
static const octets_32 controls = {ALL_32(0x1F)};
static const octets_32 lower_half = {ALL_32(0x0F)};
/* An octet of a number by its two halves: for each group of upper halves a bit, and for each lower half the
 * groups in which it is of a number. What is not ASCII is in no group. */
enum { SIGNS = 1, DIGITS = 2, LETTERS = 4 }; /* 0x2., 0x3., 0x4. and 0x6. */
static const octets_32 by_lower_half = {TWICE(DIGITS, DIGITS, DIGITS, DIGITS, DIGITS, DIGITS | LETTERS,
                                              DIGITS, DIGITS, DIGITS, DIGITS, 0, SIGNS, 0, SIGNS, SIGNS, 0)};
static const octets_32 by_upper_half = {
    TWICE(0, 0, SIGNS, DIGITS, LETTERS, 0, LETTERS, 0, 0, 0, 0, 0, 0, 0, 0, 0)};

/* ca_scan_string and pass_number for 32 octets at a time. */
__attribute__((target("avx2"))) static inline const char *pass_string_32(const char *p)
{
    for (;; p += 32) {
        __m256i v = _mm256_loadu_si256((const __m256i *)(const void *)p);
        __m256i control = _mm256_cmpeq_epi8(_mm256_min_epu8(v, SET_32(controls)), v);
        __m256i end =
            _mm256_or_si256(_mm256_cmpeq_epi8(v, SET_32(quotes)), _mm256_cmpeq_epi8(v, SET_32(backslashes)));
        unsigned stop = (unsigned)_mm256_movemask_epi8(_mm256_or_si256(end, control));
        if (LIKELY(stop))
            return p + (unsigned)__builtin_ctz(stop);
    }
}

__attribute__((target("avx2"))) static inline const char *pass_number_32(const char *p)
{
    for (;; p += 32) {
        __m256i v = _mm256_loadu_si256((const __m256i *)(const void *)p);
        __m256i low = _mm256_shuffle_epi8(SET_32(by_lower_half), v);
        __m256i high = _mm256_shuffle_epi8(SET_32(by_upper_half),
                                           _mm256_and_si256(_mm256_srli_epi16(v, 4), SET_32(lower_half)));
        __m256i other = _mm256_cmpeq_epi8(_mm256_and_si256(low, high), _mm256_setzero_si256());
        unsigned stop = (unsigned)_mm256_movemask_epi8(other);
        if (LIKELY(stop))
            return p + (unsigned)__builtin_ctz(stop);
    }
}
#endif

/* ---- the window's end, and the cells that are rare ---- */

/* Receives more behind `p`, a place in the row whose cells up to `last` (not included) are begun; gives the
 * new place of `p`, or NULL. Where there are whole rows before this one they are the batch: to hold them
 * while the window moves on would cost more than to begin this row again. */
static RARELY const char *receive(struct ca_reply *reply, const char *p, const struct ca_cell *last)
{
    reply->at = (size_t)(p - reply->stream.window.data);
    reply->cells_done = (size_t)(last - reply->cells);
    reply->row_cut = reply->cells_done > reply->columns.count;
    if (reply->row_cut)
        return NULL;
    return ca_token_more(reply) ? reply->stream.window.data + reply->at : NULL;
}

static RARELY const char *malformed(struct ca_reply *reply, const char *p)
{
    reply->at = (size_t)(p - reply->stream.window.data);
    ca_token_malformed(reply);
    return NULL;
}

/* receive() where a zero octet or another control character stopped the scan. */
static RARELY const char *more(struct ca_reply *reply, const char *p, const struct ca_cell *last)
{
    if (p < reply->stream.window.data + reply->stream.window.end)
        return malformed(reply, p); /* a control character, not the window's end */
    return receive(reply, p, last);
}

/* A string whose scan stopped at `p`, not at its end; text and kind of the cell are set. */
static RARELY const char *scan_long_string(struct ca_reply *reply, const char *p, struct ca_cell *cell)
{
    while (*p != '"') {
        if (*p == '\\' && p + 1 < reply->stream.window.data + reply->stream.window.end) {
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
    cell->octets = (size_t)(p - cell->text);
    return p + 1;
}

/* The cell is a number that the window's end cuts off at `p`. */
static RARELY const char *scan_long_number(struct ca_reply *reply, const char *p, struct ca_cell *cell)
{
    while (p == reply->stream.window.data + reply->stream.window.end) {
        if (!(p = receive(reply, p, cell + 1)))
            return NULL;
        p = pass_number(p);
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
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (words[i].word[0] != *p)
            continue;
        while (reply->stream.window.data + reply->stream.window.end - p < words[i].octets)
            if (!(p = receive(reply, p, cell)))
                return NULL;
        if (memcmp(p, words[i].word, words[i].octets) == 0) {
            *cell = (struct ca_cell){p, words[i].octets, words[i].kind, false};
            return p + words[i].octets;
        }
    }
    return malformed(reply, p);
}

static const char *scan_compound(struct ca_reply *reply, const char *p, struct ca_cell *cell)
{
    *cell = (struct ca_cell){p, 0, CA_CELL_COMPOUND, false};
    reply->at = (size_t)(p - reply->stream.window.data);
    reply->cells_done = (size_t)(cell + 1 - reply->cells);
    if (!ca_token_skip(reply))
        return NULL;
    cell->octets = (size_t)(reply->stream.window.data + reply->at - cell->text);
    return reply->stream.window.data + reply->at;
}

/* ---- cells ---- */

static ALWAYS_INLINE const char *scan_string(struct ca_reply *reply, const char *p, struct ca_cell *cell,
                                             passer *pass)
{
    const char *behind = pass(p + 1);
    *cell = (struct ca_cell){p + 1, (size_t)(behind - p - 1), CA_CELL_STRING, false};
    return LIKELY(*behind == '"') ? behind + 1 : scan_long_string(reply, behind, cell);
}

static ALWAYS_INLINE const char *scan_number(struct ca_reply *reply, const char *p, struct ca_cell *cell,
                                             passer *pass)
{
    const char *behind = pass(p);
    *cell = (struct ca_cell){p, (size_t)(behind - p), CA_CELL_NUMBER, false};
    return LIKELY(*behind) ? behind : scan_long_number(reply, behind, cell);
}

/* A value that stands behind blanks or is neither a string nor a number nor one of the three literals. */
static RARELY const char *scan_other(struct ca_reply *reply, const char *p, struct ca_cell *cell)
{
    for (;;) {
        if (*p == '"')
            return scan_string(reply, p, cell, ca_scan_string);
        if (*p == '[' || *p == '{')
            return scan_compound(reply, p, cell);
        if (ca_is_digit(*p) || *p == '-')
            return scan_number(reply, p, cell, pass_number);
        if ((unsigned char)*p > ' ')
            return scan_word(reply, p, cell);
        if (ca_text_is_blank(*p))
            p++;
        else if (!(p = more(reply, p, cell)))
            return NULL;
    }
}

/* The literals by their first four octets. Behind the window's end are zeros, which are in none. */
static inline const char *scan_literal(const char *p, struct ca_cell *cell)
{
    bool is_false = memcmp(p, "fals", 4) == 0 && p[4] == 'e';
    uint8_t kind = is_false ? CA_CELL_FALSE : CA_CELL_NULL;
    if (memcmp(p, "true", 4) == 0)
        kind = CA_CELL_TRUE;
    else if (!is_false && memcmp(p, "null", 4) != 0)
        return NULL;
    *cell = (struct ca_cell){p, 4U + is_false, kind, false};
    return p + cell->octets;
}

/* ---- rows ---- */

/* The next octet that is no blank; the cells before `last` are begun. */
static RARELY const char *pass_blanks(struct ca_reply *reply, const char *p, const struct ca_cell *last)
{
    while ((unsigned char)*p <= ' ') {
        if (ca_text_is_blank(*p))
            p++;
        else if (!(p = more(reply, p, last)))
            return NULL;
    }
    return p;
}

static RARELY const char *wrong_width(struct ca_reply *reply, size_t cells)
{
    unsigned columns = reply->columns.count;
    ca_error_set(&reply->error, "08S01", 0,
                 "The reply cannot be used: a row has %s%zu values where %u columns are described.",
                 cells > columns ? "more than " : "", cells > columns ? columns : cells, columns);
    return NULL;
}

/* The cells of a row from `p` on; returns the place of the `]`, or NULL. */
static ALWAYS_INLINE const char *scan_cells(struct ca_reply *reply, const char *p, struct ca_cell *cells,
                                            passer *string, passer *number)
{
    const struct ca_cell *end = cells + reply->columns.count;
    for (struct ca_cell *cell = cells;; p++) {
        const char *behind;
        if (cell == end)
            return wrong_width(reply, reply->columns.count + 1U);
        if (*p == '"')
            behind = scan_string(reply, p, cell, string);
        else if (ca_is_digit(*p) || *p == '-')
            behind = scan_number(reply, p, cell, number);
        else if (!(behind = scan_literal(p, cell)))
            behind = scan_other(reply, p, cell);
        cell++;
        if (!(p = behind))
            return NULL;
        if (LIKELY(*p == ','))
            continue; /* a value must follow */
        if ((unsigned char)*p <= ' ' && !(p = pass_blanks(reply, p, cell)))
            return NULL;
        if (*p == ']')
            return cell == end ? p : wrong_width(reply, (size_t)(cell - cells));
        if (*p != ',')
            return malformed(reply, p);
    }
}

static ALWAYS_INLINE bool scan_row(struct ca_reply *reply, struct ca_cell *cells, passer *string,
                                   passer *number)
{
    const char *p = reply->stream.window.data + reply->at + 1;
    reply->stream.unit = reply->at;
    if ((unsigned char)*p <= ' ' && !(p = pass_blanks(reply, p, cells)))
        return false;
    if (*p == ']' && reply->columns.count)
        p = wrong_width(reply, 0);
    else if (*p != ']')
        p = scan_cells(reply, p, cells, string, number);
    if (!p)
        return false;
    reply->at = (size_t)(p + 1 - reply->stream.window.data);
    return reply->at - reply->stream.unit <= reply->stream.maximum ||
           ca_stream_too_long(&reply->stream, &reply->error);
}

/* Rows with nothing but `,` between them. */
static ALWAYS_INLINE bool scan_rows(struct ca_reply *reply, struct ca_rows *rows, passer *string,
                                    passer *number)
{
    struct ca_cell *cells = reply->cells + rows->count * reply->columns.count;
    for (;;) {
        if (!scan_row(reply, cells, string, number))
            return false;
        rows->offsets[rows->count++] = reply->stream.unit - reply->stream.keep;
        rows->behind = reply->at - reply->stream.keep;
        const char *p = reply->stream.window.data + reply->at;
        if (rows->count == rows->wanted || p[0] != ',' || p[1] != '[')
            return true;
        reply->at++;
        cells += reply->columns.count;
    }
}

static bool scan_rows_narrow(struct ca_reply *reply, struct ca_rows *rows)
{
    return scan_rows(reply, rows, ca_scan_string, pass_number);
}

#ifdef HAVE_AVX2
__attribute__((target("avx2"))) static bool scan_rows_wide(struct ca_reply *reply, struct ca_rows *rows)
{
    return scan_rows(reply, rows, pass_string_32, pass_number_32);
}
#endif

bool ca_rows_scan(struct ca_reply *reply, struct ca_rows *rows)
{
#ifdef HAVE_AVX2
    if (reply->wide)
        return scan_rows_wide(reply, rows);
#endif
    return scan_rows_narrow(reply, rows);
}

bool ca_row_scan(struct ca_reply *reply)
{
    size_t offset;
    struct ca_rows row = {.wanted = 1, .offsets = &offset};
    return ca_rows_scan(reply, &row);
}

bool ca_row_scan_is_wide(void)
{
#ifdef HAVE_AVX2
    return __builtin_cpu_supports("avx2");
#else
    return false;
#endif
}
