#!/usr/bin/env python3
"""Writes power.h: the powers of five, cut to 128 bits, that double.c and double_text.c read.

Run it as `./power.py > power.h` after a change of the range; the Makefile does not need it.
Entry q holds the leading 128 bits of 5^q (q < 0: of its reciprocal, rounded up for -27..-1, where
the product with a 64-bit integer is then exact).
"""

SMALLEST, LARGEST = -342, 324


def leading_bits(exponent):
    if exponent >= 0:
        power = 5**exponent
        shift = 128 - power.bit_length()
        return power << shift if shift >= 0 else power >> -shift
    power = 5**-exponent
    length = power.bit_length()
    if exponent >= -27:
        return (1 << (length + 127)) // power + 1
    quotient = (1 << (2 * length + 128)) // power + 1
    return quotient >> (quotient.bit_length() - 128)


print("/* Written by power.py: the leading 128 bits of the powers of five, high and low word. */")
print("#ifndef CA_DATA_POWER_H\n#define CA_DATA_POWER_H\n\n#include <stdint.h>\n")
print(f"enum {{ CA_POWER_SMALLEST = {SMALLEST}, CA_POWER_LARGEST = {LARGEST} }};\n")
print("/* clang-format off */")
print(f"static const uint64_t ca_powers_of_five[{LARGEST - SMALLEST + 1}][2] = {{")
entries = []
for q in range(SMALLEST, LARGEST + 1):
    bits = leading_bits(q)
    assert bits.bit_length() == 128
    entries.append(f"{{0x{bits >> 64:016X}, 0x{bits & (1 << 64) - 1:016X}}},")
for i in range(0, len(entries), 2):
    print("    " + " ".join(entries[i : i + 2]))
print("};\n/* clang-format on */\n\n#endif")
