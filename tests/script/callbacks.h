// The callbacks in which a script can take steps, with their names in the SDK and in scripts.
#pragma once

#include <cstdlib>
#include <string_view>

namespace script {

struct Callback {
  /// The name in the SDK. A root context's callback has the prefix "root." when streams have a callback of the same
  /// name.
  std::string_view name;
  /// The name in a script.
  std::string_view word;
};

inline constexpr Callback kCallbacks[] = {
    {"onStart", "start"},
    {"onConfigure", "configure"},
    {"onTick", "tick"},
    {"root.onDone", "root_done"},
    {"root.onLog", "root_log"},
    {"root.onDelete", "root_delete"},
    {"onCreate", "create"},
    {"onRequestHeaders", "request_headers"},
    {"onRequestBody", "request_body"},
    {"onRequestTrailers", "request_trailers"},
    {"onDone", "done"},
    {"onLog", "log"},
    {"onResponseHeaders", "response_headers"},
    {"onResponseBody", "response_body"},
    {"onDelete", "delete"},
    {"onResponseTrailers", "response_trailers"},
    {"onRequestMetadata", "request_metadata"},
    {"onResponseMetadata", "response_metadata"},
    {"onQueueReady", "queue_ready"},
    {"onForeignFunction", "foreign_function"},
    {"onNewConnection", "new_connection"},
    {"onDownstreamData", "downstream_data"},
    {"onUpstreamData", "upstream_data"},
    {"onDownstreamConnectionClose", "downstream_close"},
    {"onUpstreamConnectionClose", "upstream_close"},
    // The context that made a callout or a gRPC call gets its events.
    {"onReply", "reply"},
    {"root.onReply", "root_reply"},
    {"onGrpcInitialMetadata", "grpc_initial"},
    {"onGrpcMessage", "grpc_message"},
    {"onGrpcTrailingMetadata", "grpc_trailing"},
    {"onGrpcClose", "grpc_close"},
};

/// The callback with this name. Any other name does not compile.
consteval const Callback& callback(std::string_view name) {
  for (const auto& callback : kCallbacks) {
    if (callback.name == name) return callback;
  }
  std::abort();
}

}  // namespace script
