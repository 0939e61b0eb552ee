// The existing C++ SDK's enums for parameters and results of hostcalls.
#pragma once

#include <cstdint>
#include <string>

#include "sluice/abi.h"

/// The result of a hostcall.
enum class WasmResult : uint32_t {
#define SLUICE_COMPAT_ENUMERATOR(name, value) name = value,
  SLUICE_ABI_STATUS(SLUICE_COMPAT_ENUMERATOR)
#undef SLUICE_COMPAT_ENUMERATOR
};

/// The result's name, or "Unknown".
inline std::string toString(WasmResult result) {
  if (result > WasmResult::Unimplemented) return "Unknown";
  return std::string(sluice::toString(static_cast<sluice::Status>(result)));
}

/// The header maps. The maps of callouts are read-only.
enum class WasmHeaderMapType : int32_t {
  RequestHeaders = static_cast<int32_t>(sluice::MapType::HttpRequestHeaders),
  RequestTrailers = static_cast<int32_t>(sluice::MapType::HttpRequestTrailers),
  ResponseHeaders = static_cast<int32_t>(sluice::MapType::HttpResponseHeaders),
  ResponseTrailers = static_cast<int32_t>(sluice::MapType::HttpResponseTrailers),
  GrpcReceiveInitialMetadata = static_cast<int32_t>(sluice::MapType::GrpcCallInitialMetadata),
  GrpcReceiveTrailingMetadata = static_cast<int32_t>(sluice::MapType::GrpcCallTrailingMetadata),
  HttpCallResponseHeaders = static_cast<int32_t>(sluice::MapType::HttpCallResponseHeaders),
  HttpCallResponseTrailers = static_cast<int32_t>(sluice::MapType::HttpCallResponseTrailers),
  MAX = HttpCallResponseTrailers,
};

/// The buffers. The buffers of callouts and configurations are read-only.
enum class WasmBufferType : int32_t {
  HttpRequestBody = static_cast<int32_t>(sluice::BufferType::HttpRequestBody),
  HttpResponseBody = static_cast<int32_t>(sluice::BufferType::HttpResponseBody),
  NetworkDownstreamData = static_cast<int32_t>(sluice::BufferType::DownstreamData),
  NetworkUpstreamData = static_cast<int32_t>(sluice::BufferType::UpstreamData),
  HttpCallResponseBody = static_cast<int32_t>(sluice::BufferType::HttpCallResponseBody),
  GrpcReceiveBuffer = static_cast<int32_t>(sluice::BufferType::GrpcCallMessage),
  VmConfiguration = static_cast<int32_t>(sluice::BufferType::VmConfiguration),
  PluginConfiguration = static_cast<int32_t>(sluice::BufferType::PluginConfiguration),
  CallData = static_cast<int32_t>(sluice::BufferType::ForeignFunctionArguments),
  MAX = CallData,
};

/// Flags of getBufferStatus(). No host sets them.
enum class WasmBufferFlags : int32_t {
  EndOfStream = 1,
};

/// The streams that can be continued and closed.
enum class WasmStreamType : int32_t {
  Request = static_cast<int32_t>(sluice::StreamType::HttpRequest),
  Response = static_cast<int32_t>(sluice::StreamType::HttpResponse),
  Downstream = static_cast<int32_t>(sluice::StreamType::Downstream),
  Upstream = static_cast<int32_t>(sluice::StreamType::Upstream),
  MAX = Upstream,
};
