// What gRPC puts on the wire, as far as a proxy looks at it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "sluice/abi.h"
#include "sluice/host/message.h"

namespace sluice::host {

bool isGrpcContentType(std::string_view type);

/// The gRPC status that stands for an HTTP status
/// (https://github.com/grpc/grpc/blob/master/doc/http-grpc-status-mapping.md).
GrpcStatus grpcStatusFor(uint32_t httpStatus);

/// Where a gRPC call goes, as Envoy's GrpcService message says it.
struct GrpcTarget {
  std::string cluster;  ///< Empty when the message names none.
  Headers metadata;     ///< What every call to it carries.
};

/// Reads a serialized envoy.config.core.v3.GrpcService. Nothing when the bytes are no protobuf message.
std::optional<GrpcTarget> parseGrpcTarget(std::string_view bytes);

}  // namespace sluice::host
