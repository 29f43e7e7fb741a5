/* One value of a result row as the reply reader hands it out: a slice of the reply, nothing converted. */
#ifndef CA_DATA_CELL_H
#define CA_DATA_CELL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum ca_cell_kind {
    CA_CELL_NULL,
    CA_CELL_STRING, /* text between the quotes, JSON escapes still in it when `escaped` */
    CA_CELL_NUMBER, /* digits as sent; syntax of a JSON number not checked further */
    CA_CELL_TRUE,
    CA_CELL_FALSE,
    CA_CELL_COMPOUND /* an object or array: its JSON text */
};

/* Behind every cell at least this many octets may be read (not interpreted). */
enum { CA_CELL_PADDING = 32 };

struct ca_cell {
    const char *text;
    size_t octets;
    uint8_t kind;
    bool escaped;
};

#endif
