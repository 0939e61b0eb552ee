// A scenario: one file that says how a filter is set up, which exchanges go through it and what is expected at each
// end.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "scenario/matcher.h"
#include "scenario/message.h"
#include "sluice/abi.h"

namespace sluice::scenario {

/// What becomes of requests after the filter has trapped (Envoy's failure_policy).
enum class FailurePolicy { kFailClosed, kFailOpen, kFailReload };

/// How the filter is set up, in Envoy's words (PluginConfig and VmConfig).
struct PluginSettings {
  std::string name = "sluice";
  std::string rootId;
  std::string vmId;
  std::string configuration;
  std::string vmConfiguration;
  std::map<std::string, std::string> environment;
  FailurePolicy failurePolicy = FailurePolicy::kFailClosed;
  bool allowOnHeadersStopIteration = false;  ///< Body callbacks run while a headers callback's StopIteration holds.
  LogLevel logLevel = LogLevel::Info;        ///< Lines below it are not logged.
};

/// One request and its response.
struct Exchange {
  enum class End {
    kUnchecked,   ///< The scenario says nothing about it.
    kReached,     ///< A message arrives there.
    kNotReached,  ///< None does.
  };
  std::string name;
  Message request;              ///< What the client sends.
  Message response;             ///< What the upstream answers.
  bool upstreamResets = false;  ///< The upstream breaks the connection off instead of answering.
  End upstream = End::kUnchecked;
  MessageExpectation upstreamExpectation;
  End client = End::kUnchecked;
  MessageExpectation clientExpectation;
};

/// A parsed scenario file.
struct Scenario {
  std::string file;  ///< The path it was read from, for messages.
  PluginSettings plugin;
  std::vector<Exchange> exchanges;
  bool refused = false;             ///< The filter is expected to refuse its configuration.
  std::vector<LogExpectation> log;  ///< The expected lines in order; lines that must be absent may stand anywhere.
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

}  // namespace sluice::scenario
