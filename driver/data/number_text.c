/* Owns the way of numbers and booleans into text. Digits are given as the service sent them; an exponent in
 * an exact number is written out where that stays short.
 * Rules: ODBC reference, appendix D, "SQL to C: Numeric", "SQL to C: Bit". */
#include "data/converter.h"
#include "data/delivery.h"
#include "data/jsontext.h"
#include "data/number.h"

enum { LONGEST_WRITTEN_OUT = 80 }; /* characters of a number whose exponent is undone */

/* Whether no character lies above '9': digits, signs and points do not, exponents and escapes do. */
static inline bool has_no_letter(const char *text, size_t octets)
{
#ifdef CA_WIDEN_SSE2
    if (octets <= 16) {
        __m128i above =
            _mm_cmpgt_epi8(_mm_loadu_si128((const __m128i *)(const void *)text), _mm_set1_epi8('9'));
        return ((unsigned)_mm_movemask_epi8(above) & ((1U << octets) - 1)) == 0;
    }
#endif
    for (size_t i = 0; i < octets; i++)
        if (text[i] > '9')
            return false;
    return true;
}

/* Blanks around a number are not given. */
static inline bool has_no_blank(const struct ca_cell *cell)
{
    return cell->octets && cell->text[0] > ' ' && cell->text[cell->octets - 1] > ' ';
}

/* The characters that must not be cut off: all in front of the point, or the whole of a number with an
 * exponent, whose value the cut would change. */
static size_t whole_length(const char *text, size_t octets)
{
    struct ca_number number;
    size_t whole = octets;
    if (!ca_number_read(text, octets, &number))
        return 0; /* no number: text, which may be cut anywhere */
    for (size_t i = 0; i < octets; i++) {
        if (text[i] == 'e' || text[i] == 'E')
            return octets;
        if (text[i] == '.' && whole == octets)
            whole = i;
    }
    return whole;
}

/* Undoes the exponent of a literal in place of *text, where the plain form is short and exact. */
static void write_out(struct ca_delivery *text, char plain[CA_NUMBER_TEXT])
{
    struct ca_number number;
    if (has_no_letter(text->text, text->octets) || !ca_number_read(text->text, text->octets, &number) ||
        number.inexact || number.exponent < -LONGEST_WRITTEN_OUT || number.exponent > LONGEST_WRITTEN_OUT)
        return;
    size_t octets = ca_number_write(&number, plain);
    if (octets > LONGEST_WRITTEN_OUT)
        return;
    text->text = plain;
    text->octets = octets;
}

static enum ca_conversion deliver_number(ca_deliverer *deliver, bool exact, const struct ca_cell *cell,
                                         const struct ca_target *target, void *data, SQLLEN *length,
                                         struct ca_part *part)
{
    char scratch[CA_LITERAL_SCRATCH];
    char plain[CA_NUMBER_TEXT];
    struct ca_literal literal;
    struct ca_delivery text = {cell->text, cell->octets, cell->escaped, 0};
    if (cell->kind == CA_CELL_TRUE || cell->kind == CA_CELL_FALSE) {
        text = (struct ca_delivery){cell->kind == CA_CELL_TRUE ? "1" : "0", 1, false, 1};
    } else if (cell->kind == CA_CELL_COMPOUND) {
        text.escaped = false;
    } else if (ca_literal_of_cell(cell, scratch, &literal)) {
        if (literal.octets > 0) /* a string of blanks stays what it is */
            text = (struct ca_delivery){literal.text, literal.octets, false, 0};
        if (exact)
            write_out(&text, plain);
        text.whole = whole_length(text.text, text.octets);
    }
    return deliver(&text, target, data, length, part);
}

static inline bool quick_exact_to_char(const struct ca_cell *cell, const struct ca_target *layout, char *data,
                                       SQLLEN *octets)
{
    return ca_is_scalar(cell) && has_no_blank(cell) && has_no_letter(cell->text, cell->octets) &&
           ca_put_char(cell->text, cell->octets, layout, data, octets);
}

static inline bool quick_exact_to_wide(const struct ca_cell *cell, const struct ca_target *layout, char *data,
                                       SQLLEN *octets)
{
    return ca_is_scalar(cell) && has_no_blank(cell) && has_no_letter(cell->text, cell->octets) &&
           ca_put_wide(cell->text, cell->octets, layout, data, octets);
}

CA_QUICK_CONVERTER(exact, char, deliver_number(ca_deliver_char, true, cell, layout, data, length, part))
CA_QUICK_CONVERTER(exact, wide, deliver_number(ca_deliver_wide, true, cell, layout, data, length, part))

/* All or 22003, like every other number; what is no number is text, which may be cut. */
static enum ca_conversion deliver_digits(const struct ca_delivery *text, const struct ca_target *target,
                                         void *data, SQLLEN *length, struct ca_part *part)
{
    if (text->whole == 0)
        return ca_deliver_octets(text, target, data, length, part);
    return ca_deliver_raw(text->text, text->octets, target, data, length, part);
}

/* DECIMAL has no C form of its own but text: its digits as octets. */
CA_CONVERTER(exact, binary)
{
    return deliver_number(deliver_digits, true, cell, layout, data, length, part);
}

static inline bool quick_floating_to_char(const struct ca_cell *cell, const struct ca_target *layout,
                                          char *data, SQLLEN *octets)
{
    return ca_is_scalar(cell) && !cell->escaped && has_no_blank(cell) &&
           ca_put_char(cell->text, cell->octets, layout, data, octets);
}

static inline bool quick_floating_to_wide(const struct ca_cell *cell, const struct ca_target *layout,
                                          char *data, SQLLEN *octets)
{
    return ca_is_scalar(cell) && !cell->escaped && has_no_blank(cell) &&
           ca_put_wide(cell->text, cell->octets, layout, data, octets);
}

CA_QUICK_CONVERTER(floating, char, deliver_number(ca_deliver_char, false, cell, layout, data, length, part))
CA_QUICK_CONVERTER(floating, wide, deliver_number(ca_deliver_wide, false, cell, layout, data, length, part))

static enum ca_conversion deliver_boolean(ca_deliverer *deliver, const struct ca_cell *cell,
                                          const struct ca_target *target, void *data, SQLLEN *length,
                                          struct ca_part *part)
{
    SQLCHAR value = 0;
    enum ca_conversion result = ca_boolean_to_bit(cell, target, &value, NULL, NULL);
    struct ca_delivery text = {value ? "1" : "0", 1, false, 1};
    if (result != CA_CONVERTED) /* no boolean: give what there is */
        text = ca_delivery_of_cell(cell);
    return deliver(&text, target, data, length, part);
}

static inline bool is_boolean(const struct ca_cell *cell)
{
    return (uint8_t)(cell->kind - CA_CELL_TRUE) <= CA_CELL_FALSE - CA_CELL_TRUE;
}

static inline bool quick_boolean_to_char(const struct ca_cell *cell, const struct ca_target *layout,
                                         char *data, SQLLEN *octets)
{
    return is_boolean(cell) && ca_put_char(cell->kind == CA_CELL_TRUE ? "1" : "0", 1, layout, data, octets);
}

static inline bool quick_boolean_to_wide(const struct ca_cell *cell, const struct ca_target *layout,
                                         char *data, SQLLEN *octets)
{
    return is_boolean(cell) && ca_put_wide(cell->kind == CA_CELL_TRUE ? "1" : "0", 1, layout, data, octets);
}

CA_QUICK_CONVERTER(boolean, char, deliver_boolean(ca_deliver_char, cell, layout, data, length, part))
CA_QUICK_CONVERTER(boolean, wide, deliver_boolean(ca_deliver_wide, cell, layout, data, length, part))
