#include "sluice/encoding.h"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>

namespace sluice {

namespace {

static_assert(std::endian::native == std::endian::little, "digits are read as on WebAssembly, the first the lowest");

// Decodes eight digits at once to four bytes. `digits` has one digit in each byte, the first in the lowest byte. Sets
// bits of `bad` if a character is not a digit.
constexpr uint32_t decodeEight(uint64_t digits, uint64_t& bad) {
  constexpr uint64_t kEach = 0x0101010101010101;
  const uint64_t isLetter = digits >> 6 & kEach;
  const uint64_t values = (digits & 15 * kEach) + 9 * isLetter;
  // Encodes the values again, in lower case: the result differs if a character was not a digit.
  const uint64_t aboveNine = (values + 6 * kEach) >> 4 & kEach;
  const uint64_t written = values + '0' * kEach + ('a' - '0' - 10) * aboveNine;
  bad |= (values & 0xf0 * kEach) | (written ^ (digits | 0x20 * isLetter));
  uint64_t bytes = (values << 4 | values >> 8) & 0x00ff00ff00ff00ff;
  bytes = (bytes | bytes >> 8) & 0x0000ffff0000ffff;
  return static_cast<uint32_t>(bytes | bytes >> 16);
}

// Base64 with either of its two alphabets.
struct Base64 {
  char digit62;
  char digit63;
  bool padded;

  [[nodiscard]] char digit(uint32_t value) const {
    if (value < 26) return static_cast<char>('A' + value);
    if (value < 52) return static_cast<char>('a' + value - 26);
    if (value < 62) return static_cast<char>('0' + value - 52);
    return value == 62 ? digit62 : digit63;
  }
  // Returns 64 for other characters.
  [[nodiscard]] uint32_t value(char c) const {
    if (c >= 'A' && c <= 'Z') return static_cast<uint32_t>(c - 'A');
    if (c >= 'a' && c <= 'z') return static_cast<uint32_t>(c - 'a') + 26;
    if (c >= '0' && c <= '9') return static_cast<uint32_t>(c - '0') + 52;
    return c == digit62 ? 62 : c == digit63 ? 63 : 64;
  }

  [[nodiscard]] std::string encode(std::string_view bytes) const;
  [[nodiscard]] std::optional<std::string> decode(std::string_view text) const;
};

constexpr Base64 kPlain{'+', '/', true};
constexpr Base64 kUrl{'-', '_', false};

std::string Base64::encode(std::string_view bytes) const {
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  uint32_t bits = 0;
  unsigned count = 0;  // how many of the bits are yet to be written
  for (const char byte : bytes) {
    bits = bits << 8 | static_cast<unsigned char>(byte);
    for (count += 8; count >= 6; count -= 6) text += digit(bits >> (count - 6) & 63);
  }
  if (count != 0) text += digit(bits << (6 - count) & 63);
  while (padded && text.size() % 4 != 0) text += '=';
  return text;
}

std::optional<std::string> Base64::decode(std::string_view text) const {
  if (padded) {
    if (text.size() % 4 != 0) return std::nullopt;
    text.remove_suffix(text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0);
  }
  // One digit after the last whole group is not enough for a byte.
  if (text.size() % 4 == 1) return std::nullopt;
  std::string bytes;
  bytes.reserve(text.size() / 4 * 3 + 2);
  uint32_t bits = 0;
  unsigned count = 0;  // how many of the bits are yet to be written
  for (const char c : text) {
    const uint32_t next = value(c);
    if (next == 64) return std::nullopt;
    bits = bits << 6 | next;
    count += 6;
    if (count < 8) continue;
    count -= 8;
    bytes += static_cast<char>(bits >> count & 0xff);
  }
  const uint32_t leftOver = bits & ((uint32_t{1} << count) - 1);
  if (leftOver != 0) return std::nullopt;
  return bytes;
}

}  // namespace

std::string encodeHex(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string digits;
  digits.reserve(2 * bytes.size());
  for (const char byte : bytes) {
    digits += kDigits[static_cast<unsigned char>(byte) >> 4];
    digits += kDigits[static_cast<unsigned char>(byte) & 15];
  }
  return digits;
}

std::optional<std::string> decodeHex(std::string_view digits) {
  std::string bytes(digits.size() / 2, '\0');
  if (!decodeHex(digits, {reinterpret_cast<unsigned char*>(bytes.data()), bytes.size()})) return std::nullopt;
  return bytes;
}

bool decodeHex(std::string_view digits, std::span<unsigned char> bytes) {
  // Divides, because twice the size might overflow.
  if (digits.size() % 2 != 0 || digits.size() / 2 != bytes.size()) return false;
  uint64_t bad = 0;
  for (size_t at = 0; at < bytes.size(); at += 4) {
    const size_t count = std::min<size_t>(bytes.size() - at, 4);
    uint64_t eight = 0x3030303030303030;
    std::memcpy(&eight, digits.data() + 2 * at, 2 * count);
    const uint32_t decoded = decodeEight(eight, bad);
    std::memcpy(bytes.data() + at, &decoded, count);
  }
  return bad == 0;
}

std::string encodeBase64(std::string_view bytes) { return kPlain.encode(bytes); }
std::optional<std::string> decodeBase64(std::string_view text) { return kPlain.decode(text); }
std::string encodeBase64Url(std::string_view bytes) { return kUrl.encode(bytes); }
std::optional<std::string> decodeBase64Url(std::string_view text) { return kUrl.decode(text); }

}  // namespace sluice
