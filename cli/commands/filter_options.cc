#include "commands/filter_options.h"

#include <CLI/CLI.hpp>
#include <filesystem>
#include <map>
#include <stdexcept>

#include "scenario/read_file.h"

namespace sluice::cli {
namespace {

namespace fs = std::filesystem;

// More than a proxy's configuration may have.
constexpr uintmax_t kMaxConfiguration = uintmax_t{16} << 20U;

const std::map<std::string, host::FailPolicy>& failPolicies() {
  static const std::map<std::string, host::FailPolicy> kPolicies = {
      {"closed", host::FailPolicy::Closed}, {"open", host::FailPolicy::Open}, {"reload", host::FailPolicy::Reload}};
  return kPolicies;
}

// Whether somebody who writes this means a file. Configurations in these forms are rare, and misspelt names are not.
bool looksLikeFile(const std::string& value) {
  if (value.find_first_of(" \t\n\"{[:=,") != std::string::npos) return false;
  const std::string extension = fs::path(value).extension().string();
  return value.find('/') != std::string::npos ||
         (!extension.empty() && std::string(".json .yaml .yml .txt .conf .toml").find(extension) != std::string::npos);
}

}  // namespace

void addPluginOptions(CLI::App& command, FilterOptions& options) {
  command.add_option("MODULE", options.module, "The filter, a .wasm file; otherwise the filter of the project here")
      ->check(CLI::ExistingFile);
  command.add_option("--config", options.configuration, "The plugin configuration: a file, or the text itself");
  command.add_option("--vm-config", options.vmConfiguration, "The VM configuration: a file, or the text itself");
  command.add_option("--name", options.name, "The plugin's name; otherwise that of the module's file");
  command.add_option("--root-id", options.rootId, "The root_id, for a module with several filters");
}

void addFilterOptions(CLI::App& command, FilterOptions& options) {
  addPluginOptions(command, options);
  command.add_option("--vm-id", options.vmId, "The vm_id: filters of one module and one vm_id share a VM");
  command
      .add_option("--fail-policy", options.failPolicy,
                  "What requests get after the filter trapped: closed (a 503), "
                  "open (they bypass it), reload (it starts anew)")
      ->capture_default_str()
      ->check(CLI::IsMember({"closed", "open", "reload"}));
  command.add_option("--env", options.environment, "An environment variable, NAME=VALUE; again for each further one")
      ->allow_extra_args(false)
      ->check([](const std::string& value) {
        const size_t sign = value.find('=');
        return sign == 0 || sign == std::string::npos ? "'" + value + "' is not NAME=VALUE" : "";
      });
  command.add_flag("--allow-on-headers-stop-iteration", options.stopIteration,
                   "Let body callbacks run while the filter holds the headers");
}

bool isConfigurationFile(const std::string& value) {
  std::error_code error;
  return !value.empty() && fs::exists(value, error);
}

std::string configurationText(const std::string& value) {
  if (value.empty()) return value;
  if (isConfigurationFile(value)) return scenario::readFile(value, kMaxConfiguration);
  if (looksLikeFile(value)) throw std::runtime_error(value + ": no such file");
  return value;
}

scenario::Filter filterOf(const FilterOptions& options, const fs::path& file) {
  scenario::Filter filter;
  filter.file = fs::absolute(file);
  filter.allowOnHeadersStopIteration = options.stopIteration;
  host::PluginOptions& plugin = filter.options;
  plugin.name = options.name.empty() ? file.stem().string() : options.name;
  plugin.rootId = options.rootId;
  plugin.vmId = options.vmId;
  plugin.failPolicy = failPolicies().at(options.failPolicy);
  plugin.configuration = configurationText(options.configuration);
  plugin.vmConfiguration = configurationText(options.vmConfiguration);
  for (const auto& variable : options.environment) {
    const size_t sign = variable.find('=');
    plugin.environment[variable.substr(0, sign)] = variable.substr(sign + 1);
  }
  return filter;
}

}  // namespace sluice::cli
