// The hostcalls under their ABI names, with the types of the existing C++ SDK.
//
// The caller owns bytes that a hostcall returns through a `const char**`: free them with ::free(), or pass them to a
// WasmData. They are valid until then, also after the callback. When a host returns memory that it did not get during
// this call, the result is InvalidMemoryAccess and the pointers stay unchanged.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "proxy_wasm_common.h"
#include "proxy_wasm_enums.h"
#include "sluice/compat/heap_data.h"
#include "sluice/compat/last_callback.h"
#include "sluice/internal/hostcalls.h"
#include "sluice/internal/runtime.h"

// Convert between the sluice:: types and the types here, which differ only in their names.
#define SLUICE_COMPAT_CALL(call) static_cast<WasmResult>(::sluice::abi::call)

// Configuration, status, logs, time
/// The plugin's configuration. This hostcall is from ABI 0.1.0; newer hosts have a buffer instead, which is used then.
inline WasmResult proxy_get_configuration(const char** configuration_ptr, size_t* configuration_size) {
  ::sluice_compat::HeapData data;
  return data.take(::sluice::abi::proxy_get_buffer_bytes(::sluice::BufferType::PluginConfiguration, 0, UINT32_MAX,
                                                         &data.bytes, &data.size),
                   configuration_ptr, configuration_size);
}
/// The status code and message of the callout that the current callback reports.
inline WasmResult proxy_get_status(uint32_t* status_code_ptr, const char** message_ptr, size_t* message_size) {
  ::sluice_compat::HeapData data;
  return data.take(::sluice::abi::proxy_get_status(status_code_ptr, &data.bytes, &data.size), message_ptr,
                   message_size);
}
inline WasmResult proxy_log(LogLevel level, const char* logMessage, size_t messageSize) {
  return SLUICE_COMPAT_CALL(proxy_log(static_cast<::sluice::LogLevel>(level), logMessage, messageSize));
}
inline WasmResult proxy_get_log_level(LogLevel* level) {
  ::sluice::LogLevel lowest{};
  const auto result = SLUICE_COMPAT_CALL(proxy_get_log_level(&lowest));
  if (result == WasmResult::Ok) *level = static_cast<LogLevel>(lowest);
  return result;
}
inline WasmResult proxy_set_tick_period_milliseconds(uint32_t millisecond) {
  return SLUICE_COMPAT_CALL(proxy_set_tick_period_milliseconds(millisecond));
}
inline WasmResult proxy_get_current_time_nanoseconds(uint64_t* nanoseconds) {
  return SLUICE_COMPAT_CALL(proxy_get_current_time_nanoseconds(nanoseconds));
}

// Properties
inline WasmResult proxy_get_property(const char* path_ptr, size_t path_size, const char** value_ptr_ptr,
                                     size_t* value_size_ptr) {
  ::sluice_compat::HeapData data;
  return data.take(::sluice::abi::proxy_get_property(path_ptr, path_size, &data.bytes, &data.size), value_ptr_ptr,
                   value_size_ptr);
}
inline WasmResult proxy_set_property(const char* path_ptr, size_t path_size, const char* value_ptr, size_t value_size) {
  return SLUICE_COMPAT_CALL(proxy_set_property(path_ptr, path_size, value_ptr, value_size));
}

// Streams: hostcalls during which a host may make a callback. In the last callbacks of a stream they would crash a
// host.
inline WasmResult proxy_continue_stream(WasmStreamType stream_type) {
  if (::sluice_compat::inLastCallback()) return WasmResult::BadArgument;
  const ::sluice::internal::NestingScope nesting;
  return SLUICE_COMPAT_CALL(proxy_continue_stream(static_cast<::sluice::StreamType>(stream_type)));
}
inline WasmResult proxy_close_stream(WasmStreamType stream_type) {
  if (::sluice_compat::inLastCallback()) return WasmResult::BadArgument;
  const ::sluice::internal::NestingScope nesting;
  return SLUICE_COMPAT_CALL(proxy_close_stream(static_cast<::sluice::StreamType>(stream_type)));
}
inline WasmResult proxy_send_local_response(uint32_t response_code, const char* response_code_details_ptr,
                                            size_t response_code_details_size, const char* body_ptr, size_t body_size,
                                            const char* additional_response_header_pairs_ptr,
                                            size_t additional_response_header_pairs_size, uint32_t grpc_status) {
  if (::sluice_compat::inLastCallback()) return WasmResult::BadArgument;
  const ::sluice::internal::NestingScope nesting;
  return SLUICE_COMPAT_CALL(
      proxy_send_local_response(response_code, response_code_details_ptr, response_code_details_size, body_ptr,
                                body_size, additional_response_header_pairs_ptr, additional_response_header_pairs_size,
                                static_cast<::sluice::GrpcStatus>(grpc_status)));
}

// Shared data and queues
inline WasmResult proxy_get_shared_data(const char* key_ptr, size_t key_size, const char** value_ptr,
                                        size_t* value_size, uint32_t* cas) {
  ::sluice_compat::HeapData data;
  return data.take(::sluice::abi::proxy_get_shared_data(key_ptr, key_size, &data.bytes, &data.size, cas), value_ptr,
                   value_size);
}
inline WasmResult proxy_set_shared_data(const char* key_ptr, size_t key_size, const char* value_ptr, size_t value_size,
                                        uint32_t cas) {
  return SLUICE_COMPAT_CALL(proxy_set_shared_data(key_ptr, key_size, value_ptr, value_size, cas));
}
inline WasmResult proxy_register_shared_queue(const char* queue_name_ptr, size_t queue_name_size, uint32_t* token) {
  return SLUICE_COMPAT_CALL(proxy_register_shared_queue(queue_name_ptr, queue_name_size, token));
}
inline WasmResult proxy_resolve_shared_queue(const char* vm_id, size_t vm_id_size, const char* queue_name_ptr,
                                             size_t queue_name_size, uint32_t* token) {
  return SLUICE_COMPAT_CALL(proxy_resolve_shared_queue(vm_id, vm_id_size, queue_name_ptr, queue_name_size, token));
}
inline WasmResult proxy_dequeue_shared_queue(uint32_t token, const char** data_ptr, size_t* data_size) {
  ::sluice_compat::HeapData data;
  return data.take(::sluice::abi::proxy_dequeue_shared_queue(token, &data.bytes, &data.size), data_ptr, data_size);
}
inline WasmResult proxy_enqueue_shared_queue(uint32_t token, const char* data_ptr, size_t data_size) {
  const ::sluice::internal::NestingScope nesting;
  return SLUICE_COMPAT_CALL(proxy_enqueue_shared_queue(token, data_ptr, data_size));
}

// Header maps
inline WasmResult proxy_add_header_map_value(WasmHeaderMapType type, const char* key_ptr, size_t key_size,
                                             const char* value_ptr, size_t value_size) {
  return SLUICE_COMPAT_CALL(
      proxy_add_header_map_value(static_cast<::sluice::MapType>(type), key_ptr, key_size, value_ptr, value_size));
}
inline WasmResult proxy_get_header_map_value(WasmHeaderMapType type, const char* key_ptr, size_t key_size,
                                             const char** value_ptr, size_t* value_size) {
  ::sluice_compat::HeapData data;
  return data.take(::sluice::abi::proxy_get_header_map_value(static_cast<::sluice::MapType>(type), key_ptr, key_size,
                                                             &data.bytes, &data.size),
                   value_ptr, value_size);
}
inline WasmResult proxy_get_header_map_pairs(WasmHeaderMapType type, const char** ptr, size_t* size) {
  ::sluice_compat::HeapData data;
  return data.take(
      ::sluice::abi::proxy_get_header_map_pairs(static_cast<::sluice::MapType>(type), &data.bytes, &data.size), ptr,
      size);
}
inline WasmResult proxy_set_header_map_pairs(WasmHeaderMapType type, const char* ptr, size_t size) {
  return SLUICE_COMPAT_CALL(proxy_set_header_map_pairs(static_cast<::sluice::MapType>(type), ptr, size));
}
inline WasmResult proxy_replace_header_map_value(WasmHeaderMapType type, const char* key_ptr, size_t key_size,
                                                 const char* value_ptr, size_t value_size) {
  return SLUICE_COMPAT_CALL(
      proxy_replace_header_map_value(static_cast<::sluice::MapType>(type), key_ptr, key_size, value_ptr, value_size));
}
inline WasmResult proxy_remove_header_map_value(WasmHeaderMapType type, const char* key_ptr, size_t key_size) {
  return SLUICE_COMPAT_CALL(proxy_remove_header_map_value(static_cast<::sluice::MapType>(type), key_ptr, key_size));
}
inline WasmResult proxy_get_header_map_size(WasmHeaderMapType type, size_t* size) {
  return SLUICE_COMPAT_CALL(proxy_get_header_map_size(static_cast<::sluice::MapType>(type), size));
}

// Buffers
inline WasmResult proxy_get_buffer_bytes(WasmBufferType type, uint32_t start, uint32_t length, const char** ptr,
                                         size_t* size) {
  if (::sluice_compat::isGone(type)) return WasmResult::BadArgument;
  ::sluice_compat::HeapData data;
  return data.take(::sluice::abi::proxy_get_buffer_bytes(static_cast<::sluice::BufferType>(type), start, length,
                                                         &data.bytes, &data.size),
                   ptr, size);
}
inline WasmResult proxy_get_buffer_status(WasmBufferType type, size_t* length_ptr, uint32_t* flags_ptr) {
  if (::sluice_compat::isGone(type)) return WasmResult::BadArgument;
  return SLUICE_COMPAT_CALL(proxy_get_buffer_status(static_cast<::sluice::BufferType>(type), length_ptr, flags_ptr));
}
inline WasmResult proxy_set_buffer_bytes(WasmBufferType type, uint32_t start, uint32_t length, const char* ptr,
                                         size_t size) {
  if (::sluice_compat::isGone(type)) return WasmResult::BadArgument;
  return SLUICE_COMPAT_CALL(proxy_set_buffer_bytes(static_cast<::sluice::BufferType>(type), start, length, ptr, size));
}

// Calls to other services
inline WasmResult proxy_http_call(const char* uri_ptr, size_t uri_size, void* header_pairs_ptr,
                                  size_t header_pairs_size, const char* body_ptr, size_t body_size,
                                  void* trailer_pairs_ptr, size_t trailer_pairs_size, uint32_t timeout_milliseconds,
                                  uint32_t* token_ptr) {
  const ::sluice::internal::NestingScope nesting;
  return SLUICE_COMPAT_CALL(proxy_http_call(
      uri_ptr, uri_size, static_cast<const char*>(header_pairs_ptr), header_pairs_size, body_ptr, body_size,
      static_cast<const char*>(trailer_pairs_ptr), trailer_pairs_size, timeout_milliseconds, token_ptr));
}
inline WasmResult proxy_grpc_call(const char* service_ptr, size_t service_size, const char* service_name_ptr,
                                  size_t service_name_size, const char* method_name_ptr, size_t method_name_size,
                                  void* initial_metadata_ptr, size_t initial_metadata_size, const char* request_ptr,
                                  size_t request_size, uint32_t timeout_milliseconds, uint32_t* token_ptr) {
  const ::sluice::internal::NestingScope nesting;
  return SLUICE_COMPAT_CALL(proxy_grpc_call(service_ptr, service_size, service_name_ptr, service_name_size,
                                            method_name_ptr, method_name_size,
                                            static_cast<const char*>(initial_metadata_ptr), initial_metadata_size,
                                            request_ptr, request_size, timeout_milliseconds, token_ptr));
}
inline WasmResult proxy_grpc_stream(const char* service_ptr, size_t service_size, const char* service_name_ptr,
                                    size_t service_name_size, const char* method_name_ptr, size_t method_name_size,
                                    void* initial_metadata, size_t initial_metadata_size, uint32_t* token_ptr) {
  const ::sluice::internal::NestingScope nesting;
  return SLUICE_COMPAT_CALL(proxy_grpc_stream(
      service_ptr, service_size, service_name_ptr, service_name_size, method_name_ptr, method_name_size,
      static_cast<const char*>(initial_metadata), initial_metadata_size, token_ptr));
}
inline WasmResult proxy_grpc_cancel(uint32_t token) {
  const ::sluice::internal::NestingScope nesting;
  return SLUICE_COMPAT_CALL(proxy_grpc_cancel(token));
}
inline WasmResult proxy_grpc_close(uint32_t token) {
  const ::sluice::internal::NestingScope nesting;
  return SLUICE_COMPAT_CALL(proxy_grpc_close(token));
}
inline WasmResult proxy_grpc_send(uint32_t token, const char* message_ptr, size_t message_size, uint32_t end_stream) {
  const ::sluice::internal::NestingScope nesting;
  return SLUICE_COMPAT_CALL(proxy_grpc_send(token, message_ptr, message_size, end_stream));
}

// Metrics
inline WasmResult proxy_define_metric(MetricType type, const char* name_ptr, size_t name_size, uint32_t* metric_id) {
  return SLUICE_COMPAT_CALL(
      proxy_define_metric(static_cast<::sluice::MetricType>(type), name_ptr, name_size, metric_id));
}
inline WasmResult proxy_increment_metric(uint32_t metric_id, int64_t offset) {
  return SLUICE_COMPAT_CALL(proxy_increment_metric(metric_id, offset));
}
inline WasmResult proxy_record_metric(uint32_t metric_id, uint64_t value) {
  return SLUICE_COMPAT_CALL(proxy_record_metric(metric_id, value));
}
inline WasmResult proxy_get_metric(uint32_t metric_id, uint64_t* result) {
  return SLUICE_COMPAT_CALL(proxy_get_metric(metric_id, result));
}

// System
inline WasmResult proxy_set_effective_context(uint32_t effective_context_id) {
  return ::sluice_compat::setEffectiveContext(effective_context_id);
}
inline WasmResult proxy_done() {
  const ::sluice::internal::NestingScope nesting;
  return SLUICE_COMPAT_CALL(proxy_done());
}
inline WasmResult proxy_call_foreign_function(const char* function_name, size_t function_name_size,
                                              const char* arguments, size_t arguments_size, char** results,
                                              size_t* results_size) {
  const ::sluice::internal::NestingScope nesting;
  ::sluice_compat::HeapData data;
  const char* bytes = *results;
  const auto result = data.take(::sluice::abi::proxy_call_foreign_function(function_name, function_name_size, arguments,
                                                                           arguments_size, &data.bytes, &data.size),
                                &bytes, results_size);
  *results = const_cast<char*>(bytes);
  return result;
}
/// Makes the host select the route again after a change of request headers. This hostcall is from ABI 0.1.0; newer
/// hosts have a foreign function instead, which is used then.
inline WasmResult proxy_clear_route_cache() {
  constexpr char kName[] = "clear_route_cache";
  char* nothing = nullptr;
  size_t size = 0;
  const auto result = proxy_call_foreign_function(kName, sizeof kName - 1, nullptr, 0, &nothing, &size);
  ::free(nothing);
  return result;
}

#undef SLUICE_COMPAT_CALL
