// SHA-256 (FIPS 180-4) and HMAC-SHA256 (RFC 2104): small, and quick in a WebAssembly interpreter or JIT.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace crypto {

/// 32 bytes: a SHA-256 digest, or an HMAC made with it.
using Digest = std::array<unsigned char, 32>;

namespace internal {

using State = std::array<uint32_t, 8>;

inline constexpr size_t kBlockSize = 64;
inline constexpr State kInitialState = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                        0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
inline constexpr uint32_t kRoundConstants[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

constexpr uint32_t rotateRight(uint32_t value, unsigned count) { return value >> count | value << (32 - count); }

// Big-endian in the message and the digest; little-endian in memory.
inline uint32_t readWord(const unsigned char* at) {
  uint32_t word;
  std::memcpy(&word, at, sizeof word);
  return (rotateRight(word, 8) & 0xff00ff00) | (rotateRight(word, 24) & 0x00ff00ff);
}
inline void writeWord(unsigned char* at, uint32_t word) {
  word = (rotateRight(word, 8) & 0xff00ff00) | (rotateRight(word, 24) & 0x00ff00ff);
  std::memcpy(at, &word, sizeof word);
}

// One of the 64 rounds. The caller passes the eight variables one place further on for each round, which costs nothing
// where moving their values would.
// Rotations are nested: rotr(x, 6) ^ rotr(x, 11) ^ rotr(x, 25) in one operation less.
[[gnu::always_inline]] inline void round(uint32_t a, uint32_t b, uint32_t c, uint32_t& d, uint32_t e, uint32_t f,
                                         uint32_t g, uint32_t& h, uint32_t wordAndConstant) {
  h += rotateRight(e ^ rotateRight(e ^ rotateRight(e, 14), 5), 6) + (g ^ (e & (f ^ g))) + wordAndConstant;
  d += h;
  h += rotateRight(a ^ rotateRight(a ^ rotateRight(a, 9), 11), 2) + (((a ^ b) & (b ^ c)) ^ b);
}

// The word that comes 16 after the first of `words`.
[[gnu::always_inline]] inline uint32_t nextWord(const uint32_t* words) {
  const uint32_t early = words[1];
  const uint32_t late = words[14];
  return words[0] + words[9] + (rotateRight(early ^ rotateRight(early, 11), 7) ^ early >> 3) +
         (rotateRight(late ^ rotateRight(late, 2), 17) ^ late >> 10);
}

// Hides where a pointer comes from, so that clang reaches what lies behind it by the offset that a load has anyway, and
// does not compute each address.
template <class T>
[[gnu::always_inline]] inline T* hidden(T* pointer) {
  __asm__("" : "+r"(pointer));
  return pointer;
}

// The loops end with their tests and take several steps at once, for interpreters' sake.
inline void compress(State& state, const unsigned char* block) {
  uint32_t words[64];
  size_t i = 0;
  do {
    const auto* const from = hidden(block + 4 * i);
    auto* const to = hidden(words + i);
    to[0] = readWord(from);
    to[1] = readWord(from + 4);
  } while ((i += 2) != 16);
  i = 0;
  do {
    auto* const w = hidden(words + i);
    w[16] = nextWord(w);
    w[17] = nextWord(w + 1);
    w[18] = nextWord(w + 2);
    w[19] = nextWord(w + 3);
  } while ((i += 4) != 48);
  auto [a, b, c, d, e, f, g, h] = state;
  i = 0;
  do {
    const auto* const k = hidden(kRoundConstants + i);
    const auto* const w = hidden(words + i);
    round(a, b, c, d, e, f, g, h, k[0] + w[0]);
    round(h, a, b, c, d, e, f, g, k[1] + w[1]);
    round(g, h, a, b, c, d, e, f, k[2] + w[2]);
    round(f, g, h, a, b, c, d, e, k[3] + w[3]);
    round(e, f, g, h, a, b, c, d, k[4] + w[4]);
    round(d, e, f, g, h, a, b, c, k[5] + w[5]);
    round(c, d, e, f, g, h, a, b, k[6] + w[6]);
    round(b, c, d, e, f, g, h, a, k[7] + w[7]);
  } while ((i += 8) != 64);
  state = {state[0] + a, state[1] + b, state[2] + c, state[3] + d,
           state[4] + e, state[5] + f, state[6] + g, state[7] + h};
}

}  // namespace internal

/// The SHA-256 of bytes that come in pieces.
///
///     Sha256 hash;
///     hash.update("ab");
///     hash.update("c");
///     Digest digest = hash.finish();
class Sha256 {
 public:
  Sha256() = default;

  /// Takes in the next bytes.
  void update(std::string_view bytes) {
    auto* next = reinterpret_cast<const unsigned char*>(bytes.data());
    size_t left = bytes.size();
    const size_t used = size_ % internal::kBlockSize;
    size_ += left;
    if (used + left < internal::kBlockSize) {
      if (left != 0) std::memcpy(block_ + used, next, left);
      return;
    }
    if (used != 0) {
      const size_t taken = internal::kBlockSize - used;
      std::memcpy(block_ + used, next, taken);
      internal::compress(state_, block_);
      next += taken;
      left -= taken;
    }
    for (; left >= internal::kBlockSize; next += internal::kBlockSize, left -= internal::kBlockSize)
      internal::compress(state_, next);
    if (left != 0) std::memcpy(block_, next, left);
  }

  /// The digest of all bytes taken in; afterwards the object is used up.
  Digest finish() {
    const uint64_t bits = size_ * 8;
    size_t used = size_ % internal::kBlockSize;
    block_[used++] = 0x80;
    constexpr size_t kSizeAt = internal::kBlockSize - 8;
    if (used > kSizeAt) {
      std::memset(block_ + used, 0, internal::kBlockSize - used);
      internal::compress(state_, block_);
      used = 0;
    }
    std::memset(block_ + used, 0, kSizeAt - used);
    internal::writeWord(block_ + kSizeAt, static_cast<uint32_t>(bits >> 32));
    internal::writeWord(block_ + kSizeAt + 4, static_cast<uint32_t>(bits));
    internal::compress(state_, block_);
    Digest digest;
    for (size_t i = 0; i < state_.size(); ++i) internal::writeWord(&digest[4 * i], state_[i]);
    return digest;
  }

 private:
  friend class HmacKey;
  friend class HmacSha256;
  // Goes on from a state that is the result of one block.
  explicit Sha256(const internal::State& state) : state_(state), size_(internal::kBlockSize) {}

  internal::State state_ = internal::kInitialState;
  uint64_t size_ = 0;
  unsigned char block_[internal::kBlockSize];
};

/// A key for HMAC-SHA256, worked into the two states that every use of it starts from: that saves two of four
/// compressions for a short message.
class HmacKey {
 public:
  explicit HmacKey(std::string_view key) {
    unsigned char block[internal::kBlockSize] = {};
    if (key.size() > sizeof block) {
      Sha256 hash;
      hash.update(key);
      const auto digest = hash.finish();
      std::memcpy(block, digest.data(), digest.size());
    } else if (!key.empty()) {
      std::memcpy(block, key.data(), key.size());
    }
    for (auto& byte : block) byte ^= kInnerPad;
    internal::compress(inner_, block);
    for (auto& byte : block) byte ^= kInnerPad ^ kOuterPad;
    internal::compress(outer_, block);
  }

 private:
  friend class HmacSha256;
  static constexpr unsigned char kInnerPad = 0x36;
  static constexpr unsigned char kOuterPad = 0x5c;

  internal::State inner_ = internal::kInitialState;
  internal::State outer_ = internal::kInitialState;
};

/// The HMAC-SHA256 of bytes that come in pieces.
class HmacSha256 {
 public:
  explicit HmacSha256(const HmacKey& key) : hash_(key.inner_), outer_(key.outer_) {}

  /// Takes in the next bytes.
  void update(std::string_view bytes) { hash_.update(bytes); }

  /// The code of all bytes taken in; afterwards the object is used up.
  Digest finish() {
    const auto inner = hash_.finish();
    Sha256 outer(outer_);
    outer.update({reinterpret_cast<const char*>(inner.data()), inner.size()});
    return outer.finish();
  }

 private:
  Sha256 hash_;
  internal::State outer_;
};

/// Whether two digests are equal, in a time that does not depend on where they differ.
inline bool equalInConstantTime(const Digest& a, const Digest& b) {
  uint64_t difference = 0;
  for (size_t i = 0; i < a.size(); i += sizeof difference) {
    uint64_t left;
    uint64_t right;
    std::memcpy(&left, &a[i], sizeof left);
    std::memcpy(&right, &b[i], sizeof right);
    difference |= left ^ right;
  }
  return difference == 0;
}

}  // namespace crypto
