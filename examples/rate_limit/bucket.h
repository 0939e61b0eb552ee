// A token bucket in eight bytes of shared data.
#pragma once

#include <algorithm>
#include <cstdint>

/// A bucket of `limit` tokens, which fills up evenly within a window. The only state is the time at which the bucket
/// will be full: taking a token moves that time later by the time in which one token flows in. Times are in
/// nanoseconds.
class Bucket {
 public:
  Bucket() = default;
  Bucket(uint32_t limit, int64_t window) : limit_(limit), perToken_(window / limit) {}

  /// The result of an attempt to take a token.
  struct Outcome {
    bool taken;
    int64_t fullAt;      // store it for the next attempt; unchanged if no token was taken
    uint32_t remaining;  // the number of tokens left
    int64_t wait;        // the time until the next token; 0 if a token was taken
    int64_t untilFull;
  };

  /// Tries to take a token at the time `now`. `fullAt` is the value from the last attempt; 0 before the first.
  Outcome take(int64_t fullAt, int64_t now) const {
    // If the clock was set back, the bucket must not stay empty for longer than it takes to fill.
    const int64_t before = std::clamp(fullAt, now, now + capacity());
    const int64_t after = before + perToken_;
    const int64_t wait = std::max<int64_t>(after - now - capacity(), 0);
    const bool taken = wait == 0;
    const int64_t left = taken ? after : before;
    return {taken, left, static_cast<uint32_t>((capacity() - (left - now)) / perToken_), wait, left - now};
  }

  uint32_t limit() const { return limit_; }

 private:
  int64_t capacity() const { return perToken_ * limit_; }

  uint32_t limit_ = 1;
  int64_t perToken_ = 1;
};
