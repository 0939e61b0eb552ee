// What happened when a scenario was played, and whether it is what the scenario expects.
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

/// What came of one exchange.
struct ExchangeOutcome {
  /// What the two ends received. `request.arrivals` counts the requests that the upstream received; `request` is the
  /// first of them.
  host::Exchange exchange;
  std::string error;            ///< Why there is no response, where a player knows it.
  host::CountsByCallback cost;  ///< Of the callbacks that ran; empty where the player does not count.
};

/// What came of a connection.
struct ConnectionOutcome {
  std::optional<host::TcpReceived> upstream;  ///< Nothing where the proxy did not connect to it.
  host::TcpReceived client;
  std::string error;  ///< Why the steps could not be played to their end; empty where they were.
};

/// A request as a service has received it.
struct ServiceCall {
  std::string cluster;
  std::optional<size_t> exchange;  ///< The exchange or connection that had begun last; none before the first.
  host::Received request;          ///< As far as it arrived.
};

/// A unary gRPC call or a stream as a service has received it. On the wire the two look alike.
struct GrpcServiceCall {
  host::GrpcCall call;                     ///< Its cluster, service, method and metadata.
  std::optional<size_t> exchange = {};     ///< As ServiceCall's.
  std::vector<std::string> messages = {};  ///< What the filter sent.
  bool halfClosed = false;                 ///< The filter has said that it sends no more.
  bool canceled = false;                   ///< The filter has cancelled the call.
};

/// What came of a scenario.
struct Outcome {
  std::string host;                            ///< What played it, such as "Envoy 1.40.0".
  bool refused = false;                        ///< The filter refused its configuration (or the VM's).
  std::vector<ExchangeOutcome> exchanges;      ///< One for each exchange; none if the configuration was refused.
  std::vector<ConnectionOutcome> connections;  ///< Likewise of connections.
  std::vector<ServiceCall> calls;              ///< What services received, in the order of arrival.
  std::vector<GrpcServiceCall> grpcCalls;      ///< What gRPC services received, in the order of arrival.
  std::vector<host::LogLine> log;
  std::map<std::string, host::Metric> metrics;  ///< Those that the scenario expects and that there are, by name.
  host::CountsByCallback startCost;  ///< What start and configuration cost; empty where the player does not count.
  std::string hostLog;               ///< The host's own log, for a reader.
};

/// One expectation that does not hold.
struct Failure {
  std::optional<size_t> exchange;  ///< Which exchange or connection, from 0.
  std::string end;                 ///< "upstream", "client", "service auth", "log", "metric x", "configuration".
  std::string expected;
  std::string got;
};

/// Every expectation of `scenario` that `outcome` does not meet. The same for every host.
std::vector<Failure> check(const Scenario& scenario, const Outcome& outcome);

}  // namespace sluice::scenario
