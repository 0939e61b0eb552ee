// A child process that never outlives its owner.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace sluice::scenario {

/// A running program. The destructor ends it; on Linux it also dies with this process.
class ChildProcess {
 public:
  /// Starts `arguments[0]` with standard output and standard error going to the file `log`. Throws PlayerError where it
  /// cannot be started.
  ChildProcess(const std::vector<std::string>& arguments, const std::filesystem::path& log);
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  /// How it ended ("exit code 1", "signal 11"), or nothing while it runs.
  std::optional<std::string> ended();
  /// Waits until it has ended, but not longer than `limit`; then as ended().
  std::optional<std::string> wait(std::chrono::milliseconds limit);
  /// Asks it to end and waits; kills it if it has not ended after ten seconds.
  void terminate();

 private:
  pid_t pid_ = -1;
  std::optional<std::string> ended_;
};

}  // namespace sluice::scenario
