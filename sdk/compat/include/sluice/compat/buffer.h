// Bodies, configurations and other buffers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

#include "proxy_wasm_externs.h"
#include "sluice/compat/data.h"

/// Up to `length` bytes from offset `start`; empty data when there are none (proxy_get_buffer_bytes).
inline WasmDataPtr getBufferBytes(WasmBufferType type, size_t start, size_t length) {
  const char* bytes = nullptr;
  size_t size = 0;
  proxy_get_buffer_bytes(type, static_cast<uint32_t>(start), static_cast<uint32_t>(length), &bytes, &size);
  return std::make_unique<WasmData>(bytes, size);
}
/// The number of bytes in the buffer (proxy_get_buffer_status).
inline WasmResult getBufferStatus(WasmBufferType type, size_t* size, uint32_t* flags) {
  return proxy_get_buffer_status(type, size, flags);
}
/// Replaces `length` bytes from offset `start` with `data`. Pass the buffer's size in `new_size`; it is updated
/// (proxy_set_buffer_bytes).
inline WasmResult setBuffer(WasmBufferType type, size_t start, size_t length, std::string_view data,
                            size_t* new_size = nullptr) {
  const auto result = proxy_set_buffer_bytes(type, static_cast<uint32_t>(start), static_cast<uint32_t>(length),
                                             data.data(), data.size());
  if (result == WasmResult::Ok && new_size != nullptr) *new_size = *new_size - length + data.size();
  return result;
}
