#include <CLI/CLI.hpp>
#include <filesystem>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "commands/commands.h"
#include "exit_code.h"
#include "players/mock_player.h"
#include "project/write_file.h"
#include "report/trace.h"
#include "report/trace_html.h"
#include "scenario/outcome.h"
#include "scenario/scenario.h"

namespace sluice::cli {
namespace {

struct TraceOptions {
  std::filesystem::path module;
  std::string scenario;
  std::vector<std::filesystem::path> others;
  std::string html;
  bool json = false;
};

void print(const TraceOptions& options, const scenario::Scenario& scenario, const scenario::Trace& trace) {
  if (!options.html.empty()) writeWholeFile(options.html, traceAsHtml(scenario, trace));
  if (options.json) {
    // Values may hold any bytes; what is no UTF-8 is replaced.
    std::cout << asJson(scenario, trace).dump(1, ' ', false, nlohmann::json::error_handler_t::replace) << '\n';
  } else if (options.html.empty()) {
    printTrace(std::cout, scenario, trace);
  } else {
    std::cout << options.html << ": " << totalOf(trace) << '\n';
  }
}

// Says what is not as the scenario expects, which explains the trace. Returns the exit code.
int verdict(const scenario::Scenario& scenario, const scenario::Outcome& outcome) {
  const auto failures = check(scenario, outcome);
  if (failures.empty()) return kExitOk;
  std::cerr << scenario.file << ": " << failures.size() << (failures.size() == 1 ? " expectation" : " expectations")
            << " not met; `sluice test` shows them\n";
  return kExitFailed;
}

int run(const TraceOptions& options) {
  scenario::Scenario scenario;
  scenario::Trace trace;
  std::optional<scenario::Outcome> outcome;
  std::string hostFailure;
  try {
    if (!options.html.empty()) checkCanWrite(options.html);
  } catch (const std::runtime_error& error) {
    std::cerr << "sluice trace: " << error.what() << '\n';
    return kExitHost;
  }
  try {
    scenario = scenario::loadScenario(options.scenario);
    auto modules = options.others;
    modules.insert(modules.begin(), options.module);
    useModules(scenario, modules);
  } catch (const scenario::ScenarioError& error) {
    std::cerr << error.what() << '\n';
    return kExitUsage;
  }
  try {
    outcome = scenario::MockPlayer(&trace).play(scenario);
  } catch (const std::exception& error) {
    hostFailure = error.what();
  }
  try {
    // What was recorded until the host failed says why it did.
    if (outcome || !trace.crossings.empty()) print(options, scenario, trace);
  } catch (const std::runtime_error& error) {
    std::cerr << "sluice trace: " << error.what() << '\n';
    return kExitHost;
  }
  if (outcome) return verdict(scenario, *outcome);
  std::cerr << "sluice trace: " << hostFailure << '\n';
  return kExitHost;
}

}  // namespace

void addTraceCommand(CLI::App& app, int& exitCode) {
  auto options = std::make_shared<TraceOptions>();
  CLI::App* command =
      app.add_subcommand("trace", "Print every crossing between host and guest of a scenario on the mock host");
  command->add_option("MODULE", options->module, "The filter, a .wasm file")->required()->check(CLI::ExistingFile);
  command->add_option("SCENARIO", options->scenario, "The scenario, a YAML file")->required()->check(CLI::ExistingFile);
  command->add_option("--module", options->others, "A further filter of the scenario; again for each")
      ->allow_extra_args(false)
      ->check(CLI::ExistingFile);
  command->add_option("--html", options->html, "Write a page for a browser to this file, with the sequence drawn");
  command->add_flag("--json", options->json, "Print JSON, with values of up to 4,096 bytes");
  command->footer(std::string("Example: sluice trace build/hello.wasm hello.yaml --html trace.html\n") + kExitCodeHelp);
  command->callback([options, &exitCode] { exitCode = run(*options); });
}

}  // namespace sluice::cli
