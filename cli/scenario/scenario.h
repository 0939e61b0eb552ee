// A scenario: a file with the filters' configuration, the traffic through them, and the expectations at each end.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "scenario/callbacks.h"
#include "scenario/client.h"
#include "scenario/connection.h"
#include "scenario/exchange.h"
#include "scenario/expected_calls.h"
#include "scenario/filter.h"
#include "scenario/grpc.h"
#include "scenario/matcher.h"
#include "scenario/metric.h"
#include "scenario/service.h"
#include "scenario/shared_data.h"
#include "sluice/abi.h"

namespace sluice::scenario {

/// Whether a scenario expects that filters trap.
enum class Traps {
  None,      ///< No filter traps.
  Expected,  ///< A filter traps, once or more.
  Allowed,   ///< Either: only a part of the scenario is played.
};

/// A parsed scenario file.
struct Scenario {
  std::string file;                               ///< The file's path, for messages.
  std::vector<Filter> filters;                    ///< In the order that requests pass them.
  LogLevel logLevel = LogLevel::Info;             ///< Lines below this level are not logged.
  std::optional<uint32_t> bufferLimit;            ///< How much a stream may buffer, in bytes; nothing for the default.
  Client client;                                  ///< How the client speaks with the proxy.
  std::vector<ScriptedService> services;          ///< The services that filters can call.
  std::vector<ScriptedGrpcService> grpcServices;  ///< The gRPC services that filters can call.
  std::vector<ScriptedExchange> exchanges;
  std::vector<ScriptedConnection> connections;  ///< Instead of exchanges, for network filters.
  std::chrono::milliseconds waitAtEnd{0};       ///< The time to wait after the last one.

  bool refused = false;                           ///< A filter must refuse its configuration.
  Traps traps = Traps::None;                      ///< Whether filters trap.
  size_t configurationLine = 0;                   ///< Where the file says so of `refused`; 0: nowhere.
  size_t trapsLine = 0;                           ///< The same of `traps`.
  std::vector<LogExpectation> log;                ///< Expected lines, in order; absent lines, anywhere.
  ExpectedCalls calls;                            ///< Calls in total.
  std::vector<MetricExpectation> metrics;         ///< Metrics at the end.
  std::vector<SharedDataExpectation> sharedData;  ///< Shared data at the end, of the filters' one vm_id.
  std::vector<CallbackExpectation> callbacks;     ///< How often callbacks are called in the whole run, after the start.
};

/// What of the scenario only a mock host can play or check: one sentence each, for a report of another host.
std::vector<std::string> onlyOnMock(const Scenario& scenario);

/// Thrown for a scenario file with a mistake. what() is `file:line:column: message`.
class ScenarioError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Reads a scenario from a file. Throws ScenarioError when the file cannot be read or is not a scenario.
Scenario loadScenario(const std::filesystem::path& path);

/// Reads a scenario from YAML text; error messages name `file`. Throws ScenarioError.
Scenario parseScenario(const std::string& yaml, std::string file);

/// Sets the file of each filter: the file whose stem is the module's name, or the only file. Throws ScenarioError when
/// there is no such file.
void useModules(Scenario& scenario, const std::vector<std::filesystem::path>& files);

}  // namespace sluice::scenario
