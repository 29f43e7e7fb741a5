#include "odbc/attribute.h"

#include <string.h>

int64_t ca_field_read(const void *place, enum ca_width width)
{
    int16_t narrow;
    int32_t middle;
    int64_t wide;
    switch (width) {
    case CA_WIDTH_16:
        memcpy(&narrow, place, sizeof narrow);
        return narrow;
    case CA_WIDTH_32:
        memcpy(&middle, place, sizeof middle);
        return middle;
    default:
        memcpy(&wide, place, sizeof wide);
        return wide;
    }
}

void ca_field_write(void *place, enum ca_width width, int64_t value)
{
    int16_t narrow = (int16_t)value;
    int32_t middle = (int32_t)value;
    switch (width) {
    case CA_WIDTH_16:
        memcpy(place, &narrow, sizeof narrow);
        break;
    case CA_WIDTH_32:
        memcpy(place, &middle, sizeof middle);
        break;
    default:
        memcpy(place, &value, sizeof value);
    }
}
