/* Owns the way of VARCHAR cells, and of cells that are not what their type promises, into text and octets.
 * Knows no other type. Rules: ODBC reference, appendix D, "SQL to C: Character". */
#include "data/converter.h"
#include "data/delivery.h"
#include "data/jsontext.h"

static inline bool is_plain(const struct ca_cell *cell)
{
    return cell->kind == CA_CELL_STRING && !cell->escaped;
}

static enum ca_conversion deliver_text(ca_deliverer *deliver, const struct ca_cell *cell,
                                       const struct ca_target *target, void *data, SQLLEN *length,
                                       struct ca_part *part)
{
    struct ca_delivery text = ca_delivery_of_cell(cell);
    return deliver(&text, target, data, length, part);
}

/* Text whose escapes are of one character; it gets no longer by undoing them. */
static bool put_escaped(const struct ca_cell *cell, const struct ca_target *target, char *data, SQLLEN *given)
{
    const char *text = cell->text;
    size_t left = cell->octets;
    char *to = data;
    if ((SQLLEN)left >= target->capacity)
        return false;
    for (;;) {
        size_t run = ca_plain_run(text, left);
        ca_copy(to, text, run);
        to += run;
        if (run == left)
            break;
        unsigned char value = left - run > 1 ? ca_json_escape_value(text[run + 1]) : 0;
        if (!value)
            return false;
        *to++ = (char)value;
        text += run + 2;
        left -= run + 2;
    }
    *to = '\0';
    *given = to - data;
    return true;
}

static inline bool quick_text_to_char(const struct ca_cell *cell, const struct ca_target *layout, char *data,
                                      SQLLEN *octets)
{
    if (CA_UNLIKELY(cell->kind != CA_CELL_STRING))
        return false;
    return cell->escaped ? put_escaped(cell, layout, data, octets)
                         : ca_put_char(cell->text, cell->octets, layout, data, octets);
}

static inline bool quick_text_to_wide(const struct ca_cell *cell, const struct ca_target *layout, char *data,
                                      SQLLEN *octets)
{
    return is_plain(cell) && ca_put_wide(cell->text, cell->octets, layout, data, octets);
}

CA_QUICK_CONVERTER(text, char, deliver_text(ca_deliver_char, cell, layout, data, length, part))
CA_QUICK_CONVERTER(text, wide, deliver_text(ca_deliver_wide, cell, layout, data, length, part))

/* Text columns are described as wide: their raw form is wide units, as applications that read it expect. */
CA_CONVERTER(text, binary)
{
    return deliver_text(ca_deliver_wide_octets, cell, layout, data, length, part);
}
