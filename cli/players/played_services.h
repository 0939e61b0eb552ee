// The services of a scenario while it is played: who answers what, and what has arrived.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "scenario/outcome.h"
#include "scenario/scenario.h"

namespace sluice::scenario {

/// What a gRPC service does when something of a call has arrived: in this order, as far as it is there.
struct GrpcStep {
  host::Headers initialMetadata;       ///< Goes before the first of all messages.
  std::vector<std::string> messages;   ///< It sends these.
  std::optional<host::GrpcReply> end;  ///< It ends the call so.
};

/// The same for every player: each brings what arrives here and does what the answers say.
class PlayedServices {
 public:
  explicit PlayedServices(const Scenario& scenario);

  /// From now on, requests belong to the exchange or connection `index`.
  void beginExchange(size_t index) { exchange_ = index; }

  /// A request for `service` arrives. Gives the number by which complete() knows it.
  size_t arrive(const std::string& service, host::Received request);
  /// All of it has arrived: what its service does with it.
  host::CalloutReply complete(size_t number, host::Received request);

  /// A gRPC call arrives at the service that is its cluster. Gives the number by which the functions below know it, and
  /// fills in `step`.
  size_t openGrpc(host::GrpcCall call, GrpcStep& step);
  /// A message of it has arrived, or its end: the filter sends no more.
  GrpcStep grpcMessage(size_t number, std::string message);
  GrpcStep grpcEnd(size_t number);
  /// The filter has cancelled it.
  void grpcCanceled(size_t number);

  /// What has arrived, in order.
  const std::vector<ServiceCall>& calls() const { return calls_; }
  const std::vector<GrpcServiceCall>& grpcCalls() const { return grpcCalls_; }
  /// Whether each service has received as many requests (or calls and messages) as are expected: from the exchange or
  /// connection `index` or, without it, in all.
  bool haveReceived(const ExpectedCalls& expected, std::optional<size_t> index) const;

 private:
  // What becomes of a gRPC call while it lasts.
  struct GrpcState {
    GrpcRule rule;
    bool ended = false;
  };
  GrpcStep endIf(bool due, GrpcState& state, GrpcStep step);

  std::vector<ScriptedService> services_;  // Rules' `times` count down.
  std::vector<ScriptedGrpcService> grpcServices_;
  std::vector<ServiceCall> calls_;
  std::vector<GrpcServiceCall> grpcCalls_;
  std::vector<GrpcState> grpcStates_;  // Of each of them.
  std::optional<size_t> exchange_;
};

}  // namespace sluice::scenario
