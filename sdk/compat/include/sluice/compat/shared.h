// Shared data and shared queues.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "proxy_wasm_externs.h"
#include "sluice/compat/data.h"
#include "sluice/compat/log.h"

/// The value of `key` and its CAS number (proxy_get_shared_data).
inline WasmResult getSharedData(std::string_view key, WasmDataPtr* value, uint32_t* cas = nullptr) {
  uint32_t unused;
  const char* data = nullptr;
  size_t size = 0;
  const auto result = proxy_get_shared_data(key.data(), key.size(), &data, &size, cas == nullptr ? &unused : cas);
  if (result == WasmResult::Ok) *value = std::make_unique<WasmData>(data, size);
  return result;
}
/// Sets the value of `key` if `cas` is 0 or still the value's CAS number; CasMismatch otherwise
/// (proxy_set_shared_data).
inline WasmResult setSharedData(std::string_view key, std::string_view value, uint32_t cas = 0) {
  return proxy_set_shared_data(key.data(), key.size(), value.data(), value.size(), cas);
}
/// Like getSharedData(), but stops the VM when there is no value.
inline WasmDataPtr getSharedDataValue(std::string_view key, uint32_t* cas = nullptr) {
  WasmDataPtr data;
  const auto result = getSharedData(key, &data, cas);
  if (result != WasmResult::Ok) logAbort("getSharedData returned WasmError: " + toString(result));
  return data;
}

/// Creates or opens a queue of this VM; the host then calls onQueueReady() for new items (proxy_register_shared_queue).
inline WasmResult registerSharedQueue(std::string_view queue_name, uint32_t* token) {
  return proxy_register_shared_queue(queue_name.data(), queue_name.size(), token);
}
/// Finds a queue of another VM (proxy_resolve_shared_queue).
inline WasmResult resolveSharedQueue(std::string_view vm_id, std::string_view queue_name, uint32_t* token) {
  return proxy_resolve_shared_queue(vm_id.data(), vm_id.size(), queue_name.data(), queue_name.size(), token);
}
/// Adds an item at the end of the queue (proxy_enqueue_shared_queue).
inline WasmResult enqueueSharedQueue(uint32_t token, std::string_view data) {
  return proxy_enqueue_shared_queue(token, data.data(), data.size());
}
/// Takes out the first item of the queue; Empty and empty data when there is none (proxy_dequeue_shared_queue).
inline WasmResult dequeueSharedQueue(uint32_t token, WasmDataPtr* data) {
  const char* bytes = nullptr;
  size_t size = 0;
  const auto result = proxy_dequeue_shared_queue(token, &bytes, &size);
  *data = std::make_unique<WasmData>(bytes, size);
  return result;
}
