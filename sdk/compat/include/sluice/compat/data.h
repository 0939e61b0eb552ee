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
/// The result of WasmData::pairs().
std::vector<std::pair<std::string_view, std::string_view>> parsePairs(std::string_view data);
}  // namespace sluice_compat

/// Owns bytes from the host, which stay valid as long as this object, also after the callback.
class WasmData {
 public:
  /// Takes ownership of `size` bytes at `data`, which malloc() must have allocated; the results of hostcalls are.
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

  /// The bytes. Null and 0 when the host gave none.
  const char* data() { return data_; }
  size_t size() { return size_; }
  std::string_view view() { return {data_, size_}; }
  std::string toString() { return std::string(view()); }
  /// Parses the bytes as a header map. The headers are views, valid as long as this object. When the map is malformed,
  /// logs a line and returns an empty list.
  std::vector<std::pair<std::string_view, std::string_view>> pairs() { return sluice_compat::parsePairs(view()); }
  /// Parses the bytes as a protobuf message T. When they are malformed, the message has the fields that could be read.
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

/// The result of functions that read from the host; never null unless a function says so.
typedef std::unique_ptr<WasmData> WasmDataPtr;
