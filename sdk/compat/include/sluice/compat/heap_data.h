// Results of hostcalls in memory that the filter owns.
#pragma once

#include <cstddef>
#include <cstdlib>

#include "proxy_wasm_common.h"
#include "sluice/abi.h"
#include "sluice/internal/runtime.h"

namespace sluice_compat {

/// Encloses one hostcall that returns bytes. Filters for the existing SDK free such bytes themselves and may keep them
/// after the callback, so the host must write them into a block from malloc() and not into the callback's memory.
class HeapData {
 public:
  HeapData();
  ~HeapData();
  HeapData(const HeapData&) = delete;
  HeapData& operator=(const HeapData&) = delete;

  /// The output parameters of the hostcall.
  const char* bytes = nullptr;
  size_t size = 0;

  /// Call it after the hostcall: returns the bytes if the host's result is valid, and frees them otherwise.
  WasmResult take(sluice::Status status, const char** toBytes, size_t* toSize);

 private:
  sluice::internal::HostAllocator before_;
};

}  // namespace sluice_compat
