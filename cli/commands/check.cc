#include "commands/commands.h"

#include <CLI/CLI.hpp>
#include <cstdint>
#include <filesystem>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>

#include "commands/filter_options.h"
#include "exit_code.h"
#include "project/built_module.h"
#include "scenario/level.h"
#include "scenario/read_file.h"
#include "sluice/host/host.h"
#include "sluice/host/text.h"

namespace sluice::cli {
namespace {

struct CheckOptions {
  FilterOptions filter;
  bool json = false;
};

// A filter's line about its configuration, with the name of the file that this is from where the filter says
// "configuration": editors and terminals make links of FILE:LINE:COLUMN.
std::string located(const std::string& line, const std::string& configuration) {
  constexpr std::string_view kPrefix = "configuration:";
  const bool isAbout = line.starts_with(kPrefix) && isConfigurationFile(configuration);
  return isAbout ? configuration + ":" + line.substr(kPrefix.size()) : line;
}

struct Verdict {
  bool accepted = false;
  std::vector<host::LogLine> log;
  std::string trap;  // The trap's message, if the filter trapped.
};

Verdict check(const CheckOptions& options, const std::filesystem::path& file) {
  const auto module = scenario::readModule(file);
  const host::PluginOptions plugin = filterOf(options.filter, file).options;
  host::Host proxy;
  const auto loaded = proxy.loadModule(module, file.filename().string(), plugin);
  return {.accepted = loaded->configured() && !loaded->failure(),
          .log = proxy.logs(),
          .trap = loaded->failure() ? loaded->failure()->what() : ""};
}

void print(const Verdict& verdict, const std::string& configuration, const std::filesystem::path& module) {
  for (const auto& line : verdict.log) {
    std::cout << scenario::levelName(line.level) << "  "
              << host::quoteUnlessPrintable(located(line.text, configuration), 4096) << '\n';
  }
  if (!verdict.trap.empty()) std::cout << verdict.trap << '\n';
  const std::string what = configuration.empty()                ? "an empty configuration"
                           : isConfigurationFile(configuration) ? configuration
                                                                : "this configuration";
  std::cout << module.filename().string() << (verdict.accepted ? " accepts " : " refuses ") << what << '\n';
}

void printJson(const Verdict& verdict, const std::string& configuration) {
  nlohmann::ordered_json json = {{"accepted", verdict.accepted}, {"log", nlohmann::ordered_json::array()}};
  for (const auto& line : verdict.log) {
    json["log"].push_back({{"level", scenario::levelName(line.level)}, {"text", located(line.text, configuration)}});
  }
  if (!verdict.trap.empty()) json["trap"] = verdict.trap;
  std::cout << json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) << '\n';
}

int run(const CheckOptions& options) {
  try {
    std::filesystem::path module = options.filter.module;
    if (module.empty()) module = onlyModule(std::filesystem::current_path());
    const auto& configuration = options.filter.configuration;
    const auto verdict = check(options, module);
    options.json ? printJson(verdict, configuration) : print(verdict, configuration, module);
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
  addPluginOptions(*command, options->filter);
  command->add_flag("--json", options->json, "Print JSON");
  command->footer(std::string("Examples: sluice check build/hello.wasm --config hello.json\n"
                              "          sluice check --config hello.json\n") +
                  kExitCodeHelp);
  command->callback([options, &exitCode] { exitCode = run(*options); });
}

}  // namespace sluice::cli
