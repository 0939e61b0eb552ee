// The hostcalls. Each is implemented once for WebAssembly and native guests, with these parameter types.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "abi/abi32.h"
#include "abi/caller.h"
#include "abi/context.h"
#include "abi/host_services.h"
#include "abi/parameters.h"

namespace sluice::host {

Signature hostcallSignature(Hostcall hostcall);

/// Performs a hostcall with the guest's raw arguments. Throws an Error to make the guest trap.
Status callHostcall(Caller& caller, Hostcall hostcall, std::span<const uint64_t> arguments);

/// The implementations, with the hostcalls' ABI names. The dispatch is derived from the ABI's table, so a hostcall that
/// is missing here, or has the wrong parameters, does not compile.
class Hostcalls {
 public:
  explicit Hostcalls(Caller& caller) : caller_(caller), context_(caller.context()), host_(caller.host()) {}

  // hostcalls_host.cc: hostcalls that concern the host as a whole
  Status proxy_done();
  Status proxy_set_effective_context(uint32_t context);
  Status proxy_get_configuration(OutBytes configuration);
  Status proxy_log(LogLevel level, Bytes message);
  Status proxy_get_log_level(Out<LogLevel> level);
  Status proxy_get_current_time_nanoseconds(Out<uint64_t> time);
  Status proxy_set_tick_period_milliseconds(uint32_t period);
  Status proxy_set_shared_data(Bytes key, Bytes value, uint32_t cas);
  Status proxy_get_shared_data(Bytes key, OutBytes value, Out<uint32_t> cas);
  Status proxy_register_shared_queue(Bytes name, Out<uint32_t> id);
  Status proxy_resolve_shared_queue(Bytes vmId, Bytes name, Out<uint32_t> id);
  Status proxy_enqueue_shared_queue(uint32_t id, Bytes value);
  Status proxy_dequeue_shared_queue(uint32_t id, OutBytes value);
  Status proxy_define_metric(MetricType type, Bytes name, Out<uint32_t> id);
  Status proxy_record_metric(uint32_t id, uint64_t value);
  Status proxy_increment_metric(uint32_t id, int64_t delta);
  Status proxy_get_metric(uint32_t id, Out<uint64_t> value);
  Status proxy_get_property(Bytes path, OutBytes value);
  Status proxy_set_property(Bytes path, Bytes value);
  Status proxy_call_foreign_function(Bytes name, Bytes arguments, OutBytes result);

  // hostcalls_stream.cc: hostcalls that concern a stream
  Status proxy_set_buffer_bytes(BufferType type, Length start, Length size, Bytes value);
  Status proxy_get_buffer_bytes(BufferType type, Length start, Length size, OutBytes bytes);
  Status proxy_get_buffer_status(BufferType type, Out<Length> size, Out<uint32_t> unused);
  Status proxy_get_header_map_size(MapType map, Out<Length> size);
  Status proxy_get_header_map_pairs(MapType map, OutBytes pairs);
  Status proxy_set_header_map_pairs(MapType map, Bytes pairs);
  Status proxy_get_header_map_value(MapType map, Bytes key, OutBytes value);
  Status proxy_add_header_map_value(MapType map, Bytes key, Bytes value);
  Status proxy_replace_header_map_value(MapType map, Bytes key, Bytes value);
  Status proxy_remove_header_map_value(MapType map, Bytes key);
  Status proxy_continue_request();
  Status proxy_continue_response();
  Status proxy_clear_route_cache();
  Status proxy_continue_stream(StreamType stream);
  Status proxy_close_stream(StreamType stream);
  Status proxy_send_local_response(uint32_t code, Bytes details, Bytes body, Bytes headers, GrpcStatus grpcStatus);

  // hostcalls_callout.cc: hostcalls that concern other services
  Status proxy_get_status(Out<uint32_t> code, OutBytes message);
  Status proxy_http_call(Bytes cluster, Bytes headers, Bytes body, Bytes trailers, uint32_t timeout, Out<uint32_t> id);
  Status proxy_grpc_call(Bytes target, Bytes service, Bytes method, Bytes metadata, Bytes message, uint32_t timeout,
                         Out<uint32_t> id);
  Status proxy_grpc_stream(Bytes target, Bytes service, Bytes method, Bytes metadata, Out<uint32_t> id);
  Status proxy_grpc_send(uint32_t id, Bytes message, uint32_t end);
  Status proxy_grpc_cancel(uint32_t id);
  Status proxy_grpc_close(uint32_t id);

 private:
  [[nodiscard]] const std::string& vmId() const { return context_.instance().options().vmId; }
  /// Counts a call to another service, which the host records when its `status` is Ok.
  Status record(Status status, uint64_t bytes);
  /// Charges for a look at all entries of a map.
  void charge(const HeaderMap& map) { caller_.charge(map.size()); }
  /// Throws an Error when the map, with `bytes` more, would be larger than Limits::hostBytes.
  void checkRoomIn(const HeaderMap& map, uint64_t bytes);
  /// Throws an Error when too many actions wait for the end of the callback.
  void checkActions();
  /// The buffer as the host's profile shows it: without Profile::absentReadsAsEmpty, an absent buffer is NotFound.
  [[nodiscard]] BufferView buffer(BufferType type);

  Caller& caller_;
  Context& context_;
  HostServices& host_;
};

}  // namespace sluice::host
