// The parts of gRPC's wire format that a proxy reads.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "sluice/abi.h"
#include "sluice/host/message.h"

namespace sluice::host {

bool isGrpcContentType(std::string_view type);

/// The gRPC status for an HTTP status (https://github.com/grpc/grpc/blob/master/doc/http-grpc-status-mapping.md).
GrpcStatus grpcStatusFor(uint32_t httpStatus);

/// The target of a gRPC call, from Envoy's GrpcService message.
struct GrpcTarget {
  std::string cluster;  ///< Empty when the message names no cluster.
  Headers metadata;     ///< Metadata that the proxy adds to every call.
};

/// Reads a serialized envoy.config.core.v3.GrpcService; returns nothing when the bytes are not a protobuf message.
std::optional<GrpcTarget> parseGrpcTarget(std::string_view bytes);

}  // namespace sluice::host
