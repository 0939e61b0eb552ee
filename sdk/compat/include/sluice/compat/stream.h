// Continuing and closing streams, local responses, the time, and foreign functions.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <utility>

#include "proxy_wasm_externs.h"
#include "sluice/compat/data.h"
#include "sluice/compat/log.h"
#include "sluice/compat/pairs.h"

/// Continues what a callback has paused (proxy_continue_stream).
inline WasmResult continueDownstream() { return proxy_continue_stream(WasmStreamType::Downstream); }
inline WasmResult continueUpstream() { return proxy_continue_stream(WasmStreamType::Upstream); }
inline WasmResult continueRequest() { return proxy_continue_stream(WasmStreamType::Request); }
inline WasmResult continueResponse() { return proxy_continue_stream(WasmStreamType::Response); }
/// Closes a connection, or resets a stream (proxy_close_stream).
inline WasmResult closeDownstream() { return proxy_close_stream(WasmStreamType::Downstream); }
inline WasmResult closeUpstream() { return proxy_close_stream(WasmStreamType::Upstream); }
inline WasmResult closeRequest() { return proxy_close_stream(WasmStreamType::Request); }
inline WasmResult closeResponse() { return proxy_close_stream(WasmStreamType::Response); }

/// Sends a response to the client in place of the upstream's (proxy_send_local_response).
inline WasmResult sendLocalResponse(uint32_t response_code, std::string_view response_code_details,
                                    std::string_view body, const HeaderStringPairs& additional_response_headers,
                                    GrpcStatus grpc_status = GrpcStatus::InvalidCode) {
  const sluice_compat::ExportedPairs headers(additional_response_headers);
  return proxy_send_local_response(response_code, response_code_details.data(), response_code_details.size(),
                                   body.data(), body.size(), headers.data, headers.size,
                                   static_cast<uint32_t>(grpc_status));
}

/// The status code and message of the callout that the current callback reports; stops the VM when there is none
/// (proxy_get_status).
inline std::pair<uint32_t, WasmDataPtr> getStatus() {
  uint32_t code = 0;
  const char* message = nullptr;
  size_t size = 0;
  CHECK_RESULT(proxy_get_status(&code, &message, &size));
  return {code, std::make_unique<WasmData>(message, size)};
}

/// Nanoseconds since the Unix epoch; stops the VM when the hostcall fails (proxy_get_current_time_nanoseconds).
inline uint64_t getCurrentTimeNanoseconds() {
  uint64_t time = 0;
  CHECK_RESULT(proxy_get_current_time_nanoseconds(&time));
  return time;
}
