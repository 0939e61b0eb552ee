// The parameters of hostcalls that stand for several of the ABI's.
#pragma once

#include <cstdint>
#include <string_view>

#include "abi/caller.h"
#include "sluice/abi.h"

namespace sluice::host {

/// Bytes in guest memory, valid during the call: a pointer and a length in the ABI.
struct Bytes {
  std::string_view view;
};

/// A length or an offset.
struct Length {
  uint64_t value;
};

/// Where the host returns bytes to the guest: the addresses of a pointer and of a length.
struct OutBytes {
  Caller* caller;
  uint64_t pointerAddress;
  uint64_t lengthAddress;

  /// Allocates guest memory, copies `bytes` there, and writes the pointer and the length. Returns InvalidMemoryAccess
  /// when that fails. Empty bytes become a null pointer.
  [[nodiscard]] Status write(std::string_view bytes) const;
  /// Writes `address` and `size` as the pointer and the length, without copying any bytes. Returns false when it cannot
  /// write them.
  [[nodiscard]] bool writePlace(uint64_t address, uint64_t size) const;
};

/// Where the host returns one value to the guest.
template <class T>
struct Out {
  Caller* caller;
  uint64_t address;

  [[nodiscard]] Status write(T value) const {
    return caller->memory().write(address, value) ? Status::Ok : Status::InvalidMemoryAccess;
  }
};
template <>
struct Out<Length> {
  Caller* caller;
  uint64_t address;

  [[nodiscard]] Status write(uint64_t value) const {
    return caller->memory().writeWord(address, value) ? Status::Ok : Status::InvalidMemoryAccess;
  }
};

}  // namespace sluice::host
