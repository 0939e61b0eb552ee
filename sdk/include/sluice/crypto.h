// SHA-256 (FIPS 180-4), HMAC-SHA256 (RFC 2104), and comparison in constant time. The code is small, and fast in
// WebAssembly.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace sluice {

/// The 32 bytes that SHA-256 and HMAC-SHA256 compute.
using Sha256Digest = std::array<unsigned char, 32>;

/// The bytes of a digest, for example to encode or store them. The view is valid as long as `digest` is.
inline std::string_view bytesOf(const Sha256Digest& digest) {
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

/// Computes the SHA-256 of bytes that come in pieces of any size. Copy the object to hash several messages that begin
/// with the same bytes.
///
///     Sha256 hash;
///     hash.update("ab");
///     hash.update("c");
///     const Sha256Digest digest = hash.finish();  // sha256("abc")
class Sha256 {
 public:
  Sha256() = default;

  /// Takes in the next bytes, any number of them.
  void update(std::string_view bytes);
  /// Returns the digest of all bytes passed to update(). Do not use the object afterwards: its results would be
  /// meaningless.
  Sha256Digest finish();

 private:
  friend class HmacKey;
  friend class HmacSha256;

  static constexpr size_t kBlockSize = 64;
  using State = std::array<uint32_t, 8>;
  static constexpr State kInitialState = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                          0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};

  // Continues from the state after one block.
  explicit Sha256(const State& state) : state_(state), size_(kBlockSize) {}
  static void compress(State& state, const unsigned char* block);

  State state_ = kInitialState;
  uint64_t size_ = 0;
  unsigned char block_[kBlockSize];
};

/// The SHA-256 of `bytes`.
Sha256Digest sha256(std::string_view bytes);

/// A key for HMAC-SHA256, of any length (RFC 2104 advises 32 bytes or more). It holds the two hash states from which
/// every HMAC with this key starts, which saves two of four compressions for a short message. Make it once, in
/// onConfigure. The destructor does not wipe its memory.
class HmacKey {
 public:
  /// Computes the states from `key`, which need not stay valid.
  explicit HmacKey(std::string_view key);

 private:
  friend class HmacSha256;
  Sha256::State inner_ = Sha256::kInitialState;
  Sha256::State outer_ = Sha256::kInitialState;
};

/// Computes the HMAC-SHA256 of bytes that come in pieces.
///
///     HmacSha256 hmac(key);
///     hmac.update(method);
///     hmac.update("\n");
///     if (!hmac.matches(code)) refuse();
class HmacSha256 {
 public:
  /// Starts with `key`, which need not stay valid.
  explicit HmacSha256(const HmacKey& key) : hash_(key.inner_), outer_(key.outer_) {}

  /// Takes in the next bytes, any number of them.
  void update(std::string_view bytes) { hash_.update(bytes); }
  /// Returns the code of all bytes passed to update(). Do not use the object afterwards.
  Sha256Digest finish();
  /// Whether `code` is the code of all bytes passed to update(), compared in constant time. False unless `code` has 32
  /// bytes: a shortened code proves less, and an empty one proves nothing. Do not use the object afterwards.
  [[nodiscard]] bool matches(std::string_view code);

 private:
  Sha256 hash_;
  Sha256::State outer_;
};

/// The HMAC-SHA256 of `bytes`.
Sha256Digest hmacSha256(const HmacKey& key, std::string_view bytes);

/// Whether `a` and `b` are the same bytes. The time does not depend on where they differ: use it for secrets and for
/// values computed from secrets. The time does depend on the sizes, and different sizes return false at once. Two empty
/// views are equal: check first that there is something to compare.
[[nodiscard]] bool constantTimeEqual(std::string_view a, std::string_view b);
/// Whether two digests are equal, in constant time.
[[nodiscard]] inline bool constantTimeEqual(const Sha256Digest& a, const Sha256Digest& b) {
  return constantTimeEqual(bytesOf(a), bytesOf(b));
}

}  // namespace sluice
