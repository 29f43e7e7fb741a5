/* Owns the cutting of text and octets at the end of an application's buffer. No character is ever given in
 * part; what was left is exact to the octet. Knows no type.
 * Rules: ODBC reference, SQLGetData, "Retrieving Variable-Length Data in Parts". */
#include "data/delivery.h"

#include "data/jsontext.h"

/* Octets up to the first escape; all of them where there is none. */
static size_t plain_run(const char *text, size_t octets, bool escaped)
{
    return escaped ? ca_plain_run(text, octets) : octets;
}

static size_t measure_char(const char *text, size_t octets, bool escaped)
{
    size_t length = 0;
    for (size_t at = 0; at < octets;) {
        uint32_t character;
        char utf8[4];
        size_t run = plain_run(text + at, octets - at, escaped);
        length += run;
        at += run;
        if (at == octets)
            break;
        at += ca_json_read(text + at, octets - at, true, &character);
        length += ca_utf8_write(utf8, character);
    }
    return length;
}

static size_t measure_wide(const char *text, size_t octets, bool escaped)
{
    size_t units = 0;
    for (size_t at = 0; at < octets;) {
        uint32_t character;
        at += ca_json_read(text + at, octets - at, escaped, &character);
        units += CA_WIDE_OCTETS == 2 && character >= 0x10000 ? 2 : 1;
    }
    return units;
}

/* Both writers put as many whole characters as fit; *taken is set to the octets of the source they took. */
static size_t write_char(char *target, size_t room, const char *text, size_t octets, bool escaped,
                         size_t *taken)
{
    size_t written = 0;
    size_t at = 0;
    while (at < octets) {
        uint32_t character;
        char utf8[4];
        size_t run = plain_run(text + at, octets - at, escaped);
        size_t cut = ca_utf8_cut(text + at, run, room - written);
        memcpy(target + written, text + at, cut);
        written += cut;
        at += cut;
        if (cut < run || at == octets)
            break;
        size_t source = ca_json_read(text + at, octets - at, true, &character);
        size_t length = ca_utf8_write(utf8, character);
        if (length > room - written)
            break;
        memcpy(target + written, utf8, length);
        written += length;
        at += source;
    }
    *taken = at;
    return written;
}

/* A character of two or three octets, by far most of what is not ASCII; its length, or 0 for everything else.
 */
static inline size_t read_common(const unsigned char *text, size_t octets, uint32_t *character)
{
    if (octets >= 2 && text[0] >= 0xC2 && text[0] <= 0xDF && (text[1] & 0xC0) == 0x80) {
        *character = (text[0] & 0x1FU) << 6 | (text[1] & 0x3FU);
        return 2;
    }
    if (octets >= 3 && (text[0] & 0xF0) == 0xE0 && (text[1] & 0xC0) == 0x80 && (text[2] & 0xC0) == 0x80) {
        uint32_t value = (text[0] & 0x0FU) << 12 | (text[1] & 0x3FU) << 6 | (text[2] & 0x3FU);
        *character = value;
        return value >= 0x800 && (value & 0xF800) != 0xD800 ? 3 : 0;
    }
    return 0;
}

/* Widens eight characters if there are as many, all of them ASCII and no backslash; 0 if not. */
static inline size_t widen_plain(char *target, size_t room, const char *text, size_t octets)
{
#ifdef CA_WIDEN_SSE2
    if (octets < 8 || room < 8)
        return 0;
    __m128i block = _mm_loadl_epi64((const __m128i *)(const void *)text);
    __m128i special = _mm_or_si128(block, _mm_cmpeq_epi8(block, _mm_set1_epi8('\\')));
    _mm_storeu_si128((__m128i *)(void *)target, _mm_unpacklo_epi8(block, _mm_setzero_si128()));
    return _mm_movemask_epi8(special) ? 0 : 8;
#else
    (void)target, (void)room, (void)text, (void)octets;
    return 0;
#endif
}

static size_t write_wide(char *target, size_t room, const char *text, size_t octets, bool escaped,
                         size_t *taken)
{
    size_t written = 0;
    size_t at = 0;
    while (at < octets && written < room) {
        size_t plain =
            widen_plain(target + written * sizeof(ca_wide), room - written, text + at, octets - at);
        if (plain) {
            written += plain;
            at += plain;
            continue;
        }
        uint32_t character = (unsigned char)text[at];
        size_t source = 1;
        if (character >= 0x80)
            source = read_common((const unsigned char *)text + at, octets - at, &character);
        if (source && (character != '\\' || !escaped)) {
            ca_store_unit(target + written++ * sizeof(ca_wide), (ca_wide)character);
            at += source;
            continue;
        }
        ca_wide units[2];
        source = ca_json_read(text + at, octets - at, escaped, &character);
        size_t count = ca_wide_write(units, character);
        if (count > room - written)
            break;
        memcpy(target + written * sizeof(ca_wide), units, count * sizeof(ca_wide));
        written += count;
        at += source;
    }
    *taken = at;
    return written;
}

/* What char and wide delivery differ in. */
struct encoding {
    size_t unit; /* octets */
    size_t (*measure)(const char *text, size_t octets, bool escaped);
    size_t (*write)(char *target, size_t room, const char *text, size_t octets, bool escaped, size_t *taken);
};

static enum ca_conversion deliver(const struct encoding *encoding, const struct ca_delivery *text,
                                  const struct ca_target *target, char *data, SQLLEN *length,
                                  struct ca_part *part)
{
    bool started = part && part->started;
    size_t at = started ? part->source : 0;
    if (started && at >= text->octets)
        return CA_CONVERT_NO_DATA;
    size_t units = target->capacity > 0 && data ? (size_t)target->capacity / encoding->unit : 0;
    size_t room = units ? units - 1 : 0; /* behind the text there is a terminator */
    /* SQLGetData may ask with an empty buffer how much there is; everything else must keep the whole part. */
    bool probe = !data || (part && room == 0);
    if (at == 0 && !probe && room < text->whole)
        return CA_CONVERT_RANGE;
    size_t taken = 0;
    size_t written = 0;
    if (room > 0)
        written = encoding->write(data, room, text->text + at, text->octets - at, text->escaped, &taken);
    if (units > 0)
        memset(data + written * encoding->unit, 0, encoding->unit);
    size_t rest = started
                      ? part->remaining - written
                      : encoding->measure(text->text + at + taken, text->octets - at - taken, text->escaped);
    if (length)
        *length = (SQLLEN)((written + rest) * encoding->unit);
    if (!data)
        return CA_CONVERTED;
    if (part) {
        part->source = at + taken;
        part->remaining = rest;
        part->started = true;
    }
    return rest > 0 ? CA_CONVERT_TRUNCATED : CA_CONVERTED;
}

enum ca_conversion ca_deliver_char(const struct ca_delivery *text, const struct ca_target *target, void *data,
                                   SQLLEN *length, struct ca_part *part)
{
    static const struct encoding utf8 = {1, measure_char, write_char};
    return deliver(&utf8, text, target, data, length, part);
}

enum ca_conversion ca_deliver_wide(const struct ca_delivery *text, const struct ca_target *target, void *data,
                                   SQLLEN *length, struct ca_part *part)
{
    static const struct encoding wide = {sizeof(ca_wide), measure_wide, write_wide};
    return deliver(&wide, text, target, data, length, part);
}

/* What the raw forms of text differ in: a character as octets. */
struct raw_encoding {
    size_t unit; /* octets that measure counts in */
    size_t (*measure)(const char *text, size_t octets, bool escaped);
    size_t (*write)(char *octets, uint32_t character); /* returns octets */
};

static size_t write_wide_octets(char *octets, uint32_t character)
{
    ca_wide units[2];
    size_t count = ca_wide_write(units, character);
    memcpy(octets, units, count * sizeof(ca_wide));
    return count * sizeof(ca_wide);
}

/* Fills the room to the last octet: of the character at the end some octets may be left for the next part
 * (*carried of them are given). */
static size_t write_octets(const struct raw_encoding *encoding, char *target, size_t room,
                           const struct ca_delivery *text, size_t *at, size_t *carried)
{
    size_t written = 0;
    while (*at < text->octets && written < room) {
        uint32_t character;
        char octets[2 * sizeof(uint32_t)];
        size_t source = ca_json_read(text->text + *at, text->octets - *at, text->escaped, &character);
        size_t left = encoding->write(octets, character) - *carried;
        size_t count = left < room - written ? left : room - written;
        memcpy(target + written, octets + *carried, count);
        written += count;
        *carried = count < left ? *carried + count : 0;
        if (*carried == 0)
            *at += source;
    }
    return written;
}

static enum ca_conversion deliver_raw_text(const struct raw_encoding *encoding,
                                           const struct ca_delivery *text, const struct ca_target *target,
                                           void *data, SQLLEN *length, struct ca_part *part)
{
    struct ca_part whole = {0};
    struct ca_part *progress = part && data ? part : &whole;
    if (part && part->started && part->source >= text->octets)
        return CA_CONVERT_NO_DATA;
    if (part && !data)
        whole = *part;
    if (!progress->started)
        progress->remaining = encoding->measure(text->text, text->octets, text->escaped) * encoding->unit;
    size_t room = data && target->capacity > 0 ? (size_t)target->capacity : 0;
    if (length)
        *length = (SQLLEN)progress->remaining;
    if (!data)
        return CA_CONVERTED;
    progress->started = true;
    if (room > 0)
        progress->remaining -=
            write_octets(encoding, data, room, text, &progress->source, &progress->carried);
    return progress->remaining > 0 ? CA_CONVERT_TRUNCATED : CA_CONVERTED;
}

enum ca_conversion ca_deliver_octets(const struct ca_delivery *text, const struct ca_target *target,
                                     void *data, SQLLEN *length, struct ca_part *part)
{
    static const struct raw_encoding utf8 = {1, measure_char, ca_utf8_write};
    return deliver_raw_text(&utf8, text, target, data, length, part);
}

enum ca_conversion ca_deliver_wide_octets(const struct ca_delivery *text, const struct ca_target *target,
                                          void *data, SQLLEN *length, struct ca_part *part)
{
    static const struct raw_encoding wide = {sizeof(ca_wide), measure_wide, write_wide_octets};
    return deliver_raw_text(&wide, text, target, data, length, part);
}

enum ca_conversion ca_deliver_raw(const void *value, size_t octets, const struct ca_target *target,
                                  void *data, SQLLEN *length, struct ca_part *part)
{
    if (part && part->started)
        return CA_CONVERT_NO_DATA;
    if (length)
        *length = (SQLLEN)octets;
    if (!data)
        return CA_CONVERTED;
    if (target->capacity < (SQLLEN)octets)
        return part && target->capacity <= 0 ? CA_CONVERT_TRUNCATED : CA_CONVERT_RANGE;
    memcpy(data, value, octets);
    if (part)
        part->started = true;
    return CA_CONVERTED;
}
