// The hash of a password in the configuration: PBKDF2-HMAC-SHA256 (RFC 8018) with a salt.
#pragma once

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "sluice/crypto.h"
#include "sluice/encoding.h"

/// Computes the first 32 bytes of PBKDF2-HMAC-SHA256.
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

  /// A hash that no password matches. A check against it takes as long as against other hashes with this number of
  /// iterations.
  explicit PasswordHash(uint32_t iterations = 1) : iterations_(iterations) {}

  /// Parses `pbkdf2-sha256$ITERATIONS$SALT$HASH`. The salt has 16 bytes and the hash 32, in hexadecimal digits. False
  /// for any other text.
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

  /// Whether this is the hash of `password`. A wrong password always takes all iterations, and the time does not depend
  /// on how much of the hash is wrong. A password that was right before takes a single iteration.
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
  sluice::Sha256Digest quickHash_ =
      {};  // one iteration of the right password, once it was seen; it never leaves this memory
};
