// Access to a guest's memory for hostcalls.
#pragma once

#include <cstddef>
#include <cstdint>

namespace sluice::host {

/// How many bytes, copied or cleared, count as one step of the guest (Limits::instructions).
inline constexpr uint64_t kBytesPerStep = 64;

/// A guest's memory. Addresses are guest addresses. Every access is bounds-checked when the guest's memory has bounds
/// (a native guest's has none).
class GuestMemory {
 public:
  virtual ~GuestMemory() = default;
  /// The bytes at `address`, or null when the range is not inside the memory. The pointer is valid until the guest
  /// runs.
  virtual char* at(uint64_t address, uint64_t size) = 0;
  /// The size of a pointer or a length in this memory: 4 or 8 bytes.
  [[nodiscard]] virtual size_t wordSize() const = 0;

  /// Writes a value of type T; returns false when the address is outside the memory.
  template <class T>
  bool write(uint64_t address, T value) {
    return writeBytes(address, &value, sizeof(T));
  }
  /// Writes a pointer or a length; returns false when the address is outside the memory.
  bool writeWord(uint64_t address, uint64_t value);
  bool writeBytes(uint64_t address, const void* bytes, size_t size);
};

}  // namespace sluice::host
