#include "commands/commands.h"

#include <CLI/CLI.hpp>
#include <cstdint>
#include <filesystem>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>

#include "commands/exit_code.h"
#include "project/built_module.h"
#include "scenario/level.h"
#include "scenario/read_file.h"
#include "sluice/host/host.h"
#include "sluice/host/text.h"

namespace sluice::cli {
namespace {

struct CheckOptions {
  std::filesystem::path module;
  std::string configuration;    // A file, or empty for none.
  std::string vmConfiguration;  // A file, or empty for none.
  std::string name;
  std::string rootId;
  bool json = false;
};

// The text of a file; empty if `path` is. 16 MiB are more than a proxy's configuration may have.
std::string readText(const std::string& path) {
  return path.empty() ? "" : scenario::readFile(path, uintmax_t{16} << 20U);
}

// A filter's line about its configuration, with the file's name where the filter says "configuration": editors and
// terminals make links of FILE:LINE:COLUMN.
std::string located(const std::string& line, const std::string& file) {
  constexpr std::string_view kPrefix = "configuration:";
  return !file.empty() && line.starts_with(kPrefix) ? file + ":" + line.substr(kPrefix.size()) : line;
}

struct Verdict {
  bool accepted = false;
  std::vector<host::LogLine> log;
  std::string trap;  // The trap's message, if the filter trapped.
};

Verdict check(const CheckOptions& options) {
  const auto module = scenario::readModule(options.module);
  host::PluginOptions plugin;
  plugin.name = options.name;
  plugin.rootId = options.rootId;
  plugin.configuration = readText(options.configuration);
  plugin.vmConfiguration = readText(options.vmConfiguration);
  host::Host proxy;
  const auto loaded = proxy.loadModule(module, options.module.filename().string(), plugin);
  return {.accepted = loaded->configured() && !loaded->failure(),
          .log = proxy.logs(),
          .trap = loaded->failure() ? loaded->failure()->what() : ""};
}

void print(const Verdict& verdict, const CheckOptions& options) {
  for (const auto& line : verdict.log) {
    std::cout << scenario::levelName(line.level) << "  "
              << host::quoteUnlessPrintable(located(line.text, options.configuration), 4096) << '\n';
  }
  if (!verdict.trap.empty()) std::cout << verdict.trap << '\n';
  const auto what = options.configuration.empty() ? std::string("an empty configuration") : options.configuration;
  std::cout << options.module.filename().string() << (verdict.accepted ? " accepts " : " refuses ") << what << '\n';
}

void printJson(const Verdict& verdict, const CheckOptions& options) {
  nlohmann::ordered_json json = {{"accepted", verdict.accepted}, {"log", nlohmann::ordered_json::array()}};
  for (const auto& line : verdict.log) {
    json["log"].push_back(
        {{"level", scenario::levelName(line.level)}, {"text", located(line.text, options.configuration)}});
  }
  if (!verdict.trap.empty()) json["trap"] = verdict.trap;
  std::cout << json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) << '\n';
}

int run(CheckOptions& options) {
  try {
    if (options.module.empty()) options.module = onlyModule(std::filesystem::current_path());
    const auto verdict = check(options);
    options.json ? printJson(verdict, options) : print(verdict, options);
    return verdict.accepted ? kExitOk : kExitFailed;
  } catch (const host::Error& error) {
    std::cerr << "sluice check: " << error.what() << '\n';
    return kExitHost;
  } catch (const std::runtime_error& error) {
    std::cerr << "sluice check: " << error.what() << '\n';
    return kExitUsage;
  }
}

}  // namespace

void addCheckCommand(CLI::App& app, int& exitCode) {
  auto options = std::make_shared<CheckOptions>();
  CLI::App* command =
      app.add_subcommand("check", "Configure a filter in the mock host, and say whether it accepts the configuration");
  command->add_option("MODULE", options->module, "The filter, a .wasm file; otherwise the project's only one")
      ->check(CLI::ExistingFile);
  command->add_option("--config", options->configuration, "The plugin configuration, a file; otherwise it is empty")
      ->check(CLI::ExistingFile);
  command->add_option("--vm-config", options->vmConfiguration, "The VM configuration, a file; otherwise it is empty")
      ->check(CLI::ExistingFile);
  command->add_option("--name", options->name, "The plugin's name");
  command->add_option("--root-id", options->rootId, "The root_id, for a module with several filters");
  command->add_flag("--json", options->json, "Print JSON");
  command->footer(std::string("Examples: sluice check build/hello.wasm --config hello.json\n"
                              "          sluice check --config hello.json\n") +
                  kExitCodeHelp);
  command->callback([options, &exitCode] { exitCode = run(*options); });
}

}  // namespace sluice::cli
