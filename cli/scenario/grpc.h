// gRPC services that filters call: what they answer, and what they are expected to receive.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "scenario/matcher.h"
#include "scenario/message.h"

namespace sluice::scenario {

/// How a service ends a call.
struct GrpcAnswer {
  enum class Kind {
    kResponse,   ///< With metadata, messages and a status.
    kReset,      ///< It resets the HTTP/2 stream.
    kMalformed,  ///< With bytes that are no gRPC frame.
    kNotGrpc,    ///< As a plain HTTP server, with `httpStatus`.
    kNever,      ///< Not at all.
  };
  Kind kind = Kind::kResponse;
  Headers initialMetadata;
  std::vector<std::string> messages;
  Headers trailingMetadata;
  std::uint32_t status = 0;  ///< grpc-status
  std::string statusMessage;
  bool trailersOnly = false;  ///< All metadata is trailing, and there are no messages: as servers refuse calls.
  std::uint32_t httpStatus = 0;
  std::chrono::milliseconds delay{0};
};

/// Calls of some kind get some answer.
struct GrpcRule {
  std::optional<TextMatcher> method;        ///< "package.Service/Method"
  std::vector<HeaderExpectation> metadata;  ///< Initial metadata.
  std::optional<std::size_t> times;         ///< How often it applies; without it, always.
  std::vector<std::string> greeting;        ///< Messages that are sent at once, when the call is opened.
  bool echo = false;                        ///< Each message is sent back when it comes.
  GrpcAnswer answer;
  std::optional<std::size_t> after;  ///< It answers when so many messages have come; else when the filter has ended.
};

/// A cluster of a gRPC service that filters can call by name.
struct GrpcService {
  std::string name;
  bool unreachable = false;     ///< Nobody listens there.
  std::vector<GrpcRule> rules;  ///< The first that applies to a call answers it.
};

/// A unary call or a stream, as a service received it.
struct GrpcCall {
  std::string service;                  ///< The cluster.
  std::optional<std::size_t> exchange;  ///< The exchange or connection that had begun last; none before the first.
  std::string method;                   ///< "package.Service/Method"
  Headers metadata;                     ///< Initial metadata.
  std::vector<std::string> messages;    ///< What the filter sent.
  bool complete = false;                ///< The filter has said that it sends no more.
  bool cancelled = false;               ///< The filter broke the call off.
};

/// What one call is expected to be like.
struct GrpcCallExpectation {
  std::optional<TextMatcher> method;
  std::vector<HeaderExpectation> metadata;
  std::optional<std::vector<TextMatcher>> messages;  ///< As many messages as these, each accepted.
  std::optional<std::size_t> count;                  ///< So many messages.
  std::optional<bool> cancelled;
};

/// The calls that a service is expected to receive: these and no others, in any order.
struct GrpcExpectation {
  std::string service;
  std::vector<GrpcCallExpectation> calls;
};

/// The number of a status by its name in the gRPC specification ("NOT_FOUND"), if there is one.
std::optional<std::uint32_t> grpcStatusNamed(std::string_view name);

}  // namespace sluice::scenario
