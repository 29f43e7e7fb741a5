/* Base64 and hexadecimal text ↔ octets. */
#ifndef CA_DATA_BASE64_H
#define CA_DATA_BASE64_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buffer.h"

/* Base64 text (RFC 4648; the URL alphabet and missing padding are accepted), inside a JSON string with
 * escapes where `escaped`. */
struct ca_base64 {
    const char *text;
    size_t octets;
    bool escaped;
};

/* The octets that the whole text stands for; false if it is not base64. */
bool ca_base64_measure(const struct ca_base64 *source, size_t *octets);
/* Decodes from *at on, *carried octets of the group there being given already, until `room` is full or the
 * text ends; returns the octets written and moves *at and *carried. Stops at what is not base64. */
size_t ca_base64_decode(const struct ca_base64 *source, size_t *at, size_t *carried, void *target,
                        size_t room);
/* Decodes text without escapes whole, in blocks of four characters; false if it is not base64 (the target
 * then holds rubbish). The target has room for octets / 4 * 3 + 2; *written is set. */
bool ca_base64_decode_whole(const char *text, size_t octets, void *target, size_t *written);
/* Appends base64 text with padding. */
bool ca_base64_write(struct ca_buffer *text, const void *data, size_t octets);
/* The same in the URL alphabet and without padding (RFC 4648 section 5). */
bool ca_base64url_write(struct ca_buffer *text, const void *data, size_t octets);

/* Two upper-case digits. */
void ca_hex_write(char *text, unsigned char octet);
/* The value of a hexadecimal digit in either case; -1 if it is none. */
int ca_hex_value(char c);

#endif
