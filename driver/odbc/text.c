#include "odbc/text.h"

#include <string.h>

#include "base/alloc.h"
#include "odbc/handle.h"

enum { LONGEST_ARGUMENT = 1 << 30 };

static bool take_wide(struct ca_text *text, const ca_wide *pointer, SQLLEN length)
{
    /* it may be a connection string */
    struct ca_buffer buffer = CA_BUFFER_INIT_SECRET(LONGEST_ARGUMENT);
    size_t units = length == SQL_NTS ? ca_wide_length(pointer) : (size_t)length;
    ca_wide_to_utf8(&buffer, pointer, units);
    text->octets = buffer.length;
    text->text = text->owned = ca_buffer_take(&buffer);
    return text->owned != NULL;
}

static bool take_narrow(struct ca_text *text, const char *pointer, SQLLEN length)
{
    if (length == SQL_NTS) {
        text->text = pointer;
        text->octets = strlen(pointer);
        return true;
    }
    text->octets = strnlen(pointer, (size_t)length);
    text->text = text->owned = ca_strndup(pointer, text->octets);
    return text->owned != NULL;
}

bool ca_text_take(struct ca_handle *handle, struct ca_text *text, const void *pointer, SQLLEN length,
                  bool wide)
{
    *text = (struct ca_text){NULL, 0, NULL};
    if (length < 0 && length != SQL_NTS) {
        ca_post_state(handle, "HY090");
        return false;
    }
    if (!pointer)
        return true;
    if (wide ? take_wide(text, pointer, length) : take_narrow(text, pointer, length))
        return true;
    ca_post_state(handle, "HY001");
    return false;
}

void ca_texts_free(struct ca_text *texts, size_t count)
{
    /* Any of them may be a connection string; wide text may hold more behind a NUL. */
    for (size_t i = 0; i < count; i++) {
        if (texts[i].owned)
            ca_wipe(texts[i].owned, texts[i].octets);
        ca_free(texts[i].owned);
    }
}

static void set_length(const struct ca_text_out *out, size_t units)
{
    SQLLEN value = (SQLLEN)units;
    if (!out->length)
        return;
    if (out->length_octets == sizeof(SQLSMALLINT)) {
        SQLSMALLINT length = (SQLSMALLINT)(value > INT16_MAX ? INT16_MAX : value);
        memcpy(out->length, &length, sizeof length);
    } else {
        SQLINTEGER length = (SQLINTEGER)(value > INT32_MAX ? INT32_MAX : value);
        memcpy(out->length, &length, sizeof length);
    }
}

/* Returns whether everything fitted. Targets of wide text may be misaligned: copied through a small buffer.
 */
static bool write_wide(const struct ca_text_out *out, const char *text, size_t octets)
{
    size_t needed = ca_utf8_wide_length(text, octets);
    size_t unit = out->in_octets ? sizeof(ca_wide) : 1;
    size_t capacity = (size_t)out->capacity / unit;
    set_length(out, needed * unit);
    if (!out->target || capacity == 0)
        return !out->target;
    char *target = out->target;
    size_t room = capacity - 1;
    size_t at = 0;
    while (at < octets && room) {
        uint32_t character;
        ca_wide units[2];
        size_t length = ca_utf8_read(text + at, octets - at, &character);
        size_t count = ca_wide_write(units, character);
        if (count > room)
            break;
        memcpy(target, units, count * sizeof(ca_wide));
        target += count * sizeof(ca_wide);
        room -= count;
        at += length;
    }
    memset(target, 0, sizeof(ca_wide));
    return at == octets;
}

static bool write_narrow(const struct ca_text_out *out, const char *text, size_t octets)
{
    set_length(out, octets);
    if (!out->target || out->capacity == 0)
        return !out->target;
    size_t cut = ca_utf8_cut(text, octets, (size_t)out->capacity - 1);
    memcpy(out->target, text, cut);
    ((char *)out->target)[cut] = '\0';
    return cut == octets;
}

SQLRETURN ca_text_write(struct ca_handle *handle, const struct ca_text_out *out, const char *text)
{
    if (out->capacity < 0 && out->target)
        return ca_post_state(handle, "HY090");
    size_t octets = strlen(text);
    bool whole = out->wide ? write_wide(out, text, octets) : write_narrow(out, text, octets);
    return whole ? SQL_SUCCESS : ca_post_state(handle, "01004");
}
