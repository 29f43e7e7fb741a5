/* Text inside JSON strings: reading it with its escapes undone, writing it with escapes. */
#ifndef CA_DATA_JSONTEXT_H
#define CA_DATA_JSONTEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "data/cell.h"

/* Reads one character of the text between the quotes (`octets` > 0); returns the octets it takes. What is
 * invalid (UTF-8, escape, lone surrogate) becomes U+FFFD. */
size_t ca_json_read(const char *text, size_t octets, bool escaped, uint32_t *character);

/* What the character behind a backslash stands for; 0 for `u` and for what is no escape. */
unsigned char ca_json_escape_value(char name);

/* A short text without escapes and without blanks around it; readable behind its end as a cell is. */
struct ca_literal {
    const char *text;
    size_t octets;
};

enum { CA_LITERAL_SCRATCH = 512 };
/* The text of a STRING or NUMBER cell as a literal of a number, a date …; `scratch` holds it where escapes
 * had to be undone. false: another kind of cell, or too long with escapes to be such a literal. */
bool ca_literal_of_cell(const struct ca_cell *cell, char scratch[CA_LITERAL_SCRATCH],
                        struct ca_literal *literal);
/* The same for text as it is. */
struct ca_literal ca_literal_trim(const char *text, size_t octets);

/* Appends UTF-8 text as the inside of a JSON string; invalid UTF-8 is replaced. */
bool ca_json_write_inner(struct ca_buffer *json, const char *text, size_t octets);

#endif
