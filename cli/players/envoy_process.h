// A running Envoy.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "players/child_process.h"
#include "players/envoy_log.h"
#include "sluice/abi.h"

namespace sluice::scenario {

/// A temporary folder; the destructor removes it.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }
  /// Throws PlayerError when nothing more can be written into it.
  void checkSpace() const;

 private:
  std::filesystem::path path_;
};

/// A word that no filter logs, for envoyLogFormat().
std::string randomMark();

/// The command line of an Envoy whose bootstrap configuration is `folder`/envoy.json, and which writes the address of
/// its administration interface to `folder`/admin. It logs the filter's lines from `logLevel` up, and always those from
/// LogLevel::Error up: Envoy tells of traps there.
std::vector<std::string> envoyArguments(const std::filesystem::path& envoy, const std::filesystem::path& folder,
                                        const std::string& mark, LogLevel logLevel);

/// The port of the administration interface of such an Envoy, once it has opened it.
std::optional<uint16_t> adminPortIn(const std::filesystem::path& folder);

/// A running Envoy with its own configuration. The destructor ends it.
class EnvoyProcess {
 public:
  /// Starts `envoy` with the JSON bootstrap configuration `config`. It records its log as envoyArguments() says.
  EnvoyProcess(const std::filesystem::path& envoy, const std::string& config, LogLevel logLevel);

  /// The port of the administration interface, once Envoy has opened it.
  std::optional<uint16_t> adminPort() const { return adminPortIn(folder_.path()); }
  /// How Envoy ended, or nothing while it runs.
  std::optional<std::string> ended() { return process_.ended(); }
  /// The CPU time that Envoy has used so far.
  [[nodiscard]] std::chrono::nanoseconds cpuTime() const { return process_.cpuTime(); }
  /// Waits until Envoy ends, but not longer than `limit`.
  void wait(std::chrono::milliseconds limit) { process_.wait(limit); }
  /// Ends Envoy; its log is then complete. Returns how it ended, if not because of this.
  std::optional<std::string> terminate();
  /// The entries that Envoy has logged so far.
  std::vector<EnvoyLogEntry> log() const;
  /// Throws PlayerError when the log may be incomplete because there is no space for it.
  void checkLog() const { folder_.checkSpace(); }

 private:
  TemporaryFolder folder_;
  std::string mark_;
  ChildProcess process_;
};

/// The version that `envoy` reports, such as "1.40.0". Throws PlayerError when it does not run or reports none.
std::string envoyVersion(const std::filesystem::path& envoy);

}  // namespace sluice::scenario
