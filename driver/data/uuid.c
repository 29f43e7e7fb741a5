/* Owns the text of UUIDs. The first three groups of SQLGUID are integers in the machine's own order. */
#include "data/uuid.h"

#include <stdint.h>
#include <string.h>

#include "data/base64.h"

/* Where the 32 digits stand among the 36 characters. */
static const unsigned char places[32] = {0,  1,  2,  3,  4,  5,  6,  7,  9,  10, 11, 12, 14, 15, 16, 17,
                                         19, 20, 21, 22, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35};

/* The 36 characters without braces if their dashes stand where they should; the digits are not looked at. */
static const char *find_shape(const char *text, size_t octets)
{
    if (octets == CA_UUID_CHARS + 2 && text[0] == '{' && text[octets - 1] == '}') {
        text++;
        octets -= 2;
    }
    bool shaped =
        octets == CA_UUID_CHARS && text[8] == '-' && text[13] == '-' && text[18] == '-' && text[23] == '-';
    return shaped ? text : NULL;
}

/* Reads the 32 digits; false if one is none. */
static bool read_octets(const char *digits, unsigned char octets[16])
{
    int wrong = 0;
    for (size_t i = 0; i < 16; i++) {
        int high = ca_hex_value(digits[places[2 * i]]);
        int low = ca_hex_value(digits[places[2 * i + 1]]);
        wrong |= high | low;
        octets[i] = (unsigned char)((unsigned)high << 4 | (unsigned)low);
    }
    return wrong >= 0;
}

const char *ca_uuid_find(const char *text, size_t octets)
{
    unsigned char bytes[16];
    const char *digits = find_shape(text, octets);
    return digits && read_octets(digits, bytes) ? digits : NULL;
}

bool ca_uuid_read(const char *text, size_t octets, SQLGUID *guid)
{
    unsigned char bytes[16];
    const char *digits = find_shape(text, octets);
    if (!digits || !read_octets(digits, bytes))
        return false;
    guid->Data1 = (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
    guid->Data2 = (uint16_t)(bytes[4] << 8 | bytes[5]);
    guid->Data3 = (uint16_t)(bytes[6] << 8 | bytes[7]);
    memcpy(guid->Data4, bytes + 8, sizeof guid->Data4);
    return true;
}

void ca_uuid_write(const SQLGUID *guid, char text[CA_UUID_CHARS])
{
    static const char digits[] = "0123456789abcdef";
    unsigned char bytes[16] = {
        (unsigned char)(guid->Data1 >> 24), (unsigned char)(guid->Data1 >> 16),
        (unsigned char)(guid->Data1 >> 8),  (unsigned char)guid->Data1,
        (unsigned char)(guid->Data2 >> 8),  (unsigned char)guid->Data2,
        (unsigned char)(guid->Data3 >> 8),  (unsigned char)guid->Data3,
    };
    for (size_t i = 0; i < 8; i++)
        bytes[8 + i] = guid->Data4[i];
    for (size_t i = 0; i < sizeof bytes; i++) {
        text[places[2 * i]] = digits[bytes[i] >> 4];
        text[places[2 * i + 1]] = digits[bytes[i] & 15];
    }
    text[8] = text[13] = text[18] = text[23] = '-';
}
