/* Text and octets → an application's buffer: where to cut, the terminator, the length, the parts of
 * SQLGetData. The inline functions are the way of nearly every cell; the others know every case. */
#ifndef CA_DATA_DELIVERY_H
#define CA_DATA_DELIVERY_H

#include <string.h>

#include "base/utf.h"
#include "data/convert.h"

#ifdef __SSE2__
#include <emmintrin.h>
#if CA_WIDE_OCTETS == 2
#define CA_WIDEN_SSE2 1
#endif
#endif

/* A text to deliver: UTF-8, or the inside of a JSON string where `escaped`. */
struct ca_delivery {
    const char *text;
    size_t octets;
    bool escaped;
    size_t whole; /* so many leading (ASCII) characters must fit, else 22003: the whole digits of a number */
};

/* A cell as it stands: JSON booleans and compound values as their JSON text. */
static inline struct ca_delivery ca_delivery_of_cell(const struct ca_cell *cell)
{
    switch (cell->kind) {
    case CA_CELL_TRUE:
        return (struct ca_delivery){"true", 4, false, 0};
    case CA_CELL_FALSE:
        return (struct ca_delivery){"false", 5, false, 0};
    case CA_CELL_COMPOUND:
        return (struct ca_delivery){cell->text, cell->octets, false, 0};
    default:
        return (struct ca_delivery){cell->text, cell->octets, cell->escaped, 0};
    }
}

/* Each takes the arguments of a converter. */
typedef enum ca_conversion ca_deliverer(const struct ca_delivery *text, const struct ca_target *target,
                                        void *data, SQLLEN *length, struct ca_part *part);
ca_deliverer ca_deliver_char, ca_deliver_wide;
/* UTF-8 without terminator, for SQL_C_BINARY. */
ca_deliverer ca_deliver_octets;
/* Wide units without terminator, for SQL_C_BINARY of columns described as wide text. */
ca_deliverer ca_deliver_wide_octets;
/* The raw form of a fixed-length value for SQL_C_BINARY: all or 22003. */
enum ca_conversion ca_deliver_raw(const void *value, size_t octets, const struct ca_target *target,
                                  void *data, SQLLEN *length, struct ca_part *part);
/* Whether SQLGetData has been given this value of fixed length already; if not, it counts as given now. */
static inline bool ca_part_given(struct ca_part *part)
{
    if (!part)
        return false;
    bool given = part->started;
    part->started = true;
    return given;
}

/* A value of a fixed-length C type. */
#define CA_STORE(data, value, length)                \
    do {                                             \
        if (data)                                    \
            memcpy((data), &(value), sizeof(value)); \
        if (length)                                  \
            *(length) = (SQLLEN)sizeof(value);       \
    } while (0)

/* The end of a conversion in one part. */
static inline enum ca_conversion ca_given_whole(SQLLEN octets, SQLLEN *length, struct ca_part *part)
{
    if (length)
        *length = octets;
    if (part) {
        part->source = SIZE_MAX;
        part->started = true;
    }
    return CA_CONVERTED;
}

/* Short texts without a call. Blocks overlap at the end, so that nothing is written behind the text. */
static inline void ca_copy(char *target, const char *text, size_t octets)
{
    if (octets > 16) {
        memcpy(target, text, octets);
    } else if (octets >= 8) {
        memcpy(target, text, 8);
        memcpy(target + octets - 8, text + octets - 8, 8);
    } else if (octets >= 4) {
        memcpy(target, text, 4);
        memcpy(target + octets - 4, text + octets - 4, 4);
    } else {
        for (size_t i = 0; i < octets; i++)
            target[i] = text[i];
    }
}

/* Text that is not escaped into SQL_C_CHAR; false (nothing done) if it does not fit whole. */
static inline bool ca_put_char(const char *text, size_t octets, const struct ca_target *target, char *data,
                               SQLLEN *given)
{
    if ((SQLLEN)octets >= target->capacity)
        return false;
    ca_copy(data, text, octets);
    data[octets] = '\0';
    *given = (SQLLEN)octets;
    return true;
}

/* The octets in front of the first backslash, at most `octets`. */
static inline size_t ca_plain_run(const char *text, size_t octets)
{
#ifdef __SSE2__
    for (size_t at = 0; at < octets; at += 16) {
        __m128i v = _mm_loadu_si128((const __m128i *)(const void *)(text + at));
        unsigned found = (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(v, _mm_set1_epi8('\\')));
        size_t run = at + (unsigned)__builtin_ctz(found | 0x10000);
        if (found)
            return run < octets ? run : octets;
    }
    return octets;
#else
    const char *backslash = memchr(text, '\\', octets);
    return backslash ? (size_t)(backslash - text) : octets;
#endif
}

static inline void ca_store_unit(char *target, ca_wide unit)
{
    memcpy(target, &unit, sizeof unit);
}

#ifdef CA_WIDEN_SSE2
/* Widens 16 characters; the result has a bit set for each that is not ASCII. */
static inline int ca_widen_16(char *target, const char *text)
{
    __m128i octets = _mm_loadu_si128((const __m128i *)(const void *)text);
    _mm_storeu_si128((__m128i *)(void *)target, _mm_unpacklo_epi8(octets, _mm_setzero_si128()));
    _mm_storeu_si128((__m128i *)(void *)(target + 16), _mm_unpackhi_epi8(octets, _mm_setzero_si128()));
    return _mm_movemask_epi8(octets);
}

static inline int ca_widen_8(char *target, const char *text)
{
    __m128i octets = _mm_loadl_epi64((const __m128i *)(const void *)text);
    _mm_storeu_si128((__m128i *)(void *)target, _mm_unpacklo_epi8(octets, _mm_setzero_si128()));
    return _mm_movemask_epi8(octets);
}

static inline int ca_widen_4(char *target, const char *text)
{
    int32_t word;
    memcpy(&word, text, sizeof word);
    __m128i octets = _mm_cvtsi32_si128(word);
    _mm_storel_epi64((__m128i *)(void *)target, _mm_unpacklo_epi8(octets, _mm_setzero_si128()));
    return _mm_movemask_epi8(octets);
}
#endif

/* ASCII → wide units; false if a character was not ASCII (the target then holds rubbish). Blocks overlap at
 * the end, so that nothing is written behind the text. */
static inline bool ca_widen(char *target, const char *text, size_t octets)
{
#ifdef CA_WIDEN_SSE2
    int high = 0;
    if (octets >= 16) {
        size_t last = octets - 16;
        for (size_t at = 0; at < last; at += 16)
            high |= ca_widen_16(target + 2 * at, text + at);
        return (high | ca_widen_16(target + 2 * last, text + last)) == 0;
    }
    if (octets >= 8) {
        high = ca_widen_8(target, text);
        return (high | ca_widen_8(target + 2 * (octets - 8), text + octets - 8)) == 0;
    }
    if (octets >= 4) {
        high = ca_widen_4(target, text);
        return (high | ca_widen_4(target + 2 * (octets - 4), text + octets - 4)) == 0;
    }
#endif
    unsigned char all = 0;
    for (size_t i = 0; i < octets; i++) {
        all |= (unsigned char)text[i];
        ca_store_unit(target + i * sizeof(ca_wide), (unsigned char)text[i]);
    }
    return all < 0x80;
}

/* ASCII text that is not escaped into SQL_C_WCHAR; false if it does not fit whole or is not ASCII. */
static inline bool ca_put_wide(const char *text, size_t octets, const struct ca_target *target, char *data,
                               SQLLEN *given)
{
    if ((SQLLEN)((octets + 1) * sizeof(ca_wide)) > target->capacity || !ca_widen(data, text, octets))
        return false;
    ca_store_unit(data + octets * sizeof(ca_wide), 0);
    *given = (SQLLEN)(octets * sizeof(ca_wide));
    return true;
}

#endif
