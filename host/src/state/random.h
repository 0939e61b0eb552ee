// Random numbers for guests, the same in every run.
#pragma once

#include <cstddef>
#include <cstdint>

namespace sluice::host {

class Random {
 public:
  void fill(char* bytes, size_t size) {
    for (size_t i = 0; i < size; ++i) {
      // xorshift64
      state_ ^= state_ << 13;
      state_ ^= state_ >> 7;
      state_ ^= state_ << 17;
      bytes[i] = static_cast<char>(state_);
    }
  }

 private:
  uint64_t state_ = 0x9e3779b97f4a7c15;
};

}  // namespace sluice::host
