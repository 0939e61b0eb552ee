// Hexadecimal text to bytes, and back.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace hex {

namespace internal {

// Eight digits at once, one in each byte, the first in the lowest: their four bytes. Sets bits of `bad` for others.
constexpr uint32_t decodeEight(uint64_t digits, uint64_t& bad) {
  constexpr uint64_t kEach = 0x0101010101010101;
  const uint64_t isLetter = digits >> 6 & kEach;
  const uint64_t values = (digits & 15 * kEach) + 9 * isLetter;
  // What they would be written as, in lower case, shows whether they were digits at all.
  const uint64_t aboveNine = (values + 6 * kEach) >> 4 & kEach;
  const uint64_t written = values + '0' * kEach + ('a' - '0' - 10) * aboveNine;
  bad |= (values & 0xf0 * kEach) | (written ^ (digits | 0x20 * isLetter));
  uint64_t bytes = (values << 4 | values >> 8) & 0x00ff00ff00ff00ff;
  bytes = (bytes | bytes >> 8) & 0x0000ffff0000ffff;
  return static_cast<uint32_t>(bytes | bytes >> 16);
}

}  // namespace internal

/// Decodes `text`, digits in upper or lower case, into the `size` bytes at `bytes`; false when `text` is not exactly
/// two digits for each. For little-endian machines, as WebAssembly is.
inline bool decode(std::string_view text, unsigned char* bytes, size_t size) {
  if (text.size() != 2 * size) return false;
  uint64_t bad = 0;
  for (size_t at = 0; at < size; at += 4) {
    const size_t count = std::min<size_t>(size - at, 4);
    uint64_t digits = 0x3030303030303030;
    std::memcpy(&digits, text.data() + 2 * at, 2 * count);
    const uint32_t decoded = internal::decodeEight(digits, bad);
    std::memcpy(bytes + at, &decoded, count);
  }
  return bad == 0;
}

/// The digits of the `size` bytes at `bytes`, in lower case.
inline std::string encode(const unsigned char* bytes, size_t size) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string digits;
  digits.reserve(2 * size);
  for (size_t i = 0; i < size; ++i) {
    digits += kDigits[bytes[i] >> 4];
    digits += kDigits[bytes[i] & 15];
  }
  return digits;
}

}  // namespace hex
