#include "commands/commands.h"

#include <CLI/CLI.hpp>
#include <filesystem>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "commands/exit_code.h"
#include "players/envoy_locator.h"
#include "players/envoy_player.h"
#include "players/mock_player.h"
#include "report/terminal.h"
#include "scenario/outcome.h"
#include "scenario/scenario.h"

namespace sluice::cli {
namespace {

struct TestOptions {
  std::string scenario;
  std::vector<std::filesystem::path> modules;
  std::string host = "mock";
  std::string envoy;
  size_t exchange = 0;  // Counted from 1; 0 for all.
  bool verbose = false;
};

std::unique_ptr<scenario::Player> makePlayer(const TestOptions& options) {
  if (options.host == "envoy") return std::make_unique<scenario::EnvoyPlayer>(scenario::locateEnvoy(options.envoy));
  return std::make_unique<scenario::MockPlayer>();
}

// Removes all exchanges but one. Also removes the expectations of the whole scenario, because they hold for all
// exchanges together.
void keepOnly(scenario::Scenario& scenario, size_t exchange) {
  const size_t count = scenario.exchanges.size() + scenario.connections.size();
  if (exchange > count) {
    throw scenario::ScenarioError(scenario.file + ": --exchange " + std::to_string(exchange) + ", but it has " +
                                  std::to_string(count));
  }
  if (!scenario.exchanges.empty()) scenario.exchanges = {scenario.exchanges[exchange - 1]};
  if (!scenario.connections.empty()) scenario.connections = {scenario.connections[exchange - 1]};
  if (scenario.traps == scenario::Traps::Expected) scenario.traps = scenario::Traps::Allowed;
  scenario.waitAtEnd = {};
  scenario.log.clear();
  scenario.calls = {};
  scenario.metrics.clear();
}

int run(const TestOptions& options) {
  scenario::Scenario scenario;
  try {
    scenario = scenario::loadScenario(options.scenario);
    useModules(scenario, options.modules);
    if (options.exchange > 0) keepOnly(scenario, options.exchange);
  } catch (const scenario::ScenarioError& error) {
    std::cerr << error.what() << '\n';
    return kExitUsage;
  }
  try {
    const auto outcome = makePlayer(options)->play(scenario);
    const auto failures = check(scenario, outcome);
    printReport(std::cout, {scenario, outcome, failures, options.verbose});
    return failures.empty() ? kExitOk : kExitFailed;
  } catch (const std::exception& error) {
    std::cerr << "sluice test: " << error.what() << '\n';
    return kExitHost;
  }
}

}  // namespace

void addTestCommand(CLI::App& app, int& exitCode) {
  auto options = std::make_shared<TestOptions>();
  CLI::App* command = app.add_subcommand("test", "Play a scenario on the mock host or on a real Envoy");
  command->add_option("SCENARIO", options->scenario, "The scenario, a YAML file (see docs/scenario.md)")
      ->required()
      ->check(CLI::ExistingFile);
  command
      ->add_option("--module", options->modules,
                   "The filter, a .wasm file; again for each further one, and the scenario says which is which")
      ->required()
      ->allow_extra_args(false)
      ->check(CLI::ExistingFile);
  command->add_option("--host", options->host, "What plays the proxy: mock or envoy")
      ->capture_default_str()
      ->check(CLI::IsMember({"mock", "envoy"}));
  command->add_option("--envoy", options->envoy,
                      "The Envoy to run; otherwise $SLUICE_ENVOY, `envoy` on PATH, or .venv/bin/envoy");
  command
      ->add_option("--exchange", options->exchange,
                   "Play only this exchange (or connection) of the scenario, counted from 1")
      ->check(CLI::PositiveNumber);
  command->add_flag("--verbose", options->verbose,
                    "Also print what the upstream got and answered, and the host's own log");
  command->footer(kExitCodeHelp);
  command->callback([options, &exitCode] { exitCode = run(*options); });
}

}  // namespace sluice::cli
