// A child process that ends with its owner.
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
  /// Starts `arguments[0]` with standard output and standard error redirected to the file `log`. Throws PlayerError
  /// when it cannot start the program.
  ChildProcess(const std::vector<std::string>& arguments, const std::filesystem::path& log);
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  /// How the program ended ("exit code 1", "signal 11 (Segmentation fault)"), or nothing while it runs.
  std::optional<std::string> ended();
  /// Waits until the program ends, but not longer than `limit`; then returns the same as ended().
  std::optional<std::string> wait(std::chrono::milliseconds limit);
  /// The CPU time that the program has used so far, in user and system mode; 0 once it has ended.
  [[nodiscard]] std::chrono::nanoseconds cpuTime() const;
  /// Asks the program to end and waits; kills it if it has not ended after ten seconds.
  void terminate();

 private:
  pid_t pid_ = -1;
  std::optional<std::string> ended_;
};

}  // namespace sluice::scenario
