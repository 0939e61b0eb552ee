// Helpers of shared data: integers as bytes, and the CAS number for a key without a value.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>

#include "sluice/result.h"

namespace sluice::internal {

/// A CAS number that no existing value has, until there have been 2^32 - 2 updates. Hosts accept it for a key that has
/// no value yet. When two VMs both create a value with it, one of them gets a CasMismatch.
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
  [[nodiscard]] std::string_view view() const { return {bytes, sizeof bytes}; }

  char bytes[sizeof(T)];
};

template <class T>
struct IsResult : std::false_type {};
template <class T>
struct IsResult<Result<T>> : std::true_type {};

}  // namespace sluice::internal
