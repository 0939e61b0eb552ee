// The services of a scenario while it is played: their answers, and what they have received.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "scenario/outcome.h"
#include "scenario/scenario.h"

namespace sluice::scenario {

/// What a gRPC service does when a part of a call has arrived: the parts that are set, in this order.
struct GrpcStep {
  host::Headers initialMetadata;       ///< Sent before the first message of the call.
  std::vector<std::string> messages;   ///< The messages to send.
  std::optional<host::GrpcReply> end;  ///< How to end the call.
};

/// The services' behaviour, for all players: each player reports what arrives and does what the functions return.
class PlayedServices {
 public:
  explicit PlayedServices(const Scenario& scenario);

  /// Assigns all requests from now on to the exchange or connection `index`.
  void beginExchange(size_t index) { exchange_ = index; }

  /// Reports that a request for `service` arrives. Returns the request's number, for complete().
  size_t arrive(const std::string& service, host::Received request);
  /// Reports that the whole request has arrived. Returns the service's reply.
  host::CalloutReply complete(size_t number, host::Received request);

  /// Reports that a gRPC call arrives at the service named by its cluster. Returns the call's number, for the functions
  /// below, and fills in `step`.
  size_t openGrpc(host::GrpcCall call, GrpcStep& step);
  /// Reports that a message of the call has arrived, or its end: the filter sends no more.
  GrpcStep grpcMessage(size_t number, std::string message);
  GrpcStep grpcEnd(size_t number);
  /// Reports that the filter has cancelled the call.
  void grpcCanceled(size_t number);

  /// The requests that have arrived, in order.
  const std::vector<ServiceCall>& calls() const { return calls_; }
  const std::vector<GrpcServiceCall>& grpcCalls() const { return grpcCalls_; }
  /// Whether each service has received as many requests (or calls and messages) as expected: from the exchange or
  /// connection `index`, or in total without it.
  bool haveReceived(const ExpectedCalls& expected, std::optional<size_t> index) const;

 private:
  // The state of a gRPC call.
  struct GrpcState {
    GrpcRule rule;
    bool ended = false;
  };
  GrpcStep endIf(bool due, GrpcState& state, GrpcStep step);

  std::vector<ScriptedService> services_;  // The `times` of their rules count down.
  std::vector<ScriptedGrpcService> grpcServices_;
  std::vector<ServiceCall> calls_;
  std::vector<GrpcServiceCall> grpcCalls_;
  std::vector<GrpcState> grpcStates_;  // One for each gRPC call.
  std::optional<size_t> exchange_;
};

}  // namespace sluice::scenario
