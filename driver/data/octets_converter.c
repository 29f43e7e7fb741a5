/* Owns the way of binary data and UUIDs into buffers.
 * Rules: ODBC reference, appendix D, "SQL to C: Binary", "SQL to C: GUID"; SQLGetData for parts. */
#include <string.h>

#include "data/base64.h"
#include "data/converter.h"
#include "data/delivery.h"
#include "data/jsontext.h"
#include "data/uuid.h"

/* Without braces; what is no UUID as it was sent. */
static enum ca_conversion deliver_uuid(ca_deliverer *deliver, const struct ca_cell *cell,
                                       const struct ca_target *target, void *data, SQLLEN *length,
                                       struct ca_part *part)
{
    char scratch[CA_LITERAL_SCRATCH];
    struct ca_literal literal;
    struct ca_delivery text = ca_delivery_of_cell(cell);
    const char *digits = NULL;
    if (ca_literal_of_cell(cell, scratch, &literal))
        digits = ca_uuid_find(literal.text, literal.octets);
    if (digits)
        text = (struct ca_delivery){digits, CA_UUID_CHARS, false, CA_UUID_CHARS};
    return deliver(&text, target, data, length, part);
}

/* The digits of the wire's own form, in braces; NULL for every other. */
static inline const char *braced_digits(const struct ca_cell *cell)
{
    bool braced = cell->kind == CA_CELL_STRING && !cell->escaped && cell->octets == CA_UUID_CHARS + 2 &&
                  cell->text[0] == '{';
    return braced ? ca_uuid_find(cell->text, cell->octets) : NULL;
}

static inline bool quick_uuid_to_char(const struct ca_cell *cell, const struct ca_target *layout, char *data,
                                      SQLLEN *octets)
{
    const char *digits = braced_digits(cell);
    return digits && ca_put_char(digits, CA_UUID_CHARS, layout, data, octets);
}

static inline bool quick_uuid_to_wide(const struct ca_cell *cell, const struct ca_target *layout, char *data,
                                      SQLLEN *octets)
{
    const char *digits = braced_digits(cell);
    return digits && ca_put_wide(digits, CA_UUID_CHARS, layout, data, octets);
}

CA_QUICK_CONVERTER(uuid, char, deliver_uuid(ca_deliver_char, cell, layout, data, length, part))
CA_QUICK_CONVERTER(uuid, wide, deliver_uuid(ca_deliver_wide, cell, layout, data, length, part))

static enum ca_conversion read_guid(const struct ca_cell *cell, SQLGUID *guid)
{
    char scratch[CA_LITERAL_SCRATCH];
    struct ca_literal literal;
    if (!ca_literal_of_cell(cell, scratch, &literal) || !ca_uuid_read(literal.text, literal.octets, guid))
        return CA_CONVERT_TEXT;
    return CA_CONVERTED;
}

CA_CONVERTER(uuid, guid)
{
    (void)layout;
    SQLGUID value;
    enum ca_conversion result = read_guid(cell, &value);
    if (result != CA_CONVERTED)
        return result;
    if (ca_part_given(part))
        return CA_CONVERT_NO_DATA;
    CA_STORE(data, value, length);
    return CA_CONVERTED;
}

CA_CONVERTER(text, guid)
{
    return ca_uuid_to_guid(cell, layout, data, length, part);
}

CA_CONVERTER(uuid, binary)
{
    SQLGUID value;
    enum ca_conversion result = read_guid(cell, &value);
    if (result != CA_CONVERTED)
        return result;
    return ca_deliver_raw(&value, sizeof value, layout, data, length, part);
}

/* What a target of binary data makes of an octet. */
struct form {
    size_t unit;       /* octets of the target for one octet of data */
    size_t terminator; /* octets */
    void (*write)(char *target, unsigned char octet);
};

static void write_wide_hex(char *target, unsigned char octet)
{
    char digits[2];
    ca_hex_write(digits, octet);
    ca_store_unit(target, (unsigned char)digits[0]);
    ca_store_unit(target + sizeof(ca_wide), (unsigned char)digits[1]);
}

static void write_octet(char *target, unsigned char octet)
{
    *target = (char)octet;
}

static const struct form char_form = {2, 1, ca_hex_write};
static const struct form wide_form = {2 * sizeof(ca_wide), sizeof(ca_wide), write_wide_hex};
static const struct form octet_form = {1, 0, write_octet};

/* Decodes as many octets as `count` and writes each in its form; false where the text is no base64. */
static bool write_octets(const struct form *form, const struct ca_base64 *source, size_t count, char *target,
                         struct ca_part *progress)
{
    unsigned char block[256];
    for (size_t done = 0; done < count;) {
        size_t room = count - done < sizeof block ? count - done : sizeof block;
        if (ca_base64_decode(source, &progress->source, &progress->carried, block, room) != room)
            return false;
        for (size_t i = 0; i < room; i++)
            form->write(target + (done + i) * form->unit, block[i]);
        done += room;
    }
    return true;
}

/* `remaining` counts octets of data, not of the target. */
static enum ca_conversion deliver_binary(const struct form *form, const struct ca_cell *cell,
                                         const struct ca_target *target, char *data, SQLLEN *length,
                                         struct ca_part *part)
{
    struct ca_base64 source = {cell->text, cell->octets, cell->escaped};
    struct ca_part progress = {0};
    if (part)
        progress = *part;
    if (cell->kind != CA_CELL_STRING)
        return CA_CONVERT_TEXT;
    if (progress.started && progress.remaining == 0)
        return CA_CONVERT_NO_DATA;
    if (!progress.started && !ca_base64_measure(&source, &progress.remaining))
        return CA_CONVERT_TEXT;
    if (length)
        *length = (SQLLEN)(progress.remaining * form->unit);
    if (!data)
        return CA_CONVERTED;
    size_t capacity = target->capacity > 0 ? (size_t)target->capacity : 0;
    size_t count = capacity >= form->terminator ? (capacity - form->terminator) / form->unit : 0;
    if (count > progress.remaining)
        count = progress.remaining;
    if (!write_octets(form, &source, count, data, &progress))
        return CA_CONVERT_TEXT;
    if (capacity >= form->terminator)
        memset(data + count * form->unit, 0, form->terminator);
    progress.remaining -= count;
    progress.started = true;
    if (part)
        *part = progress;
    return progress.remaining ? CA_CONVERT_TRUNCATED : CA_CONVERTED;
}

CA_CONVERTER(binary, char)
{
    return deliver_binary(&char_form, cell, layout, data, length, part);
}

CA_CONVERTER(binary, wide)
{
    return deliver_binary(&wide_form, cell, layout, data, length, part);
}

/* The octets of well-formed base64. */
static inline size_t longest_decoded(const struct ca_cell *cell)
{
    size_t octets = cell->octets / 4 * 3;
    if (cell->octets % 4)
        return octets + cell->octets % 4 - 1;
    if (octets && cell->text[cell->octets - 1] == '=')
        octets -= cell->text[cell->octets - 2] == '=' ? 2 : 1;
    return octets;
}

static inline bool quick_binary_to_binary(const struct ca_cell *cell, const struct ca_target *layout,
                                          char *data, SQLLEN *octets)
{
    size_t written;
    if (cell->kind != CA_CELL_STRING || cell->escaped || (SQLLEN)longest_decoded(cell) > layout->capacity ||
        !ca_base64_decode_whole(cell->text, cell->octets, data, &written))
        return false;
    *octets = (SQLLEN)written;
    return true;
}

CA_QUICK_CONVERTER(binary, binary, deliver_binary(&octet_form, cell, layout, data, length, part))
