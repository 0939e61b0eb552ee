// A password as the configuration has it: PBKDF2-HMAC-SHA256 (RFC 8018), with a salt.
#pragma once

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "sluice/crypto.h"
#include "sluice/encoding.h"

/// PBKDF2-HMAC-SHA256, its first 32 bytes.
inline sluice::Sha256Digest pbkdf2(std::string_view password, std::string_view salt, uint32_t iterations) {
  const sluice::HmacKey key(password);
  sluice::HmacSha256 first(key);
  first.update(salt);
  first.update(std::string_view("\0\0\0\1", 4));
  auto last = first.finish();
  auto result = last;
  for (uint32_t i = 1; i < iterations; ++i) {
    sluice::HmacSha256 next(key);
    next.update(sluice::bytesOf(last));
    last = next.finish();
    for (size_t at = 0; at < result.size(); ++at) result[at] ^= last[at];
  }
  return result;
}

class PasswordHash {
 public:
  static constexpr uint32_t kMaxIterations = 50'000;

  /// One that no password has, and that takes as long to find out as others with these iterations.
  explicit PasswordHash(uint32_t iterations = 1) : iterations_(iterations) {}

  /// Reads `pbkdf2-sha256$ITERATIONS$SALT$HASH`: 16 and 32 bytes in hexadecimal digits. False when `text` is anything
  /// else.
  bool parse(std::string_view text) {
    constexpr std::string_view kScheme = "pbkdf2-sha256$";
    if (!text.starts_with(kScheme)) return false;
    text.remove_prefix(kScheme.size());
    const auto parsed = std::from_chars(text.data(), text.data() + text.size(), iterations_);
    if (parsed.ec != std::errc() || iterations_ < 1 || iterations_ > kMaxIterations) return false;
    text.remove_prefix(static_cast<size_t>(parsed.ptr - text.data()));
    constexpr size_t kSaltDigits = 2 * sizeof salt_;
    if (text.size() < kSaltDigits + 2 || text.front() != '$' || text[kSaltDigits + 1] != '$') return false;
    return sluice::decodeHex(text.substr(1, kSaltDigits), salt_) &&
           sluice::decodeHex(text.substr(kSaltDigits + 2), hash_);
  }

  uint32_t iterations() const { return iterations_; }

  /// Whether this is the hash of `password`. What is wrong takes all iterations each time, in a time that does not
  /// depend on how wrong it is; what was right before, a single one.
  bool matches(std::string_view password) {
    const std::string_view salt(reinterpret_cast<const char*>(salt_), sizeof salt_);
    const auto quick = pbkdf2(password, salt, 1);
    if (sluice::constantTimeEqual(quick, quickHash_)) return true;
    if (!sluice::constantTimeEqual(pbkdf2(password, salt, iterations_), hash_)) return false;
    quickHash_ = quick;
    return true;
  }

 private:
  uint32_t iterations_;
  unsigned char salt_[16] = {};
  sluice::Sha256Digest hash_ = {};
  sluice::Sha256Digest quickHash_ = {};  // of the password, once it is known: never leaves this memory
};
