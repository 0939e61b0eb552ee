// Asks programs of this machine what they are and whether they work.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "players/envoy_process.h"

namespace sluice::cli {

/// What a program did when it was asked.
struct Answer {
  bool succeeded = false;  ///< It ended by itself, in time, with exit code 0.
  std::string output;      ///< What it printed to both streams.

  /// The first line of the output with `text` in it, or the first line; without line end.
  [[nodiscard]] std::string line(const std::string& text = {}) const;
  /// The first number of the form 1.2 or 1.2.3 in the output, or nothing.
  [[nodiscard]] std::string version() const;
};

/// Runs programs in a temporary folder, which goes with it.
class Probe {
 public:
  /// Runs `arguments`, of which the first is a path, for at most two minutes.
  Answer ask(const std::vector<std::string>& arguments);
  /// Writes a file into the folder, and returns its path.
  std::filesystem::path write(const std::string& name, const std::string& text);
  /// A path in the folder.
  [[nodiscard]] std::filesystem::path path(const std::string& name) const;

 private:
  scenario::TemporaryFolder folder_;
  size_t asked_ = 0;
};

/// Whether version `a` ("3.25.1") is older than `b` ("3.22").
bool isOlder(const std::string& a, const std::string& b);

/// An environment variable; empty if it is not set.
std::string environmentVariable(const char* name);

}  // namespace sluice::cli
