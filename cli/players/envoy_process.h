// A running Envoy.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "players/child_process.h"
#include "players/envoy_log.h"
#include "sluice/abi.h"

namespace sluice::scenario {

/// A folder that is removed at the end.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// An Envoy with a configuration of its own. It is ended with this object.
class EnvoyProcess {
 public:
  /// Starts `envoy` with the JSON bootstrap configuration `config`; the filter's log lines from `logLevel` up are
  /// recorded.
  EnvoyProcess(const std::filesystem::path& envoy, const std::string& config, LogLevel logLevel);

  /// The port of the administration interface, once Envoy has opened it.
  std::optional<uint16_t> adminPort() const;
  /// How Envoy ended, or nothing while it runs.
  std::optional<std::string> ended() { return process_.ended(); }
  /// Ends it; its log is then complete.
  void terminate() { process_.terminate(); }
  /// What it has logged.
  std::vector<EnvoyLogEntry> log() const;

 private:
  TemporaryFolder folder_;
  std::string mark_;
  ChildProcess process_;
};

/// The version that `envoy` says it has, such as "1.40.0". Throws PlayerError where it does not run or say so.
std::string envoyVersion(const std::filesystem::path& envoy);

}  // namespace sluice::scenario
