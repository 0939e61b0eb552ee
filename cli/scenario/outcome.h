// What happened when a scenario was played, and whether it is what the scenario expects.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "scenario/connection.h"
#include "scenario/grpc.h"
#include "scenario/message.h"
#include "scenario/metric.h"
#include "scenario/scenario.h"
#include "sluice/abi.h"

namespace sluice::scenario {

/// What a callback cost: counts of its calls in one exchange.
struct CallbackCost {
  std::string callback;  ///< The callback's ABI name.
  std::uint64_t calls = 0;
  std::uint64_t instructions = 0;
  std::uint64_t crossings = 0;
};

/// What came of one exchange.
struct ExchangeOutcome {
  std::optional<Message> upstream;   ///< The (first) request that the upstream received.
  std::size_t upstreamRequests = 0;  ///< How many it received.
  std::optional<Message> client;     ///< The response that the client received.
  std::string error;                 ///< Why there is no response, where a player knows it.
  std::vector<CallbackCost> cost;    ///< by callback, in the order of names; only players that count fill it in.
};

/// A request that a service received.
struct ServiceCall {
  std::string service;
  std::optional<std::size_t> exchange;  ///< The exchange or connection that had begun last; none before the first.
  Message request;                      ///< As far as it arrived.
  bool complete = false;                ///< The whole request arrived.
};

/// A line that the filter logged.
struct LogLine {
  LogLevel level = LogLevel::Info;
  std::string text;
};

/// What came of a scenario.
struct Outcome {
  std::string host;                            ///< What played it, such as "Envoy 1.40.0".
  bool refused = false;                        ///< The filter refused its configuration (or the VM's).
  std::vector<ExchangeOutcome> exchanges;      ///< One for each exchange; none if the configuration was refused.
  std::vector<ConnectionOutcome> connections;  ///< Likewise of connections.
  std::vector<ServiceCall> calls;              ///< What services received, in the order of arrival.
  std::vector<GrpcCall> grpcCalls;             ///< What gRPC services received, in the order of arrival.
  std::vector<LogLine> log;
  std::map<std::string, Metric> metrics;  ///< Those that the scenario expects and that there are, by name.
  std::vector<CallbackCost> startCost;    ///< What start and configuration cost; only players that count fill it in.
  std::string hostLog;                    ///< The host's own log, for a reader.
};

/// One expectation that does not hold.
struct Failure {
  std::optional<std::size_t> exchange;  ///< Which exchange or connection, from 0.
  std::string end;                      ///< "upstream", "client", "service auth", "log", "metric x", "configuration".
  std::string expected;
  std::string got;
};

/// Every expectation of `scenario` that `outcome` does not meet. The same for every host.
std::vector<Failure> check(const Scenario& scenario, const Outcome& outcome);

}  // namespace sluice::scenario
