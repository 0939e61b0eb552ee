// Bytes from the host.
#pragma once

#include <cstddef>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sluice/internal/allocator.h"

namespace sluice_compat {
/// What WasmData::pairs() returns.
std::vector<std::pair<std::string_view, std::string_view>> parsePairs(std::string_view data);
}  // namespace sluice_compat

/// Bytes from the host, valid as long as this object is: also after the callback.
class WasmData {
 public:
  /// Takes over `size` bytes at `data`, which malloc() gave, as the hostcalls do.
  WasmData(const char* data, size_t size) : data_(data), size_(size) {}
  ~WasmData() { ::free(const_cast<char*>(data_)); }
  WasmData(const WasmData&) = delete;
  WasmData& operator=(const WasmData&) = delete;

#if defined(__wasm__)
  [[gnu::always_inline]] static void* operator new(size_t size) { return sluice::internal::allocateFixed(size); }
  [[gnu::always_inline]] static void operator delete(void* data, size_t size) {
    sluice::internal::freeFixed(data, size);
  }
#endif

  /// The bytes. Null and 0 where the host gave none.
  const char* data() { return data_; }
  size_t size() { return size_; }
  std::string_view view() { return {data_, size_}; }
  std::string toString() { return std::string(view()); }
  /// The headers, if the bytes are a header map: views that are valid as long as this object. Empty, after a log line,
  /// when they are not a well-formed one.
  std::vector<std::pair<std::string_view, std::string_view>> pairs() { return sluice_compat::parsePairs(view()); }
  /// The bytes parsed as protobuf message T; what could be read of it when they are malformed.
  template <typename T>
  T proto() {
    T message;
    static_cast<void>(message.ParseFromArray(data_, static_cast<int>(size_)));
    return message;
  }

 private:
  const char* data_;
  size_t size_;
};

/// What functions that read from the host return; never null unless said otherwise.
typedef std::unique_ptr<WasmData> WasmDataPtr;
