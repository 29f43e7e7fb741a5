/* A growing piece of text with room behind it, so that readers may look at a whole word wherever they stand.
 */
#ifndef CA_SERVICE_WINDOW_H
#define CA_SERVICE_WINDOW_H

#include <stdbool.h>
#include <stddef.h>

struct ca_window {
    char *data; /* CA_CELL_PADDING octets behind `end` are readable; data[end] is 0. NULL = no memory yet */
    size_t capacity;
    size_t end; /* behind the last octet */
};

/* Room for so many octets more; false: no memory. */
bool ca_window_reserve(struct ca_window *window, size_t octets);
/* So many octets were written behind `end`, into room that was reserved. */
void ca_window_added(struct ca_window *window, size_t octets);
bool ca_window_add(struct ca_window *window, const char *data, size_t octets);
/* Forgets so many octets at the front, end at most. */
void ca_window_drop(struct ca_window *window, size_t octets);
void ca_window_free(struct ca_window *window);

#endif
