// The Proxy-Wasm ABI as tables.
//
// Every enum value and every function signature of ABI 0.1.0, 0.2.0 and 0.2.1 is in a table below and nowhere else. The
// guest's imports and exports, the mock host's dispatch and the table in the documentation are generated from these
// tables. They follow https://github.com/proxy-wasm/spec (abi-versions/v0.2.1); comments mark values that hosts use but
// the spec does not have.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

// ---------------------------------------------------------------------------------------------------------------------
// Enums: X(enumerator, value)

// proxy_status_t. Hosts also use BadExpression, ResultMismatch and BrokenConnection, which the spec does not have.
#define SLUICE_ABI_STATUS(X) \
  X(Ok, 0)                   \
  X(NotFound, 1)             \
  X(BadArgument, 2)          \
  X(SerializationFailure, 3) \
  X(ParseFailure, 4)         \
  X(BadExpression, 5)        \
  X(InvalidMemoryAccess, 6)  \
  X(Empty, 7)                \
  X(CasMismatch, 8)          \
  X(ResultMismatch, 9)       \
  X(InternalFailure, 10)     \
  X(BrokenConnection, 11)    \
  X(Unimplemented, 12)

// proxy_log_level_t
#define SLUICE_ABI_LOG_LEVEL(X) \
  X(Trace, 0)                   \
  X(Debug, 1)                   \
  X(Info, 2)                    \
  X(Warn, 3)                    \
  X(Error, 4)                   \
  X(Critical, 5)

// proxy_map_type_t
#define SLUICE_ABI_MAP_TYPE(X)   \
  X(HttpRequestHeaders, 0)       \
  X(HttpRequestTrailers, 1)      \
  X(HttpResponseHeaders, 2)      \
  X(HttpResponseTrailers, 3)     \
  X(GrpcCallInitialMetadata, 4)  \
  X(GrpcCallTrailingMetadata, 5) \
  X(HttpCallResponseHeaders, 6)  \
  X(HttpCallResponseTrailers, 7)

// proxy_buffer_type_t
#define SLUICE_ABI_BUFFER_TYPE(X) \
  X(HttpRequestBody, 0)           \
  X(HttpResponseBody, 1)          \
  X(DownstreamData, 2)            \
  X(UpstreamData, 3)              \
  X(HttpCallResponseBody, 4)      \
  X(GrpcCallMessage, 5)           \
  X(VmConfiguration, 6)           \
  X(PluginConfiguration, 7)       \
  X(ForeignFunctionArguments, 8)

// proxy_stream_type_t
#define SLUICE_ABI_STREAM_TYPE(X) \
  X(HttpRequest, 0)               \
  X(HttpResponse, 1)              \
  X(Downstream, 2)                \
  X(Upstream, 3)

// proxy_peer_type_t
#define SLUICE_ABI_PEER_TYPE(X) \
  X(Unknown, 0)                 \
  X(Local, 1)                   \
  X(Remote, 2)

// proxy_metric_type_t
#define SLUICE_ABI_METRIC_TYPE(X) \
  X(Counter, 0)                   \
  X(Gauge, 1)                     \
  X(Histogram, 2)

// The result of a headers callback. The spec has Continue and Pause (StopIteration); hosts support all of these.
#define SLUICE_ABI_FILTER_HEADERS_STATUS(X) \
  X(Continue, 0)                            \
  X(StopIteration, 1)                       \
  X(ContinueAndEndStream, 2)                \
  X(StopAllIterationAndBuffer, 3)           \
  X(StopAllIterationAndWatermark, 4)

// The result of a body callback.
#define SLUICE_ABI_FILTER_DATA_STATUS(X) \
  X(Continue, 0)                         \
  X(StopIterationAndBuffer, 1)           \
  X(StopIterationAndWatermark, 2)        \
  X(StopIterationNoBuffer, 3)

// The result of a trailers callback.
#define SLUICE_ABI_FILTER_TRAILERS_STATUS(X) \
  X(Continue, 0)                             \
  X(StopIteration, 1)

// The result of a metadata callback (a host extension).
#define SLUICE_ABI_FILTER_METADATA_STATUS(X) X(Continue, 0)

// The result of a TCP callback (proxy_action_t).
#define SLUICE_ABI_FILTER_STATUS(X) \
  X(Continue, 0)                    \
  X(StopIteration, 1)

// gRPC status codes (https://grpc.io/docs/guides/status-codes); None when a call is not about gRPC.
#define SLUICE_ABI_GRPC_STATUS(X) \
  X(None, -1)                     \
  X(Ok, 0)                        \
  X(Canceled, 1)                  \
  X(Unknown, 2)                   \
  X(InvalidArgument, 3)           \
  X(DeadlineExceeded, 4)          \
  X(NotFound, 5)                  \
  X(AlreadyExists, 6)             \
  X(PermissionDenied, 7)          \
  X(ResourceExhausted, 8)         \
  X(FailedPrecondition, 9)        \
  X(Aborted, 10)                  \
  X(OutOfRange, 11)               \
  X(Unimplemented, 12)            \
  X(Internal, 13)                 \
  X(Unavailable, 14)              \
  X(DataLoss, 15)                 \
  X(Unauthenticated, 16)

// ---------------------------------------------------------------------------------------------------------------------
// Functions: X(first ABI version, last ABI version, name, (parameters))
//
// Versions are 10, 20 and 21 for 0.1.0, 0.2.0 and 0.2.1. In a module's memory a pointer and a size_t are 32 bits wide.
// `const char*` points to bytes of the guest that the host reads during the call. `const char**` with `size_t*` receive
// bytes that the host writes into memory from proxy_on_memory_allocate. Other pointers receive one value.

// Hostcalls (guest calls host): imported from module "env"; each returns a Status.
#define SLUICE_ABI_HOSTCALLS(X)                                                                                        \
  /* Integration */                                                                                                    \
  X(10, 21, proxy_done, ())                                                                                            \
  X(10, 21, proxy_set_effective_context, (uint32_t context_id))                                                        \
  /* Configuration, logging, time */                                                                                   \
  X(10, 10, proxy_get_configuration, (const char** return_data, size_t* return_size))                                  \
  X(10, 21, proxy_log, (LogLevel level, const char* message_data, size_t message_size))                                \
  X(21, 21, proxy_get_log_level, (LogLevel * return_level))                                                            \
  X(10, 21, proxy_get_current_time_nanoseconds, (uint64_t* return_time))                                               \
  X(10, 21, proxy_set_tick_period_milliseconds, (uint32_t period))                                                     \
  /* Buffers */                                                                                                        \
  X(10, 21, proxy_set_buffer_bytes,                                                                                    \
    (BufferType buffer, size_t start, size_t size, const char* value_data, size_t value_size))                         \
  X(10, 21, proxy_get_buffer_bytes,                                                                                    \
    (BufferType buffer, size_t start, size_t max_size, const char** return_data, size_t* return_size))                 \
  X(10, 21, proxy_get_buffer_status, (BufferType buffer, size_t* return_size, uint32_t* return_unused))                \
  /* Header maps */                                                                                                    \
  X(10, 21, proxy_get_header_map_size, (MapType map, size_t* return_size))                                             \
  X(10, 21, proxy_get_header_map_pairs, (MapType map, const char** return_data, size_t* return_size))                  \
  X(10, 21, proxy_set_header_map_pairs, (MapType map, const char* pairs_data, size_t pairs_size))                      \
  X(10, 21, proxy_get_header_map_value,                                                                                \
    (MapType map, const char* key_data, size_t key_size, const char** return_data, size_t* return_size))               \
  X(10, 21, proxy_add_header_map_value,                                                                                \
    (MapType map, const char* key_data, size_t key_size, const char* value_data, size_t value_size))                   \
  X(10, 21, proxy_replace_header_map_value,                                                                            \
    (MapType map, const char* key_data, size_t key_size, const char* value_data, size_t value_size))                   \
  X(10, 21, proxy_remove_header_map_value, (MapType map, const char* key_data, size_t key_size))                       \
  /* Streams */                                                                                                        \
  X(10, 10, proxy_continue_request, ())                                                                                \
  X(10, 10, proxy_continue_response, ())                                                                               \
  X(10, 10, proxy_clear_route_cache, ())                                                                               \
  X(20, 21, proxy_continue_stream, (StreamType stream))                                                                \
  X(20, 21, proxy_close_stream, (StreamType stream))                                                                   \
  X(10, 21, proxy_get_status, (uint32_t* return_code, const char** return_message_data, size_t* return_message_size))  \
  X(10, 21, proxy_send_local_response,                                                                                 \
    (uint32_t status_code, const char* details_data, size_t details_size, const char* body_data, size_t body_size,     \
     const char* headers_data, size_t headers_size, GrpcStatus grpc_status))                                           \
  /* Callouts */                                                                                                       \
  X(10, 21, proxy_http_call,                                                                                           \
    (const char* upstream_data, size_t upstream_size, const char* headers_data, size_t headers_size,                   \
     const char* body_data, size_t body_size, const char* trailers_data, size_t trailers_size, uint32_t timeout,       \
     uint32_t* return_call_id))                                                                                        \
  X(10, 21, proxy_grpc_call,                                                                                           \
    (const char* upstream_data, size_t upstream_size, const char* service_data, size_t service_size,                   \
     const char* method_data, size_t method_size, const char* metadata_data, size_t metadata_size,                     \
     const char* message_data, size_t message_size, uint32_t timeout, uint32_t* return_call_id))                       \
  X(10, 21, proxy_grpc_stream,                                                                                         \
    (const char* upstream_data, size_t upstream_size, const char* service_data, size_t service_size,                   \
     const char* method_data, size_t method_size, const char* metadata_data, size_t metadata_size,                     \
     uint32_t* return_stream_id))                                                                                      \
  X(10, 21, proxy_grpc_send, (uint32_t stream_id, const char* message_data, size_t message_size, uint32_t end_stream)) \
  X(10, 21, proxy_grpc_cancel, (uint32_t call_or_stream_id))                                                           \
  X(10, 21, proxy_grpc_close, (uint32_t call_or_stream_id))                                                            \
  /* Shared data and queues */                                                                                         \
  X(10, 21, proxy_set_shared_data,                                                                                     \
    (const char* key_data, size_t key_size, const char* value_data, size_t value_size, uint32_t cas))                  \
  X(10, 21, proxy_get_shared_data,                                                                                     \
    (const char* key_data, size_t key_size, const char** return_data, size_t* return_size, uint32_t* return_cas))      \
  X(10, 21, proxy_register_shared_queue, (const char* name_data, size_t name_size, uint32_t* return_queue_id))         \
  X(10, 21, proxy_resolve_shared_queue,                                                                                \
    (const char* vm_id_data, size_t vm_id_size, const char* name_data, size_t name_size, uint32_t* return_queue_id))   \
  X(10, 21, proxy_enqueue_shared_queue, (uint32_t queue_id, const char* value_data, size_t value_size))                \
  X(10, 21, proxy_dequeue_shared_queue, (uint32_t queue_id, const char** return_data, size_t* return_size))            \
  /* Metrics */                                                                                                        \
  X(10, 21, proxy_define_metric,                                                                                       \
    (MetricType type, const char* name_data, size_t name_size, uint32_t* return_metric_id))                            \
  X(10, 21, proxy_record_metric, (uint32_t metric_id, uint64_t value))                                                 \
  X(10, 21, proxy_increment_metric, (uint32_t metric_id, int64_t delta))                                               \
  X(10, 21, proxy_get_metric, (uint32_t metric_id, uint64_t* return_value))                                            \
  /* Properties and foreign functions */                                                                               \
  X(10, 21, proxy_get_property,                                                                                        \
    (const char* path_data, size_t path_size, const char** return_data, size_t* return_size))                          \
  X(10, 21, proxy_set_property, (const char* path_data, size_t path_size, const char* value_data, size_t value_size))  \
  X(10, 21, proxy_call_foreign_function,                                                                               \
    (const char* name_data, size_t name_size, const char* arguments_data, size_t arguments_size,                       \
     const char** return_data, size_t* return_size))

// Callbacks (host calls guest): X(first, last, name, return type, (parameters)). A host skips callbacks that a module
// does not export.
#define SLUICE_ABI_CALLBACKS(X)                                                                                        \
  /* Memory */                                                                                                         \
  X(10, 21, proxy_on_memory_allocate, void*, (size_t size))                                                            \
  X(10, 21, malloc, void*, (size_t size))                                                                              \
  /* Contexts */                                                                                                       \
  X(10, 21, proxy_on_context_create, void, (uint32_t context_id, uint32_t parent_context_id))                          \
  X(10, 21, proxy_on_done, uint32_t, (uint32_t context_id))                                                            \
  X(10, 21, proxy_on_log, void, (uint32_t context_id))                                                                 \
  X(10, 21, proxy_on_delete, void, (uint32_t context_id))                                                              \
  /* Plugin */                                                                                                         \
  X(10, 21, proxy_on_vm_start, uint32_t, (uint32_t context_id, size_t configuration_size))                             \
  X(10, 21, proxy_validate_configuration, uint32_t, (uint32_t context_id, size_t configuration_size))                  \
  X(10, 21, proxy_on_configure, uint32_t, (uint32_t context_id, size_t configuration_size))                            \
  X(10, 21, proxy_on_tick, void, (uint32_t context_id))                                                                \
  X(10, 21, proxy_on_queue_ready, void, (uint32_t context_id, uint32_t queue_id))                                      \
  X(20, 21, proxy_on_foreign_function, void, (uint32_t context_id, uint32_t function_id, size_t arguments_size))       \
  /* TCP streams */                                                                                                    \
  X(10, 21, proxy_on_new_connection, FilterStatus, (uint32_t context_id))                                              \
  X(10, 21, proxy_on_downstream_data, FilterStatus, (uint32_t context_id, size_t data_size, uint32_t end_of_stream))   \
  X(10, 21, proxy_on_downstream_connection_close, void, (uint32_t context_id, PeerType peer))                          \
  X(10, 21, proxy_on_upstream_data, FilterStatus, (uint32_t context_id, size_t data_size, uint32_t end_of_stream))     \
  X(10, 21, proxy_on_upstream_connection_close, void, (uint32_t context_id, PeerType peer))                            \
  /* HTTP streams (0.1.0 calls the two headers callbacks without end_of_stream; metadata is a host extension) */       \
  X(10, 21, proxy_on_request_headers, FilterHeadersStatus,                                                             \
    (uint32_t context_id, uint32_t num_headers, uint32_t end_of_stream))                                               \
  X(10, 21, proxy_on_request_body, FilterDataStatus, (uint32_t context_id, size_t body_size, uint32_t end_of_stream))  \
  X(10, 21, proxy_on_request_trailers, FilterTrailersStatus, (uint32_t context_id, uint32_t num_trailers))             \
  X(10, 21, proxy_on_request_metadata, FilterMetadataStatus, (uint32_t context_id, uint32_t num_elements))             \
  X(10, 21, proxy_on_response_headers, FilterHeadersStatus,                                                            \
    (uint32_t context_id, uint32_t num_headers, uint32_t end_of_stream))                                               \
  X(10, 21, proxy_on_response_body, FilterDataStatus, (uint32_t context_id, size_t body_size, uint32_t end_of_stream)) \
  X(10, 21, proxy_on_response_trailers, FilterTrailersStatus, (uint32_t context_id, uint32_t num_trailers))            \
  X(10, 21, proxy_on_response_metadata, FilterMetadataStatus, (uint32_t context_id, uint32_t num_elements))            \
  /* Callouts */                                                                                                       \
  X(10, 21, proxy_on_http_call_response, void,                                                                         \
    (uint32_t context_id, uint32_t call_id, uint32_t num_headers, size_t body_size, uint32_t num_trailers))            \
  X(10, 21, proxy_on_grpc_receive_initial_metadata, void,                                                              \
    (uint32_t context_id, uint32_t call_id, uint32_t num_elements))                                                    \
  X(10, 21, proxy_on_grpc_receive, void, (uint32_t context_id, uint32_t call_id, size_t message_size))                 \
  X(10, 21, proxy_on_grpc_receive_trailing_metadata, void,                                                             \
    (uint32_t context_id, uint32_t call_id, uint32_t num_elements))                                                    \
  X(10, 21, proxy_on_grpc_close, void, (uint32_t context_id, uint32_t call_id, GrpcStatus status))

// ---------------------------------------------------------------------------------------------------------------------
// Generated from the tables, for guests and hosts.

namespace sluice {

namespace abi {
/// The `index`th name in `names`, where each name ends with a space; "unknown" past the last name. One string takes
/// less space in a module than a table of pointers.
constexpr std::string_view nameAt(std::string_view names, uint32_t index) {
  while (!names.empty()) {
    size_t size = 0;
    while (names[size] != ' ') ++size;
    if (index-- == 0) return names.substr(0, size);
    names.remove_prefix(size + 1);
  }
  return "unknown";
}
}  // namespace abi

#define SLUICE_ABI_ENUMERATOR(name, value) name = value,
#define SLUICE_ABI_NAME(name, value) #name " "
#define SLUICE_ABI_VALUE(name, value) value,
// The values in a table must increase by one from its first value.
#define SLUICE_ABI_ENUM(ATTRIBUTE, Type, TABLE)                                           \
  enum class ATTRIBUTE Type : int32_t { TABLE(SLUICE_ABI_ENUMERATOR) };                   \
  /* The enumerator's name, or "unknown" for a value that the ABI does not define. */     \
  constexpr std::string_view toString(Type value) {                                       \
    constexpr int32_t kValues[] = {TABLE(SLUICE_ABI_VALUE)};                              \
    return abi::nameAt({TABLE(SLUICE_ABI_NAME), sizeof(TABLE(SLUICE_ABI_NAME)) - 1},      \
                       static_cast<uint32_t>(value) - static_cast<uint32_t>(kValues[0])); \
  }

SLUICE_ABI_ENUM([[nodiscard]], Status, SLUICE_ABI_STATUS)
SLUICE_ABI_ENUM(, LogLevel, SLUICE_ABI_LOG_LEVEL)
SLUICE_ABI_ENUM(, MapType, SLUICE_ABI_MAP_TYPE)
SLUICE_ABI_ENUM(, BufferType, SLUICE_ABI_BUFFER_TYPE)
SLUICE_ABI_ENUM(, StreamType, SLUICE_ABI_STREAM_TYPE)
SLUICE_ABI_ENUM(, PeerType, SLUICE_ABI_PEER_TYPE)
SLUICE_ABI_ENUM(, MetricType, SLUICE_ABI_METRIC_TYPE)
SLUICE_ABI_ENUM(, FilterHeadersStatus, SLUICE_ABI_FILTER_HEADERS_STATUS)
SLUICE_ABI_ENUM(, FilterDataStatus, SLUICE_ABI_FILTER_DATA_STATUS)
SLUICE_ABI_ENUM(, FilterTrailersStatus, SLUICE_ABI_FILTER_TRAILERS_STATUS)
SLUICE_ABI_ENUM(, FilterMetadataStatus, SLUICE_ABI_FILTER_METADATA_STATUS)
SLUICE_ABI_ENUM(, FilterStatus, SLUICE_ABI_FILTER_STATUS)
SLUICE_ABI_ENUM(, GrpcStatus, SLUICE_ABI_GRPC_STATUS)

namespace abi {

/// The function type of each hostcall and callback, by its ABI name: `abi::type::proxy_log` is Status(LogLevel, ...).
namespace type {
#define SLUICE_ABI_HOSTCALL_TYPE(first, last, name, params) using name = Status params;
#define SLUICE_ABI_CALLBACK_TYPE(first, last, name, result, params) using name = result params;
// NOLINTBEGIN(readability-identifier-naming): the parameters have the spec's names
SLUICE_ABI_HOSTCALLS(SLUICE_ABI_HOSTCALL_TYPE)
SLUICE_ABI_CALLBACKS(SLUICE_ABI_CALLBACK_TYPE)
// NOLINTEND(readability-identifier-naming)
#undef SLUICE_ABI_HOSTCALL_TYPE
#undef SLUICE_ABI_CALLBACK_TYPE
}  // namespace type

}  // namespace abi
}  // namespace sluice

#undef SLUICE_ABI_ENUMERATOR
#undef SLUICE_ABI_NAME
#undef SLUICE_ABI_VALUE
#undef SLUICE_ABI_ENUM
