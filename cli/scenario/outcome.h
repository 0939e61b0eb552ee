// The outcome of playing a scenario, and the check against the scenario's expectations.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "scenario/scenario.h"
#include "sluice/host/counts.h"
#include "sluice/host/grpc_call.h"
#include "sluice/host/log_line.h"
#include "sluice/host/metric.h"
#include "sluice/host/received.h"

namespace sluice::scenario {

/// The outcome of one exchange.
struct ExchangeOutcome {
  /// What the client and the upstream received. `request` is the first request that the upstream received, and
  /// `request.arrivals` the number of them.
  host::Exchange exchange;
  std::string error;                                   ///< Why there is no response, if the player knows.
  std::optional<std::vector<CallbackCall>> callbacks;  ///< Of the stream's contexts; nothing when the host cannot see.
  host::CountsByCallback cost;                         ///< By callback; empty when the player does not count.
};

/// The outcome of one connection.
struct ConnectionOutcome {
  std::optional<host::TcpReceived> upstream;  ///< Nothing when the proxy did not connect to it.
  host::TcpReceived client;
  std::string error;                                   ///< Why the player could not play all steps; else empty.
  std::optional<std::vector<CallbackCall>> callbacks;  ///< See ExchangeOutcome.
};

/// A request that a service has received.
struct ServiceCall {
  std::string cluster;
  std::optional<size_t> exchange;  ///< The latest exchange or connection; nothing before the first.
  host::Received request;          ///< The part that arrived.
};

/// A unary gRPC call or a stream that a service has received. On the wire the two look the same.
struct GrpcServiceCall {
  host::GrpcCall call;                     ///< Its cluster, service, method and metadata.
  std::optional<size_t> exchange = {};     ///< See ServiceCall.
  std::vector<std::string> messages = {};  ///< The messages from the filter.
  bool halfClosed = false;                 ///< The filter has sent its last message.
  bool canceled = false;                   ///< The filter has cancelled the call.
};

/// How a host ended that should have gone on.
struct HostEnd {
  std::string how;                      ///< "signal 11 (Segmentation fault)", "exit code 1".
  std::optional<size_t> exchange = {};  ///< The latest exchange or connection; nothing before the first.
};

/// The outcome of a scenario.
struct Outcome {
  std::string host;                            ///< The host's name, such as "Envoy 1.40.0".
  std::vector<std::string> traps;              ///< Why filters trapped, each with the guest's stack if it is known.
  std::vector<std::string> crashes;            ///< What filters did that makes a real Envoy crash; only a mock goes on.
  std::optional<HostEnd> died;                 ///< The host ended before the scenario did; what follows is missing.
  bool refused = false;                        ///< The filter refused its configuration or the VM's.
  std::vector<ExchangeOutcome> exchanges;      ///< One for each exchange; empty if `refused`.
  std::vector<ConnectionOutcome> connections;  ///< One for each connection; empty if `refused`.
  std::vector<ServiceCall> calls;              ///< The requests at services, in order of arrival.
  std::vector<GrpcServiceCall> grpcCalls;      ///< The calls at gRPC services, in order of arrival.
  std::vector<host::LogLine> log;
  host::MetricMap metrics;  ///< All metrics of the filters.
  /// The shared data of the keys that the scenario expects something of; nothing when the host cannot see it.
  std::optional<std::map<std::string, std::string>> sharedData;
  host::CountsByCallback startCost;  ///< Cost of start and configuration; empty when not counted.
  bool countsCallbacks = false;      ///< `cost` has the calls of all callbacks.
  host::CountsByCallback cost;       ///< Cost of all that came after the start; empty when not counted.
  std::vector<std::string> notes;    ///< What a filter probably did by mistake, if the host can see it.
  std::string hostLog;               ///< The host's own log, for reports.
};

/// One expectation that the outcome does not meet.
struct Failure {
  std::optional<size_t> exchange;  ///< The index of the exchange or connection, from 0.
  std::string end;                 ///< "upstream", "client", "service auth", "log", "metric x", "filter", "host" …
  std::string expected;
  std::string got;
  size_t line = 0;  ///< The expectation's line in the scenario file; 0 for what every scenario expects.
};

/// All expectations of `scenario` that `outcome` does not meet. The check is the same for every host.
std::vector<Failure> check(const Scenario& scenario, const Outcome& outcome);

}  // namespace sluice::scenario
