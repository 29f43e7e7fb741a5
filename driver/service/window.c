#include "service/window.h"

#include <stdint.h>
#include <string.h>

#include "base/alloc.h"
#include "data/cell.h"

enum { FIRST_CAPACITY = 64 * 1024 };

static bool grow(struct ca_window *window, size_t needed)
{
    size_t capacity = window->capacity ? window->capacity : FIRST_CAPACITY;
    while (capacity < needed)
        capacity *= 2;
    char *data = ca_realloc(window->data, capacity + CA_CELL_PADDING);
    if (!data)
        return false;
    window->data = data;
    window->capacity = capacity;
    return true;
}

bool ca_window_reserve(struct ca_window *window, size_t octets)
{
    if (octets > SIZE_MAX / 4 - window->end)
        return false;
    if (window->data && octets <= window->capacity - window->end)
        return true;
    bool first = !window->data;
    if (!grow(window, window->end + octets))
        return false;
    if (first)
        ca_window_added(window, 0);
    return true;
}

void ca_window_added(struct ca_window *window, size_t octets)
{
    window->end += octets;
    memset(window->data + window->end, 0, CA_CELL_PADDING);
}

bool ca_window_add(struct ca_window *window, const char *data, size_t octets)
{
    if (!ca_window_reserve(window, octets))
        return false;
    memcpy(window->data + window->end, data, octets);
    ca_window_added(window, octets);
    return true;
}

void ca_window_drop(struct ca_window *window, size_t octets)
{
    if (!window->data)
        return;
    window->end -= octets;
    memmove(window->data, window->data + octets, window->end + CA_CELL_PADDING);
}

void ca_window_free(struct ca_window *window)
{
    ca_free(window->data);
    *window = (struct ca_window){NULL, 0, 0};
}
