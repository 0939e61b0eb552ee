// SHA-256 (FIPS 180-4), HMAC-SHA256 (RFC 2104), and comparison in constant time: small, and quick in WebAssembly.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace sluice {

/// 32 bytes: what SHA-256 and HMAC-SHA256 give.
using Sha256Digest = std::array<unsigned char, 32>;

/// A digest as bytes, to be encoded, hashed or kept. A view of the digest: valid as long as it is.
inline std::string_view bytesOf(const Sha256Digest& digest) {
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

/// The SHA-256 of bytes that come in pieces. Where the pieces are cut does not matter. Copy the object to go on from
/// the same beginning in two ways.
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
  /// The digest of all bytes taken in. The object is used up: what it gives afterwards is no digest of anything.
  Sha256Digest finish();

 private:
  friend class HmacKey;
  friend class HmacSha256;

  static constexpr size_t kBlockSize = 64;
  using State = std::array<uint32_t, 8>;
  static constexpr State kInitialState = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                          0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};

  // Goes on from a state that is the result of one block.
  explicit Sha256(const State& state) : state_(state), size_(kBlockSize) {}
  static void compress(State& state, const unsigned char* block);

  State state_ = kInitialState;
  uint64_t size_ = 0;
  unsigned char block_[kBlockSize];
};

/// The SHA-256 of `bytes`.
Sha256Digest sha256(std::string_view bytes);

/// A key for HMAC-SHA256, of any length (RFC 2104 advises 32 bytes or more), worked into the two states that every use
/// of it starts from: that saves two of four compressions for a short message. Make it once, in onConfigure. Its memory
/// is not wiped when it goes.
class HmacKey {
 public:
  /// Takes what it needs of `key`, which need not live on.
  explicit HmacKey(std::string_view key);

 private:
  friend class HmacSha256;
  Sha256::State inner_ = Sha256::kInitialState;
  Sha256::State outer_ = Sha256::kInitialState;
};

/// The HMAC-SHA256 of bytes that come in pieces.
///
///     HmacSha256 hmac(key);
///     hmac.update(method);
///     hmac.update("\n");
///     if (!hmac.matches(code)) refuse();
class HmacSha256 {
 public:
  /// Begins with a key, which need not live on.
  explicit HmacSha256(const HmacKey& key) : hash_(key.inner_), outer_(key.outer_) {}

  /// Takes in the next bytes, any number of them.
  void update(std::string_view bytes) { hash_.update(bytes); }
  /// The code of all bytes taken in. The object is used up.
  Sha256Digest finish();
  /// Whether `code` is the code of all bytes taken in, compared in constant time. False for any size but 32: a code
  /// that was cut off proves less, and the empty one nothing. The object is used up.
  [[nodiscard]] bool matches(std::string_view code);

 private:
  Sha256 hash_;
  Sha256::State outer_;
};

/// The HMAC-SHA256 of `bytes`.
Sha256Digest hmacSha256(const HmacKey& key, std::string_view bytes);

/// Whether `a` and `b` are the same bytes, in a time that does not depend on where they differ: for secrets, and for
/// what is computed from them. It does depend on the sizes, and different sizes are unequal at once. Two empty ones are
/// equal: check first that there is anything to compare.
[[nodiscard]] bool constantTimeEqual(std::string_view a, std::string_view b);
/// The same for two digests.
[[nodiscard]] inline bool constantTimeEqual(const Sha256Digest& a, const Sha256Digest& b) {
  return constantTimeEqual(bytesOf(a), bytesOf(b));
}

}  // namespace sluice
