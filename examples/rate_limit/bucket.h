// A token bucket in eight bytes of shared data.
#pragma once

#include <algorithm>
#include <cstdint>

/// A bucket of `limit` tokens that fills up evenly in the time of a window. All there is to know of one is when it will
/// be full: a token that is taken puts that off by the time in which one flows in. Times are in nanoseconds.
class Bucket {
 public:
  Bucket() = default;
  Bucket(uint32_t limit, int64_t window) : limit_(limit), perToken_(window / limit) {}

  /// What came of an attempt to take a token.
  struct Outcome {
    bool taken;
    int64_t fullAt;      // to be kept until the next attempt; as it was, where none was taken
    uint32_t remaining;  // how many tokens are left
    int64_t wait;        // how long until there is one; 0 where there is
    int64_t untilFull;
  };

  /// An attempt, at the time `now`, with what the last one left; 0 before the first.
  Outcome take(int64_t fullAt, int64_t now) const {
    // A clock that was put back must not close the bucket for longer than it takes to fill.
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
