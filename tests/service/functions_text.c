/* The string functions of the dialect (SERVICE.md section 5), by characters. See functions_parts.h. */
#include "functions_parts.h"

#include <stdlib.h>
#include <string.h>

enum { RESULT_MAX = 64 * 1024 * 1024 };

/* Room for a result; NULL with the error set. */
static char *result_room(sqlite3_context *context, uint64_t octets)
{
    char *room = NULL;

    if (octets > RESULT_MAX)
        sqlite3_result_error_toobig(context);
    else if (!(room = sqlite3_malloc64(octets + 1)))
        sqlite3_result_error_nomem(context);
    return room;
}

static void result_own(sqlite3_context *context, char *text, size_t octets)
{
    sqlite3_result_text64(context, text, octets, sqlite3_free, SQLITE_UTF8);
}

static size_t count_of(sqlite3_value *value)
{
    int64_t count = sqlite3_value_int64(value);

    return count < 0 ? 0 : count > RESULT_MAX ? RESULT_MAX : (size_t)count;
}

void text_ascii(sqlite3_context *context, int count, sqlite3_value **values)
{
    struct slice text = slice_of(values[0]);
    size_t at = 0;

    (void)count;
    if (text.octets > 0)
        sqlite3_result_int64(context, slice_next(text, &at));
}

/* Characters before the first needle after `start` characters; -1: it is not there. */
static int64_t index_of(struct slice text, struct slice needle, int64_t start)
{
    size_t from = start > 0 ? slice_prefix(text, (size_t)start) : 0;
    size_t found = slice_find(text, needle, from);

    return found == SIZE_MAX ? -1 : (int64_t)slice_chars((struct slice){text.data, found});
}

/* CHARINDEX(find, search [, start]): from 0, -1 where it is not. */
void text_charindex(sqlite3_context *context, int count, sqlite3_value **values)
{
    int64_t start = count > 2 ? sqlite3_value_int64(values[2]) : 0;

    sqlite3_result_int64(context, index_of(slice_of(values[1]), slice_of(values[0]), start));
}

/* INDEXOF(search, find [, start]): as CHARINDEX, the other way round. */
void text_indexof(sqlite3_context *context, int count, sqlite3_value **values)
{
    int64_t start = count > 2 ? sqlite3_value_int64(values[2]) : 0;

    sqlite3_result_int64(context, index_of(slice_of(values[0]), slice_of(values[1]), start));
}

/* LOCATE(find, search), POSITION(find IN search): from 1, 0 where it is not. */
void text_locate(sqlite3_context *context, int count, sqlite3_value **values)
{
    (void)count;
    sqlite3_result_int64(context, index_of(slice_of(values[1]), slice_of(values[0]), 0) + 1);
}

void text_concat(sqlite3_context *context, int count, sqlite3_value **values)
{
    uint64_t octets = 0;
    char *room;
    char *p;

    for (int i = 0; i < count; i++)
        octets += slice_of(values[i]).octets;
    room = p = result_room(context, octets);
    if (!room)
        return;
    for (int i = 0; i < count; i++) {
        struct slice text = slice_of(values[i]);

        memcpy(p, text.data, text.octets);
        p += text.octets;
    }
    result_own(context, room, (size_t)octets);
}

void text_contains(sqlite3_context *context, int count, sqlite3_value **values)
{
    (void)count;
    sqlite3_result_int(context, slice_find(slice_of(values[0]), slice_of(values[1]), 0) != SIZE_MAX);
}

void text_startswith(sqlite3_context *context, int count, sqlite3_value **values)
{
    struct slice text = slice_of(values[0]);
    struct slice prefix = slice_of(values[1]);

    (void)count;
    sqlite3_result_int(context,
                       prefix.octets <= text.octets && memcmp(text.data, prefix.data, prefix.octets) == 0);
}

void text_endswith(sqlite3_context *context, int count, sqlite3_value **values)
{
    struct slice text = slice_of(values[0]);
    struct slice suffix = slice_of(values[1]);

    (void)count;
    sqlite3_result_int(context,
                       suffix.octets <= text.octets &&
                           memcmp(text.data + text.octets - suffix.octets, suffix.data, suffix.octets) == 0);
}

void text_left(sqlite3_context *context, int count, sqlite3_value **values)
{
    struct slice text = slice_of(values[0]);

    (void)count;
    result_slice(context, (struct slice){text.data, slice_prefix(text, count_of(values[1]))});
}

void text_right(sqlite3_context *context, int count, sqlite3_value **values)
{
    struct slice text = slice_of(values[0]);
    size_t chars = slice_chars(text);
    size_t wanted = count_of(values[1]);
    size_t from = wanted >= chars ? 0 : slice_prefix(text, chars - wanted);

    (void)count;
    result_slice(context, (struct slice){text.data + from, text.octets - from});
}

/* SUBSTRING(s FROM start FOR length): from 1; what lies before the text counts and gives nothing. */
void text_substring(sqlite3_context *context, int count, sqlite3_value **values)
{
    struct slice text = slice_of(values[0]);
    int64_t start = sqlite3_value_int64(values[1]);
    int64_t length = count > 2 ? sqlite3_value_int64(values[2]) : INT64_MAX;
    size_t from;
    size_t to;

    if (length < 0) {
        sqlite3_result_error(context, "SUBSTRING: the length is negative.", -1);
        return;
    }
    if (start < 1) {
        length = length == INT64_MAX ? length : start < -RESULT_MAX ? 0 : length + start - 1;
        start = 1;
    }
    from = start > RESULT_MAX ? text.octets : slice_prefix(text, (size_t)start - 1);
    text.data += from;
    text.octets -= from;
    to = length <= 0 ? 0 : length > RESULT_MAX ? text.octets : slice_prefix(text, (size_t)length);
    result_slice(context, (struct slice){text.data, to});
}

static void result_case(sqlite3_context *context, struct slice text, uint32_t (*change)(uint32_t))
{
    /* No letter of functions_unicode.c takes more octets in the other case than half as many again. */
    char *room = result_room(context, (uint64_t)text.octets + text.octets / 2 + 4);
    size_t length = 0;

    if (!room)
        return;
    for (size_t at = 0; at < text.octets;) {
        size_t from = at;
        uint32_t c = slice_next(text, &at);
        uint32_t changed = change(c);

        if (changed != c) {
            length += unicode_write(changed, room + length);
        } else {
            memcpy(room + length, text.data + from, at - from);
            length += at - from;
        }
    }
    result_own(context, room, length);
}

void text_lower(sqlite3_context *context, int count, sqlite3_value **values)
{
    (void)count;
    result_case(context, slice_of(values[0]), unicode_lower);
}

void text_upper(sqlite3_context *context, int count, sqlite3_value **values)
{
    (void)count;
    result_case(context, slice_of(values[0]), unicode_upper);
}

void text_octet_length(sqlite3_context *context, int count, sqlite3_value **values)
{
    (void)count;
    sqlite3_result_int64(context, (sqlite3_int64)slice_of(values[0]).octets);
}

/* QUOTENAME(name [, quote]): NULL for more than 128 characters or another quote. */
void text_quotename(sqlite3_context *context, int count, sqlite3_value **values)
{
    struct slice text = slice_of(values[0]);
    struct slice mark = count > 1 ? slice_of(values[1]) : (struct slice){"[", 1};
    char open = mark.octets == 1 ? *mark.data : '\0';
    char close = open == '[' || open == ']' ? ']' : open;
    char *room;
    size_t length = 0;

    if (open == '\0' || !strchr("[]\"'`", open) || slice_chars(text) > 128)
        return;
    room = result_room(context, 2 * (uint64_t)text.octets + 2);
    if (!room)
        return;
    room[length++] = close == ']' ? '[' : close;
    for (size_t i = 0; i < text.octets; i++) {
        if (text.data[i] == close)
            room[length++] = close;
        room[length++] = text.data[i];
    }
    room[length++] = close;
    result_own(context, room, length);
}

static void result_repeated(sqlite3_context *context, struct slice text, size_t times)
{
    uint64_t octets = (uint64_t)text.octets * times;
    char *room = result_room(context, text.octets > RESULT_MAX ? UINT64_MAX : octets);

    if (!room)
        return;
    for (size_t i = 0; i < times && text.octets > 0; i++)
        memcpy(room + i * text.octets, text.data, text.octets);
    result_own(context, room, (size_t)octets);
}

void text_replicate(sqlite3_context *context, int count, sqlite3_value **values)
{
    (void)count;
    result_repeated(context, slice_of(values[0]), count_of(values[1]));
}

void text_space(sqlite3_context *context, int count, sqlite3_value **values)
{
    (void)count;
    result_repeated(context, (struct slice){" ", 1}, count_of(values[0]));
}

void text_reverse(sqlite3_context *context, int count, sqlite3_value **values)
{
    struct slice text = slice_of(values[0]);
    char *room = result_room(context, text.octets);

    (void)count;
    if (!room)
        return;
    for (size_t at = 0; at < text.octets;) {
        size_t from = at;

        (void)slice_next(text, &at);
        memcpy(room + text.octets - at, text.data + from, at - from);
    }
    result_own(context, room, text.octets);
}

/* The first letter and three digits; letters of one digit in a row count once, over h and w too. */
void text_soundex(sqlite3_context *context, int count, sqlite3_value **values)
{
    static const char digits[] = "01230120022455012623010202"; /* A to Z */
    struct slice text = slice_of(values[0]);
    char code[4] = {'0', '0', '0', '0'};
    size_t filled = 0;
    char last = '0';

    (void)count;
    for (size_t i = 0; i < text.octets && filled < 4; i++) {
        char letter = (char)(text.data[i] & ~0x20);
        char digit;

        if (letter < 'A' || letter > 'Z') {
            last = '0';
            continue;
        }
        digit = digits[letter - 'A'];
        if (filled == 0)
            code[filled++] = letter;
        else if (digit != '0' && digit != last)
            code[filled++] = digit;
        if (letter != 'H' && letter != 'W')
            last = digit;
    }
    result_slice(context, (struct slice){code, 4});
}

/* SPLIT(string, delimiter, offset): the offset-th part from the left, or from the right where negative. */
void text_split(sqlite3_context *context, int count, sqlite3_value **values)
{
    struct slice text = slice_of(values[0]);
    struct slice mark = slice_of(values[1]);
    int64_t wanted = sqlite3_value_int64(values[2]);
    int64_t parts = 1;
    size_t begin = 0;

    (void)count;
    if (mark.octets == 0 || wanted == 0)
        return;
    for (size_t at = slice_find(text, mark, 0); at != SIZE_MAX; at = slice_find(text, mark, at + mark.octets))
        parts++;
    if (wanted < 0 && wanted >= -parts)
        wanted += parts + 1;
    if (wanted < 1 || wanted > parts)
        return;
    for (; wanted > 1; wanted--)
        begin = slice_find(text, mark, begin) + mark.octets;
    parts = (int64_t)slice_find(text, mark, begin);
    result_slice(context,
                 (struct slice){text.data + begin, (parts < 0 ? text.octets : (size_t)parts) - begin});
}

/* STUFF(string, start, length, insert): NULL where start or length do not fit. */
void text_stuff(sqlite3_context *context, int count, sqlite3_value **values)
{
    struct slice text = slice_of(values[0]);
    struct slice insert = slice_of(values[3]);
    int64_t start = sqlite3_value_int64(values[1]);
    size_t length = count_of(values[2]);
    size_t from;
    size_t to;
    char *room;

    (void)count;
    if (start < 1 || sqlite3_value_int64(values[2]) < 0 || start > RESULT_MAX)
        return;
    from = slice_prefix(text, (size_t)start - 1);
    if (from == text.octets && (size_t)start > slice_chars(text) + 1)
        return;
    to = from + slice_prefix((struct slice){text.data + from, text.octets - from}, length);
    room = result_room(context, (uint64_t)text.octets - (to - from) + insert.octets);
    if (!room)
        return;
    memcpy(room, text.data, from);
    memcpy(room + from, insert.data, insert.octets);
    memcpy(room + from + insert.octets, text.data + to, text.octets - to);
    result_own(context, room, text.octets - (to - from) + insert.octets);
}

void text_tostring(sqlite3_context *context, int count, sqlite3_value **values)
{
    (void)count;
    result_slice(context, slice_of(values[0]));
}
