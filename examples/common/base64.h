// Base64 (RFC 4648, section 4) to bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace base64 {

/// The value of a digit, or 64 for other characters.
constexpr uint32_t valueOf(char c) {
  if (c >= 'A' && c <= 'Z') return static_cast<uint32_t>(c - 'A');
  if (c >= 'a' && c <= 'z') return static_cast<uint32_t>(c - 'a') + 26;
  if (c >= '0' && c <= '9') return static_cast<uint32_t>(c - '0') + 52;
  return c == '+' ? 62 : c == '/' ? 63 : 64;
}

/// The bytes that `text` stands for; nothing when it is not just what an encoder writes: padded, without other
/// characters, and without bits that belong to no byte. So no two texts mean the same.
inline std::optional<std::string> decode(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  const size_t padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
  text.remove_suffix(padding);
  std::string bytes;
  bytes.reserve(text.size() * 3 / 4);
  uint32_t bits = 0;
  unsigned count = 0;  // how many of the bits are yet to be written
  for (const char c : text) {
    const uint32_t value = valueOf(c);
    if (value == 64) return std::nullopt;
    bits = bits << 6 | value;
    count += 6;
    if (count < 8) continue;
    count -= 8;
    bytes += static_cast<char>(bits >> count & 0xff);
  }
  const uint32_t leftOver = bits & ((uint32_t{1} << count) - 1);
  return leftOver == 0 ? std::optional(std::move(bytes)) : std::nullopt;
}

}  // namespace base64
