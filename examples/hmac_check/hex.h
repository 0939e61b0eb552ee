// Hexadecimal text to bytes.
#pragma once

#include <cstddef>
#include <string_view>

namespace hex {

/// The value of one digit, or a number above 255 when `character` is none. Upper and lower case.
constexpr unsigned digitValue(char character) {
  const auto decimal = static_cast<unsigned>(character) - '0';
  if (decimal < 10) return decimal;
  const auto letter = (static_cast<unsigned>(character) | 0x20) - 'a';
  return letter < 6 ? letter + 10 : 0x100;
}

/// Decodes `text` into the `size` bytes at `bytes`; false when `text` is not exactly two digits for each.
constexpr bool decode(std::string_view text, unsigned char* bytes, size_t size) {
  if (text.size() != 2 * size) return false;
  for (size_t i = 0; i < size; ++i) {
    const unsigned value = digitValue(text[2 * i]) << 4 | digitValue(text[2 * i + 1]);
    if (value > 0xff) return false;
    bytes[i] = static_cast<unsigned char>(value);
  }
  return true;
}

}  // namespace hex
