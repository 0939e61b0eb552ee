// What hostcalls return, in memory that the filter owns.
#pragma once

#include <cstddef>
#include <cstdlib>

#include "proxy_wasm_common.h"
#include "sluice/abi.h"
#include "sluice/internal/runtime.h"

namespace sluice_compat {

/// Stands around one hostcall that returns bytes: filters of the existing SDK free them when they like, and may keep
/// them past the callback. So the host puts them into a block of malloc()'s, not into the callback's memory.
class HeapData {
 public:
  HeapData();
  ~HeapData();
  HeapData(const HeapData&) = delete;
  HeapData& operator=(const HeapData&) = delete;

  /// What the hostcall returns through.
  const char* bytes = nullptr;
  size_t size = 0;

  /// After the hostcall: hands the bytes on when the host answered as it must, and drops them otherwise.
  WasmResult take(sluice::Status status, const char** toBytes, size_t* toSize);

 private:
  sluice::internal::HostAllocator before_;
};

}  // namespace sluice_compat
