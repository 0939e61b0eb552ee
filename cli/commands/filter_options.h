// The options by which commands that configure a filter take its module and its configuration.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "scenario/filter.h"

namespace CLI {
class App;
}

namespace sluice::cli {

/// The values of the options.
struct FilterOptions {
  std::string module;           // A file; empty for the filter of the project.
  std::string configuration;    // A file or a text, as configurationText() reads it.
  std::string vmConfiguration;  // The same.
  std::string name;             // Empty for the module's name.
  std::string rootId;
  std::string vmId;
  std::string failPolicy = "closed";
  bool stopIteration = false;
  std::vector<std::string> environment;  // NAME=VALUE.
};

/// Adds MODULE, `--config`, `--vm-config`, `--name` and `--root-id` to a command. `options` must outlive it.
void addPluginOptions(CLI::App& command, FilterOptions& options);

/// Adds these, `--vm-id`, `--fail-policy`, `--env` and `--allow-on-headers-stop-iteration`, likewise.
void addFilterOptions(CLI::App& command, FilterOptions& options);

/// Whether the value of `--config` names a file.
bool isConfigurationFile(const std::string& value);

/// The value of `--config`: the text of the file of this name, else the value itself. Throws std::runtime_error if the
/// value looks like a file's name but there is no such file, or if the file cannot be read.
std::string configurationText(const std::string& value);

/// The filter that the options describe, with the module `file`. Throws std::runtime_error as configurationText() does.
scenario::Filter filterOf(const FilterOptions& options, const std::filesystem::path& file);

}  // namespace sluice::cli
