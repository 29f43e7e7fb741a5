/* Small text helpers that do not depend on the locale: ASCII case, blanks, integers. */
#ifndef CA_BASE_TEXT_H
#define CA_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"

/* ASCII letters compare without regard to case; every other octet as it is. */
bool ca_text_same(const char *a, const char *b);
bool ca_text_same_n(const char *a, size_t a_octets, const char *b);
/* Full case-insensitive comparison of two UTF-8 texts of given lengths (ASCII and Latin, Greek, Cyrillic
 * simple case folding; other characters as they are). */
int ca_text_compare_fold(const char *a, size_t a_octets, const char *b, size_t b_octets);
char ca_text_lower(char c);
/* First octet where `needle` occurs without regard to ASCII case, or NULL. */
const char *ca_text_find(const char *text, const char *needle);
bool ca_text_is_blank(char c);
static inline bool ca_is_digit(char c)
{
    return (unsigned char)(c - '0') <= 9;
}
/* The text without leading and trailing blanks (space, tab, CR, LF); *octets is updated. */
const char *ca_text_trim(const char *text, size_t *octets);
/* A whole decimal integer with optional sign, nothing around it; false if it is none or out of range. */
bool ca_text_integer(const char *text, size_t octets, int64_t *value);
/* Overwrites every occurrence of a secret by asterisks. NULLs are allowed; a secret of under four octets
 * would blot out words and is left. */
void ca_text_mask(char *text, const char *secret);
/* Simple case folding of one character. */
uint32_t ca_text_fold(uint32_t character);

#endif
