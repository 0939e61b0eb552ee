// What Envoy's router does to the calls of filters and to the replies.
#pragma once

#include <chrono>
#include <cstdint>
#include <string_view>

#include "abi/header_map.h"
#include "sluice/host/grpc_call.h"
#include "sluice/host/message.h"

namespace sluice::host {

/// Adds the router's headers to a request and returns the call's timeout: a request can set it with
/// x-envoy-upstream-rq-timeout-ms, which the router removes.
std::chrono::milliseconds routeRequest(HeaderMap& request, std::chrono::milliseconds timeout);

/// Adds the router's headers to a service's response. `since` and `now` are the times when the request had been sent
/// and when the response arrived, in nanoseconds.
void routeResponse(Headers& headers, uint64_t since, uint64_t now);

/// The headers, without pseudo-headers, with which Envoy's gRPC client opens `call`.
Headers grpcRequestHeaders(const GrpcCall& call);

}  // namespace sluice::host
