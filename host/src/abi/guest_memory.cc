#include "abi/guest_memory.h"

#include <cstring>

namespace sluice::host {

bool GuestMemory::writeWord(uint64_t address, uint64_t value) {
  return wordSize() == 4 ? write(address, static_cast<uint32_t>(value)) : write(address, value);
}

bool GuestMemory::writeBytes(uint64_t address, const void* bytes, size_t size) {
  char* to = at(address, size);
  if (to == nullptr) return false;
  std::memcpy(to, bytes, size);
  return true;
}

}  // namespace sluice::host
