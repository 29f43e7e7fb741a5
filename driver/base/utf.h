/* UTF-8, UTF-16 and (with 4-byte wide characters, iODBC) UTF-32. Invalid sequences become U+FFFD,
 * nothing is read past the end given, no character is ever written in part. */
#ifndef CA_BASE_UTF_H
#define CA_BASE_UTF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"

#ifndef CA_WIDE_OCTETS
#define CA_WIDE_OCTETS 2
#endif

#if CA_WIDE_OCTETS == 4
typedef uint32_t ca_wide;
#else
typedef uint16_t ca_wide;
#endif

enum { CA_REPLACEMENT = 0xFFFD };

/* Reads one character from `text` (`octets` > 0 long); returns the octets it takes (at least 1). */
size_t ca_utf8_read(const char *text, size_t octets, uint32_t *character);
/* Writes one character as UTF-8 (1..4 octets, 4 must fit); returns the octets. */
size_t ca_utf8_write(char *text, uint32_t character);
/* Reads one character from wide text (`units` > 0 long); returns the units it takes. */
size_t ca_wide_read(const ca_wide *text, size_t units, uint32_t *character);
/* Writes one character as wide text (2 units must fit); returns the units. */
size_t ca_wide_write(ca_wide *text, uint32_t character);

/* Length of NUL-terminated wide text in units. */
size_t ca_wide_length(const ca_wide *text);
/* Units that UTF-8 text takes as wide text. */
size_t ca_utf8_wide_length(const char *text, size_t octets);
/* Characters (code points) in UTF-8 text. */
size_t ca_utf8_characters(const char *text, size_t octets);
/* Converts as many whole characters as `capacity` units hold, without a terminator. Returns the units
 * written; *taken is set to the octets read. */
size_t ca_utf8_to_wide(ca_wide *target, size_t capacity, const char *text, size_t octets, size_t *taken);
bool ca_wide_to_utf8(struct ca_buffer *target, const ca_wide *text, size_t units);
/* Length of the longest prefix of at most `limit` octets that does not cut a UTF-8 sequence. */
size_t ca_utf8_cut(const char *text, size_t octets, size_t limit);

#endif
