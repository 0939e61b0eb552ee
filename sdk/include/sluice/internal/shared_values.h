// How shared data is read and written: integers as bytes, and the number of no value.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>

#include "sluice/result.h"

namespace sluice::internal {

/// As a compare-and-swap number: any existing value's is another, until there have been 2^32 - 2 updates. Hosts take it
/// for a key that has no value yet, and so one of two VMs that both create the value is told.
inline constexpr uint32_t kAbsent = UINT32_MAX;

/// The bytes of an integer, lowest first.
template <std::integral T>
struct LittleEndian {
  explicit LittleEndian(T value) {
    for (size_t i = 0; i < sizeof(T); ++i) bytes[i] = static_cast<char>(static_cast<uint64_t>(value) >> 8 * i);
  }
  static T read(const char* bytes) {
    uint64_t value = 0;
    for (size_t i = 0; i < sizeof(T); ++i) value |= uint64_t{static_cast<unsigned char>(bytes[i])} << 8 * i;
    return static_cast<T>(value);
  }
  std::string_view view() const { return {bytes, sizeof bytes}; }

  char bytes[sizeof(T)];
};

template <class T>
struct IsResult : std::false_type {};
template <class T>
struct IsResult<Result<T>> : std::true_type {};

}  // namespace sluice::internal
