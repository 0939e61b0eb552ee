// A scenario: one file that says how filters are set up, what goes through them and what is expected at each end.
#pragma once

#include <chrono>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

#include "scenario/connection.h"
#include "scenario/exchange.h"
#include "scenario/expected_calls.h"
#include "scenario/filter.h"
#include "scenario/grpc.h"
#include "scenario/matcher.h"
#include "scenario/metric.h"
#include "scenario/service.h"
#include "sluice/abi.h"

namespace sluice::scenario {

/// A parsed scenario file.
struct Scenario {
  std::string file;                               ///< The path it was read from, for messages.
  std::vector<Filter> filters;                    ///< Requests pass them in this order, responses in reverse.
  LogLevel logLevel = LogLevel::Info;             ///< Lines below it are not logged.
  std::vector<ScriptedService> services;          ///< Whom the filters can call…
  std::vector<ScriptedGrpcService> grpcServices;  ///< … by gRPC.
  std::vector<ScriptedExchange> exchanges;
  std::vector<ScriptedConnection> connections;  ///< Instead of exchanges: the filters are network filters.
  std::chrono::milliseconds waitAtEnd{0};       ///< Time passes after the last of either.

  bool refused = false;             ///< A filter is expected to refuse its configuration.
  std::vector<LogExpectation> log;  ///< The expected lines in order; lines that must be absent may stand anywhere.
  ExpectedCalls calls;              ///< In all.
  std::vector<MetricExpectation> metrics;  ///< At the end.
};

/// A scenario file that cannot be used. what() is `file:line:column: message`.
class ScenarioError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Reads a scenario from a file. Throws ScenarioError where it cannot be read or is not a scenario.
Scenario loadScenario(const std::filesystem::path& path);

/// Reads a scenario from YAML text; `file` is the name that errors carry. Throws ScenarioError.
Scenario parseScenario(const std::string& yaml, std::string file);

/// Gives each filter of the scenario its file: the one whose stem is the name of its module, or the only one. Throws
/// ScenarioError where there is none.
void useModules(Scenario& scenario, const std::vector<std::filesystem::path>& files);

}  // namespace sluice::scenario
