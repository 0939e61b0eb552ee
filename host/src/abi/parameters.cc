#include "abi/parameters.h"

namespace sluice::host {

Status OutBytes::write(std::string_view bytes) const {
  uint64_t address = 0;
  if (!bytes.empty()) {
    address = caller->allocate(bytes.size());
    if (address == 0 || !caller->memory().writeBytes(address, bytes.data(), bytes.size())) {
      caller->charge(bytes.size() / kBytesPerStep);  // They may have been put together for nothing.
      return Status::InvalidMemoryAccess;
    }
    caller->countBytes(bytes.size());
  }
  return writePlace(address, bytes.size()) ? Status::Ok : Status::InvalidMemoryAccess;
}

bool OutBytes::writePlace(uint64_t address, uint64_t size) const {
  return caller->memory().writeWord(pointerAddress, address) && caller->memory().writeWord(lengthAddress, size);
}

}  // namespace sluice::host
