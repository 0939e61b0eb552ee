// A guest's memory, as hostcalls read and write it.
#pragma once

#include <cstddef>
#include <cstdint>

namespace sluice::host {

/// A guest's memory, with every access checked where the guest has bounds. Addresses are the guest's.
class GuestMemory {
 public:
  virtual ~GuestMemory() = default;
  /// The bytes at `address`, or null when the range is not inside the memory. Valid until the guest runs.
  virtual char* at(uint64_t address, uint64_t size) = 0;
  /// How wide a pointer or a length is in this memory: 4 or 8 bytes.
  [[nodiscard]] virtual size_t wordSize() const = 0;

  /// Writes a value of type T; false when it does not fit.
  template <class T>
  bool write(uint64_t address, T value) {
    return writeBytes(address, &value, sizeof(T));
  }
  /// Writes a pointer or a length.
  bool writeWord(uint64_t address, uint64_t value);
  bool writeBytes(uint64_t address, const void* bytes, size_t size);
};

}  // namespace sluice::host
