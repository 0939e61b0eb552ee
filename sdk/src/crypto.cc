#include "sluice/crypto.h"

#include <bit>
#include <cstring>

namespace sluice {

namespace {

static_assert(std::endian::native == std::endian::little, "words are read as on WebAssembly, lowest byte first");

constexpr uint32_t kRoundConstants[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

constexpr uint32_t rotateRight(uint32_t value, unsigned count) { return value >> count | value << (32 - count); }

// Words are big-endian in the message and the digest, and little-endian in memory.
inline uint32_t readWord(const unsigned char* at) {
  uint32_t word;
  std::memcpy(&word, at, sizeof word);
  return (rotateRight(word, 8) & 0xff00ff00) | (rotateRight(word, 24) & 0x00ff00ff);
}
inline void writeWord(unsigned char* at, uint32_t word) {
  word = (rotateRight(word, 8) & 0xff00ff00) | (rotateRight(word, 24) & 0x00ff00ff);
  std::memcpy(at, &word, sizeof word);
}

// One of the 64 rounds. Instead of moving the values of the eight variables after each round, the caller passes the
// variables shifted by one place, which costs nothing. Rotations are nested: this computes rotr(x, 6) ^ rotr(x, 11) ^
// rotr(x, 25) with one operation less.
[[gnu::always_inline]] inline void round(uint32_t a, uint32_t b, uint32_t c, uint32_t& d, uint32_t e, uint32_t f,
                                         uint32_t g, uint32_t& h, uint32_t wordAndConstant) {
  h += rotateRight(e ^ rotateRight(e ^ rotateRight(e, 14), 5), 6) + (g ^ (e & (f ^ g))) + wordAndConstant;
  d += h;
  h += rotateRight(a ^ rotateRight(a ^ rotateRight(a, 9), 11), 2) + (((a ^ b) & (b ^ c)) ^ b);
}

// Computes the word 16 places after the first of `words`.
[[gnu::always_inline]] inline uint32_t nextWord(const uint32_t* words) {
  const uint32_t early = words[1];
  const uint32_t late = words[14];
  return words[0] + words[9] + (rotateRight(early ^ rotateRight(early, 11), 7) ^ early >> 3) +
         (rotateRight(late ^ rotateRight(late, 2), 17) ^ late >> 10);
}

// Hides the origin of a value from the optimizer. For a pointer, clang then uses the constant offsets of load
// instructions and does not compute each address. For a number, the optimizer can draw no conclusions from its value.
template <class T>
[[gnu::always_inline]] inline T hidden(T value) {
  __asm__("" : "+r"(value));
  return value;
}

}  // namespace

// The loops test at their end and take several steps at once, which makes them faster in interpreters.
void Sha256::compress(State& state, const unsigned char* block) {
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

void Sha256::update(std::string_view bytes) {
  auto* next = reinterpret_cast<const unsigned char*>(bytes.data());
  size_t left = bytes.size();
  const size_t used = size_ % kBlockSize;
  size_ += left;
  if (left < kBlockSize - used) {
    if (left != 0) std::memcpy(block_ + used, next, left);
    return;
  }
  if (used != 0) {
    const size_t taken = kBlockSize - used;
    std::memcpy(block_ + used, next, taken);
    compress(state_, block_);
    next += taken;
    left -= taken;
  }
  for (; left >= kBlockSize; next += kBlockSize, left -= kBlockSize) compress(state_, next);
  if (left != 0) std::memcpy(block_, next, left);
}

Sha256Digest Sha256::finish() {
  const uint64_t bits = size_ * 8;
  size_t used = size_ % kBlockSize;
  block_[used++] = 0x80;
  constexpr size_t kSizeAt = kBlockSize - 8;
  if (used > kSizeAt) {
    std::memset(block_ + used, 0, kBlockSize - used);
    compress(state_, block_);
    used = 0;
  }
  std::memset(block_ + used, 0, kSizeAt - used);
  writeWord(block_ + kSizeAt, static_cast<uint32_t>(bits >> 32));
  writeWord(block_ + kSizeAt + 4, static_cast<uint32_t>(bits));
  compress(state_, block_);
  Sha256Digest digest;
  for (size_t i = 0; i < state_.size(); ++i) writeWord(&digest[4 * i], state_[i]);
  return digest;
}

Sha256Digest sha256(std::string_view bytes) {
  Sha256 hash;
  hash.update(bytes);
  return hash.finish();
}

HmacKey::HmacKey(std::string_view key) {
  constexpr unsigned char kInnerPad = 0x36;
  constexpr unsigned char kOuterPad = 0x5c;
  unsigned char block[Sha256::kBlockSize] = {};
  if (key.size() > sizeof block) {
    const auto digest = sha256(key);
    std::memcpy(block, digest.data(), digest.size());
  } else if (!key.empty()) {
    std::memcpy(block, key.data(), key.size());
  }
  for (auto& byte : block) byte ^= kInnerPad;
  Sha256::compress(inner_, block);
  for (auto& byte : block) byte ^= kInnerPad ^ kOuterPad;
  Sha256::compress(outer_, block);
}

Sha256Digest HmacSha256::finish() {
  const auto inner = hash_.finish();
  Sha256 outer(outer_);
  outer.update(bytesOf(inner));
  return outer.finish();
}

bool HmacSha256::matches(std::string_view code) {
  const auto right = finish();
  return constantTimeEqual(bytesOf(right), code);
}

Sha256Digest hmacSha256(const HmacKey& key, std::string_view bytes) {
  HmacSha256 hmac(key);
  hmac.update(bytes);
  return hmac.finish();
}

bool constantTimeEqual(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  uint64_t difference = 0;
  size_t at = 0;
  for (; a.size() - at >= sizeof difference; at += sizeof difference) {
    uint64_t left;
    uint64_t right;
    std::memcpy(&left, a.data() + at, sizeof left);
    std::memcpy(&right, b.data() + at, sizeof right);
    // Without hidden() the compiler might end the loop as soon as the result cannot change any more.
    difference = hidden(difference | (left ^ right));
  }
  for (; at < a.size(); ++at) difference = hidden(difference | static_cast<unsigned char>(a[at] ^ b[at]));
  return difference == 0;
}

}  // namespace sluice
