// Runs the programs that build and test a project.
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace sluice::cli {

/// Where a program's standard output goes. Its standard error is this program's.
enum class ProgramOutput {
  Report,    ///< To standard output.
  Progress,  ///< To standard error.
  Nowhere,   ///< To /dev/null.
};

/// Runs `arguments[0]`, which is looked for on PATH, until it ends, with `environment` added to this program's own.
/// Returns an empty string if its exit code is 0, else how it ended: "exit code 1", "signal 9 (Killed)". A signal that
/// ends this program ends it, and what it has started, too. Throws ProjectError if it cannot be started.
std::string runProgram(const std::vector<std::string>& arguments, ProgramOutput output,
                       const std::vector<std::pair<std::string, std::string>>& environment = {});

/// The path of a program on PATH, or an empty path.
std::filesystem::path findOnPath(const std::string& name);

}  // namespace sluice::cli
