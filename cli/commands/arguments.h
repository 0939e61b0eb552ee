// The arguments of commands: their names, and what to say about one that no command knows.
#pragma once

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace sluice::cli {

/// The long names of a command's options: "--help", "--host" ….
std::vector<std::string> optionNames(const CLI::App& command);

/// A line that names the first of `arguments` that is no subcommand and no option of `app`, and the nearest one that
/// is; empty when all are known.
std::string unknownArgument(CLI::App& app, const std::vector<std::string>& arguments);

}  // namespace sluice::cli
