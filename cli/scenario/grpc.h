// gRPC services that filters call: their replies, and the calls that the scenario expects them to receive.
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

/// A rule for calls: which calls it applies to, and the reply.
struct GrpcRule {
  std::optional<TextMatcher> method;        ///< "package.Service/Method"
  std::vector<HeaderExpectation> metadata;  ///< Initial metadata.
  std::optional<size_t> times;              ///< How often the rule applies; nothing: always.
  std::vector<std::string> greeting;        ///< Messages that the service sends when the call opens.
  bool echo = false;                        ///< The service sends each message back.
  host::GrpcReply reply;
  std::optional<size_t> after;  ///< The reply follows this many messages; nothing: the filter's last.
};

/// A cluster with a gRPC service that filters can call by name.
struct ScriptedGrpcService {
  std::string name;
  bool unreachable = false;     ///< Nobody listens on its port.
  std::vector<GrpcRule> rules;  ///< The first rule that applies to a call decides.
};

/// What the scenario expects of one call.
struct GrpcCallExpectation {
  std::optional<TextMatcher> method;
  std::vector<HeaderExpectation> metadata;
  std::optional<std::vector<TextMatcher>> messages;  ///< Exactly these messages, in order.
  std::optional<size_t> count;                       ///< The number of messages.
  std::optional<bool> canceled;
  size_t line = 0;  ///< In the scenario file; 0 when it is not known.
};

/// The calls that the scenario expects a service to receive: these and no others, in any order.
struct GrpcExpectation {
  std::string service;
  std::vector<GrpcCallExpectation> calls;
  size_t line = 0;  ///< See GrpcCallExpectation.
};

/// The status with this name in the gRPC specification ("NOT_FOUND"), or nothing.
std::optional<GrpcStatus> grpcStatusNamed(std::string_view name);

}  // namespace sluice::scenario
