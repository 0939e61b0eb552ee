// How a filter is set up, in Envoy's words (PluginConfig and VmConfig).
#pragma once

#include <filesystem>
#include <map>
#include <string>

namespace sluice::scenario {

/// What becomes of requests after the filter has trapped (Envoy's failure_policy).
enum class FailurePolicy { kFailClosed, kFailOpen, kFailReload };

/// One filter of a scenario.
struct PluginSettings {
  std::string module;          ///< Which module it is, by its file's stem; empty where there is only one.
  std::filesystem::path file;  ///< That module's file: not the scenario's to say, see useModules().
  std::string name = "sluice";
  std::string rootId;
  std::string vmId;
  std::string configuration;
  std::string vmConfiguration;
  std::map<std::string, std::string> environment;
  FailurePolicy failurePolicy = FailurePolicy::kFailClosed;
  bool allowOnHeadersStopIteration = false;  ///< Body callbacks run while a headers callback's StopIteration holds.
};

}  // namespace sluice::scenario
