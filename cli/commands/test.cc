#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>
#include <regex>
#include <string>

#include "commands/commands.h"
#include "exit_code.h"
#include "players/player.h"
#include "project/project.h"
#include "project/test_run.h"
#include "project/watch.h"
#include "scenario/scenario.h"

namespace sluice::cli {
namespace {

int runOnce(const TestOptions& options) {
  try {
    return runTests(options);
  } catch (const ProjectError& error) {
    std::cerr << "sluice test: " << error.what() << '\n';
    return kExitUsage;
  } catch (const scenario::ScenarioError& error) {
    std::cerr << error.what() << '\n';
    return kExitUsage;
  } catch (const std::exception& error) {
    std::cerr << "sluice test: " << error.what() << '\n';
    return kExitHost;
  }
}

// Runs again after each change, until a signal ends the program.
[[noreturn]] void watch(const TestOptions& options) {
  Watch files(watchedBy(options), options.junit);
  while (true) {
    runOnce(options);
    std::cout.flush();
    std::cerr << "\nwaiting for a change; Ctrl-C ends\n";
    const auto changed = files.wait();
    std::cerr << changed.string() << " has changed\n\n";
  }
}

// What is wrong with how the options go together; empty if nothing is.
std::string conflict(const TestOptions& options) {
  if (!options.modules.empty() && options.paths.empty()) return "--module needs a FILE: the scenario that plays it";
  const bool isOneFile = options.paths.size() == 1 && !std::filesystem::is_directory(options.paths.front());
  if (options.exchange > 0 && !isOneFile) return "--exchange needs one FILE: the scenario that it is in";
  try {
    static_cast<void>(std::regex(options.filter));
  } catch (const std::regex_error&) {
    return "--filter " + options.filter + ": this is not a regular expression";
  }
  return {};
}

int run(const TestOptions& options) {
  if (const std::string fault = conflict(options); !fault.empty()) {
    std::cerr << "sluice test: " << fault << '\n';
    return kExitUsage;
  }
  if (!options.watch) return runOnce(options);
  try {
    watch(options);
  } catch (const ProjectError& error) {
    std::cerr << "sluice test: " << error.what() << '\n';
    return kExitUsage;
  }
}

constexpr const char* kExamples =
    "Without FILE it builds the project of the current folder, runs its GoogleTest suites with ctest, and plays its\n"
    "scenarios on every host that is here. With FILE it plays those scenarios alone, by default on the mock host.\n"
    "Examples: sluice test\n"
    "          sluice test --filter auth --junit results.xml\n"
    "          sluice test scenario.yaml --host envoy\n"
    "          sluice test scenarios --module build/hello.wasm\n";

}  // namespace

void addTestCommand(CLI::App& app, int& exitCode) {
  auto options = std::make_shared<TestOptions>();
  CLI::App* command =
      app.add_subcommand("test", "Run a project's tests, or play scenarios on the mock host or on Envoy");
  command
      ->add_option("FILE", options->paths,
                   "Scenarios (see docs/scenario.md) or folders of them; without any, everything in the project")
      ->check(CLI::ExistingPath);
  command
      ->add_option("--module", options->modules,
                   "The filter, a .wasm file, in place of the project's; again for each further one, and the scenario "
                   "says which is which")
      ->allow_extra_args(false)
      ->check(CLI::ExistingFile);
  command
      ->add_option("--host", options->host,
                   "What plays the proxy: mock; native, which is the mock host with filters compiled for this machine; "
                   "envoy; or all")
      ->check(CLI::IsMember({"mock", "native", "envoy", "all"}));
  command->add_option("--envoy", options->envoy,
                      "The Envoy to run; otherwise $SLUICE_ENVOY, `envoy` on PATH, or .venv/bin/envoy");
  command->add_option("--filter", options->filter,
                      "Only the tests and scenarios whose names match this regular expression");
  command->add_option("--junit", options->junit, "Write the results to this file in JUnit's XML format");
  command->add_flag("--watch", options->watch, "Build and run again whenever a file changes");
  command->add_flag("--no-build", options->noBuild, "Test what is built already");
  command->add_flag("--fail-fast", options->failFast, "Stop after the first test that fails");
  command->add_option("-j,--jobs", options->jobs, "How many tests run at a time; otherwise one for each processor")
      ->check(CLI::PositiveNumber);
  command
      ->add_option("--exchange", options->exchange,
                   "Play only this exchange (or connection) of the scenario, counted from 1")
      ->check(CLI::PositiveNumber);
  command->add_flag("--verbose", options->verbose,
                    "Print a report of each scenario, what the upstream answered, and the host's own log");
  command->footer(std::string(kExamples) + kExitCodeHelp);
  command->callback([options, &exitCode] { exitCode = run(*options); });
}

}  // namespace sluice::cli
