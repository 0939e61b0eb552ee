#include "sluice/compat/heap_data.h"

#include <utility>

namespace sluice_compat {

namespace {

// The last block that the host asked for, until a HeapData takes it.
void* given = nullptr;
size_t givenSize = 0;

void* give(size_t size) {
  std::free(given);
  given = std::malloc(size);
  givenSize = given == nullptr ? 0 : size;
  return given;
}

}  // namespace

HeapData::HeapData() : before_(sluice::internal::setHostAllocator(give)) {}

HeapData::~HeapData() {
  sluice::internal::setHostAllocator(before_);
  std::free(std::exchange(given, nullptr));
}

WasmResult HeapData::take(sluice::Status status, const char** toBytes, size_t* toSize) {
  if (status != sluice::Status::Ok) return static_cast<WasmResult>(status);
  if (size != 0 && (bytes == nullptr || bytes != given || size > givenSize)) return WasmResult::InvalidMemoryAccess;
  // The host may have asked for a block even if it returns no bytes.
  *toBytes = size == 0 ? nullptr : static_cast<const char*>(std::exchange(given, nullptr));
  *toSize = size;
  return WasmResult::Ok;
}

}  // namespace sluice_compat
