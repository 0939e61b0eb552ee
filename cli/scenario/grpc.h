// gRPC services that filters call: what they answer, and what they are expected to receive.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "scenario/matcher.h"
#include "sluice/abi.h"
#include "sluice/host/grpc_call.h"

namespace sluice::scenario {

/// Which calls get which reply.
struct GrpcRule {
  std::optional<TextMatcher> method;        ///< "package.Service/Method"
  std::vector<HeaderExpectation> metadata;  ///< Initial metadata.
  std::optional<size_t> times;              ///< How often it applies; without it, always.
  std::vector<std::string> greeting;        ///< Messages that are sent at once, when the call is opened.
  bool echo = false;                        ///< Each message is sent back when it comes.
  host::GrpcReply reply;
  std::optional<size_t> after;  ///< The reply comes after so many messages; without it, when the filter has ended.
};

/// A cluster of a gRPC service that filters can call by name.
struct ScriptedGrpcService {
  std::string name;
  bool unreachable = false;     ///< Nobody listens there.
  std::vector<GrpcRule> rules;  ///< The first that applies to a call decides the reply.
};

/// What one call is expected to be like.
struct GrpcCallExpectation {
  std::optional<TextMatcher> method;
  std::vector<HeaderExpectation> metadata;
  std::optional<std::vector<TextMatcher>> messages;  ///< As many messages as these, each accepted.
  std::optional<size_t> count;                       ///< So many messages.
  std::optional<bool> canceled;
};

/// The calls that a service is expected to receive: these and no others, in any order.
struct GrpcExpectation {
  std::string service;
  std::vector<GrpcCallExpectation> calls;
};

/// The status by its name in the gRPC specification ("NOT_FOUND"), if there is one.
std::optional<GrpcStatus> grpcStatusNamed(std::string_view name);

}  // namespace sluice::scenario
