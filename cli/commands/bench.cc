#include "commands/commands.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <iostream>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <vector>

#include "exit_code.h"
#include "players/envoy_cpu.h"
#include "players/envoy_locator.h"
#include "players/mock_player.h"
#include "project/built_module.h"
#include "project/scenario_files.h"
#include "project/write_file.h"
#include "report/costs.h"
#include "report/costs_svg.h"
#include "scenario/outcome.h"
#include "scenario/read_file.h"
#include "scenario/scenario.h"

namespace sluice::cli {
namespace {

using Paths = std::vector<std::filesystem::path>;

// How many requests one round of --envoy sends to each of the two Envoys.
constexpr size_t kRequestsARound = 400;

struct BenchOptions {
  std::vector<std::string> scenarios;
  Paths modules;
  Paths others;
  std::string baseline;
  double failOver = 0;
  std::string svg;
  bool envoy = false;
  size_t rounds = 11;
  bool json = false;
};

// Thrown when an output file cannot be written.
class CannotWrite : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// Thrown when a scenario does not play as it expects to.
class ScenarioFailed : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// All scenarios of the project of the current folder, as paths from there.
std::vector<std::string> scenariosOfProject() {
  std::vector<std::string> files;
  for (const auto& file : scenariosIn(findProject(std::filesystem::current_path()).source)) {
    files.push_back(std::filesystem::relative(file).string());
  }
  if (files.empty()) throw ProjectError("the project has no scenarios; name the SCENARIO");
  return files;
}

BenchResult play(const std::string& file, const Paths& modules, const BenchOptions& options) {
  BenchResult result{.scenario = file, .modules = {}, .costs = {}};
  auto scenario = scenario::loadScenario(file);
  useModules(scenario, modules.empty() ? modulesFor(scenario, builtFilters(file), FilterBuild::Wasm) : modules);
  const auto outcome = scenario::MockPlayer().play(scenario);
  const auto failures = check(scenario, outcome);
  if (!failures.empty()) {
    throw ScenarioFailed(file + ": " + std::to_string(failures.size()) +
                         (failures.size() == 1 ? " expectation" : " expectations") +
                         " not met, so the counts mean nothing; `sluice test` shows them");
  }
  result.costs = outcome.cost;
  for (const auto& [callback, counts] : outcome.startCost) result.costs["start"] += counts;
  for (const auto& filter : scenario.filters) {
    result.modules[filter.file.filename().string()] = std::filesystem::file_size(filter.file);
  }
  if (options.envoy) {
    result.envoy = scenario::compareCpu(scenario::locateEnvoy(""), scenario, options.rounds, kRequestsARound);
  }
  return result;
}

std::vector<BenchResult> playAll(const std::vector<std::string>& scenarios, const Paths& modules,
                                 const BenchOptions& options) {
  std::vector<BenchResult> results;
  for (const auto& file : scenarios) results.push_back(play(file, modules, options));
  return results;
}

// The baseline of one scenario.
const BenchResult& baselineOf(const BenchResult& result, const std::vector<BenchResult>& baselines,
                              const std::string& file) {
  const auto found = std::find_if(baselines.begin(), baselines.end(),
                                  [&](const auto& baseline) { return baseline.scenario == result.scenario; });
  if (found == baselines.end()) {
    throw std::runtime_error(file + ": there is no scenario " + result.scenario +
                             " in it; write it anew with `sluice bench --json`");
  }
  return *found;
}

template <class Write>
void asOutput(const Write& write) {
  try {
    write();
  } catch (const std::runtime_error& error) {
    throw CannotWrite(error.what());
  }
}

int run(const BenchOptions& options) {
  constexpr uintmax_t kMaxBaseline = uintmax_t{16} << 20U;
  std::vector<BenchResult> baselines;
  if (!options.baseline.empty()) {
    baselines = parseBaseline(scenario::readFile(options.baseline, kMaxBaseline), options.baseline);
  }
  if (!options.svg.empty()) asOutput([&] { checkCanWrite(options.svg); });
  const auto scenarios = options.scenarios.empty() ? scenariosOfProject() : options.scenarios;
  const auto results = playAll(scenarios, options.modules, options);
  const auto others = options.others.empty() ? std::vector<BenchResult>() : playAll(scenarios, options.others, options);
  if (!options.svg.empty()) asOutput([&] { writeWholeFile(options.svg, costsAsSvg(results, others)); });
  if (options.json) std::cout << asJson(results).dump(2) << '\n';
  size_t worse = 0;
  for (size_t i = 0; i < results.size(); ++i) {
    if (!options.json) printTable(std::cout, results[i]);
    if (!others.empty() && !options.json) {
      printTable(std::cout, others[i]);
      std::cout << "  compared with it: " << comparison(results[i], others[i]) << '\n';
    }
    if (options.baseline.empty()) continue;
    for (const auto& line :
         regressions(results[i], baselineOf(results[i], baselines, options.baseline), options.failOver)) {
      std::cerr << line << '\n';
      ++worse;
    }
  }
  if (worse > 0) std::cerr << "sluice bench: " << worse << " counts are above the baseline\n";
  return worse > 0 ? kExitFailed : kExitOk;
}

// "5" of "5%" and of "5 %".
std::string withoutPercentSign(std::string text) {
  if (text.ends_with('%')) text.pop_back();
  while (text.ends_with(' ')) text.pop_back();
  return text;
}

int runOrExplain(const BenchOptions& options) {
  try {
    return run(options);
  } catch (const ScenarioFailed& error) {
    std::cerr << "sluice bench: " << error.what() << '\n';
    return kExitFailed;
  } catch (const scenario::PlayerError& error) {
    std::cerr << "sluice bench: " << error.what() << '\n';
    return kExitHost;
  } catch (const CannotWrite& error) {
    std::cerr << "sluice bench: " << error.what() << '\n';
    return kExitHost;
  } catch (const std::runtime_error& error) {  // Also ScenarioError.
    std::cerr << "sluice bench: " << error.what() << '\n';
    return kExitUsage;
  }
}

}  // namespace

void addBenchCommand(CLI::App& app, int& exitCode) {
  auto options = std::make_shared<BenchOptions>();
  CLI::App* command = app.add_subcommand("bench", "Count what filters cost in scenarios on the mock host");
  command->add_option("SCENARIO", options->scenarios, "The scenarios, YAML files; otherwise all of the project")
      ->check(CLI::ExistingFile);
  command
      ->add_option("--module", options->modules,
                   "The filter, a .wasm file, in place of the project's; again for each further one")
      ->allow_extra_args(false)
      ->check(CLI::ExistingFile);
  command
      ->add_option("--compare", options->others, "A module to play the scenarios with too; again for each further one")
      ->allow_extra_args(false)
      ->check(CLI::ExistingFile);
  command->add_option("--baseline", options->baseline, "A file with the output of --json; larger counts fail")
      ->check(CLI::ExistingFile);
  command->add_option("--fail-over", options->failOver, "By how many percent a count may be above the baseline's: 5%")
      ->capture_default_str()
      ->check(CLI::NonNegativeNumber)
      ->transform(withoutPercentSign);
  command->add_option("--svg", options->svg, "Write a picture of the costs by callback to this file");
  command->add_flag("--envoy", options->envoy,
                    "Also measure the CPU time a request in a real Envoy ($SLUICE_ENVOY, `envoy` on PATH, or "
                    ".venv/bin/envoy), as a ratio to no filter");
  command->add_option("--rounds", options->rounds, "How many rounds --envoy measures; those with and without alternate")
      ->capture_default_str()
      ->check(CLI::PositiveNumber);
  command->add_flag("--json", options->json, "Print JSON");
  command->footer(std::string("Examples: sluice bench --json > baseline.json\n"
                              "          sluice bench --baseline baseline.json --fail-over 5%\n"
                              "          sluice bench hello.yaml --module build/hello.wasm --svg costs.svg\n") +
                  kExitCodeHelp);
  command->callback([options, &exitCode] { exitCode = runOrExplain(*options); });
}

}  // namespace sluice::cli
