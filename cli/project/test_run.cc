#include "project/test_run.h"

#include <dlfcn.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <mutex>
#include <set>
#include <sstream>
#include <thread>

#include "exit_code.h"
#include "players/envoy_locator.h"
#include "players/envoy_player.h"
#include "players/leftovers.h"
#include "players/mock_player.h"
#include "project/run_program.h"
#include "project/scenario_files.h"
#include "project/write_file.h"
#include "report/junit.h"
#include "report/terminal.h"
#include "scenario/outcome.h"
#include "scenario/scenario.h"
#include "scenario/trace.h"

namespace sluice::cli {
namespace {

namespace fs = std::filesystem;

// In the environment of a process that does a part of another's run.
constexpr const char* kPartOfARun = "SLUICE_PART_OF_A_RUN";

// The hosts of a run.
struct Hosts {
  bool mock = false;
  bool native = false;
  bool envoy = false;
};

// Removes all exchanges but one. Also removes the expectations of the whole scenario, because they hold for all
// exchanges together.
void keepOnly(scenario::Scenario& scenario, size_t exchange) {
  const size_t count = scenario.exchanges.size() + scenario.connections.size();
  if (exchange > count) {
    throw scenario::ScenarioError(scenario.file + ": --exchange " + std::to_string(exchange) + ", but it has " +
                                  std::to_string(count));
  }
  if (!scenario.exchanges.empty()) {
    const bool isOfSeveral = scenario.exchanges[exchange - 1].together ||
                             (exchange < scenario.exchanges.size() && scenario.exchanges[exchange].together);
    scenario.exchanges = {scenario.exchanges[exchange - 1]};
    scenario.exchanges.front().together = false;
    if (isOfSeveral) scenario.exchanges.front().calls = {};  // What several do together.
  }
  if (!scenario.connections.empty()) scenario.connections = {scenario.connections[exchange - 1]};
  if (scenario.traps == scenario::Traps::Expected) scenario.traps = scenario::Traps::Allowed;
  scenario.waitAtEnd = {};
  scenario.log.clear();
  scenario.calls = {};
  scenario.metrics.clear();
  scenario.sharedData.clear();
  scenario.callbacks.clear();
}

// What came of one scenario on one host.
struct PlayResult {
  int exitCode = kExitOk;
  std::string report;   // For standard output.
  std::string failure;  // The expectations that were not met.
  std::string error;    // Why it was not played, for standard error.
  double seconds = 0;
  bool isSkipped = false;  // There is nothing to play on this host.
};

class TestRun {
 public:
  explicit TestRun(const TestOptions& options) : options_(options) {
    if (!options_.filter.empty()) filter_.emplace(options_.filter);
  }

  int run() {
    if (!options_.junit.empty()) checkCanWrite(options_.junit);
    hosts_ = chooseHosts();
    if (hosts_.envoy && envoy_.empty()) envoy_ = scenario::locateEnvoy(options_.envoy);
    if (options_.modules.empty()) build();
    const std::vector<std::string> files = chooseScenarios();
    int worst = kExitOk;
    size_t suites = 0;
    if (options_.paths.empty() && !(hosts_.envoy && !hosts_.mock && !hosts_.native)) worst = runSuites(suites);
    if (files.empty() && suites == 0) {
      throw ProjectError(options_.filter.empty()
                             ? "there is no test and no scenario here"
                             : "no test and no scenario has a name that matches --filter " + options_.filter);
    }
    isOnlyOne_ = suites == 0 && files.size() == 1 && hosts_.mock + hosts_.native + hosts_.envoy == 1 &&
                 std::getenv(kPartOfARun) == nullptr;
    if (hosts_.mock && goesOn(worst)) worst = std::max(worst, playAll(files, Host::Mock));
    if (hosts_.native && goesOn(worst)) worst = std::max(worst, playNatively(files));
    if (hosts_.envoy && goesOn(worst)) worst = std::max(worst, playAll(files, Host::Envoy));
    if (!note_.empty()) std::cerr << note_;
    if (!options_.junit.empty()) writeWholeFile(options_.junit, junit_.xml());
    return worst;
  }

 private:
  enum class Host { Mock, Native, Envoy };

  [[nodiscard]] bool goesOn(int worst) const { return worst == kExitOk || !options_.failFast; }

  // For files the default is the mock host. For a whole project it is every host that is here.
  Hosts chooseHosts() {
    if (options_.host == "all") return {true, options_.modules.empty(), true};
    if (!options_.host.empty()) {
      return {options_.host == "mock", options_.host == "native", options_.host == "envoy"};
    }
    if (!options_.paths.empty()) return {true, false, false};
    Hosts hosts{true, true, true};
    try {
      envoy_ = scenario::locateEnvoy(options_.envoy);
    } catch (const std::runtime_error& error) {
      if (!options_.envoy.empty()) throw;
      hosts.envoy = false;
      note_ = "\nnot played on Envoy: " + std::string(error.what()) + '\n';
    }
    return hosts;
  }

  void build() {
    project_ = projectOf(options_);
    if (options_.noBuild) {
      filters_ = filtersOf(*project_);
      return;
    }
    BuildOptions build;
    build.jobs = options_.jobs;
    if (options_.paths.empty()) build.targets.clear();
    buildProject(*project_, build);
    filters_ = filtersOf(*project_);
    if (!options_.paths.empty() && hosts_.native) {
      build.targets.clear();
      for (const auto& filter : filters_) {
        if (!filter.native.empty()) build.targets.push_back(filter.name + "_native");
      }
      if (!build.targets.empty()) buildProject(*project_, build);
    }
  }

  std::vector<std::string> chooseScenarios() const {
    std::vector<std::string> files;
    for (const auto& path : options_.paths) {
      if (!fs::is_directory(path)) {
        files.push_back(path.string());
        continue;
      }
      const auto found = scenariosIn(path);
      if (found.empty()) {
        throw ProjectError(path.string() +
                           ": there is no scenario in it, a .yaml file with `exchanges`, `connections` " +
                           "or `expect`");
      }
      files.insert(files.end(), found.begin(), found.end());
    }
    if (options_.paths.empty()) {
      files = scenariosIn(project_->source);
      for (auto& file : files) file = shortName(file);
      const auto isListed = [&](const fs::path& file) {
        return std::any_of(files.begin(), files.end(),
                           [&](const std::string& each) { return fs::equivalent(each, file); });
      };
      for (const auto& filter : filters_) {
        for (const auto& scenario : filter.scenarios) {
          if (fs::exists(scenario.file) && !isListed(scenario.file)) files.push_back(shortName(scenario.file));
        }
      }
    }
    if (filter_) {
      std::erase_if(files, [&](const std::string& file) { return !std::regex_search(shortName(file), *filter_); });
    }
    return files;
  }

  // The names of the tests that sluice_add_scenario_test() has made, as a regular expression of CMake's.
  [[nodiscard]] std::string playedHere() const {
    std::set<std::string> names;
    for (const auto& filter : filters_) {
      for (const auto& scenario : filter.scenarios) names.insert(scenario.name);
    }
    std::string alternatives;
    for (const auto& name : names) {
      if (!alternatives.empty()) alternatives += '|';
      for (const char c : name) alternatives += c == '.' || c == '+' ? std::string("[") + c + "]" : std::string(1, c);
    }
    return alternatives.empty() ? "" : "^(" + alternatives + ")[.](mock|envoy)$";
  }

  // The suites of the project: all that CTest knows but the scenarios, which are played in this process.
  int runSuites(size_t& count) {
    const fs::path folder = scenario::makeFolder();
    std::vector<std::string> arguments = {"ctest",
                                          "--test-dir",
                                          project_->build.string(),
                                          "--output-on-failure",
                                          "--no-tests=ignore",
                                          "--output-junit",
                                          (folder / "ctest.xml").string()};
    const std::string played = playedHere();
    if (!played.empty()) arguments.insert(arguments.end(), {"--exclude-regex", played});
    if (hosts_.mock != hosts_.native) arguments.insert(arguments.end(), {"-LE", hosts_.mock ? "^native$" : "^wasm$"});
    if (!options_.filter.empty()) arguments.insert(arguments.end(), {"-R", options_.filter});
    if (options_.failFast) arguments.emplace_back("--stop-on-failure");
    arguments.insert(arguments.end(), {"-j", std::to_string(jobs())});
    std::cout.flush();
    const std::string end = runProgram(arguments, ProgramOutput::Report);
    count = junit_.addFile(folder / "ctest.xml");
    scenario::removeFolder(folder);
    return end.empty() ? kExitOk : kExitFailed;
  }

  [[nodiscard]] size_t jobs() const {
    return options_.jobs > 0 ? options_.jobs : std::max<size_t>(1, std::thread::hardware_concurrency());
  }

  // Plays scenarios on one host: on Envoy side by side, in this process one after the other.
  int playAll(const std::vector<std::string>& files, Host host) {
    std::atomic<size_t> next{0};
    std::atomic<int> worst{kExitOk};
    size_t played = 0, skipped = 0, met = 0;
    std::mutex mutex;
    const auto work = [&] {
      while (goesOn(worst)) {
        const size_t index = next++;
        if (index >= files.size()) return;
        const PlayResult result = play(files[index], host);
        const std::lock_guard lock(mutex);
        ++played;
        skipped += result.isSkipped ? 1 : 0;
        if (result.isSkipped) continue;
        worst = std::max<int>(worst, result.exitCode);
        met += result.exitCode == kExitOk ? 1 : 0;
        show(files[index], host, result);
      }
    };
    const size_t workers = host == Host::Envoy ? std::min(jobs(), files.size()) : 1;
    {
      std::vector<std::jthread> threads;
      for (size_t i = 1; i < workers; ++i) threads.emplace_back(work);
      work();
    }
    const size_t count = files.size() - skipped;
    if (isOnlyOne_ || count == 0) return worst;
    std::cout << count << (count == 1 ? " scenario on " : " scenarios on ") << title(host) << ": " << met
              << " as expected";
    if (met + skipped < played) std::cout << ", " << played - skipped - met << " not";
    if (played < files.size()) std::cout << ", " << files.size() - played << " not played";
    std::cout << '\n';
    return worst;
  }

  // A native build with sanitizers needs their runtime in the program from its start on: another process, then, unless
  // this one has it.
  int playNatively(const std::vector<std::string>& files) {
    if (files.empty()) return kExitOk;
    const BuildFacts facts = project_ ? factsOf(*project_) : BuildFacts{};
    if (facts.sanitizers.empty() || has(facts.sanitizers)) return playAll(files, Host::Native);
    if (facts.sanitizerRuntime.empty()) {
      note_ += "\nnot played on the native build: the runtime library of its sanitizers (" + facts.sanitizers +
               ") is not found\n";
      return options_.host == "native" ? kExitHost : kExitOk;
    }
    const fs::path folder = scenario::makeFolder();
    std::vector<std::string> arguments = {
        fs::read_symlink("/proc/self/exe"), "test", "--host", "native", "--no-build", "--junit", folder / "native.xml"};
    if (options_.failFast) arguments.emplace_back("--fail-fast");
    if (options_.verbose) arguments.emplace_back("--verbose");
    if (options_.exchange > 0) arguments.insert(arguments.end(), {"--exchange", std::to_string(options_.exchange)});
    arguments.emplace_back("--");
    arguments.insert(arguments.end(), files.begin(), files.end());
    std::vector<std::pair<std::string, std::string>> environment = {{"LD_PRELOAD", facts.sanitizerRuntime.string()}};
    if (!isOnlyOne_) environment.emplace_back(kPartOfARun, "1");
    if (std::getenv("ASAN_OPTIONS") == nullptr) environment.emplace_back("ASAN_OPTIONS", "detect_leaks=0");
    std::cout.flush();
    const std::string end = runProgram(arguments, ProgramOutput::Report, environment);
    junit_.addFile(folder / "native.xml");
    scenario::removeFolder(folder);
    if (end.empty()) return kExitOk;
    return end == "exit code 1" ? kExitFailed : end == "exit code 2" ? kExitUsage : kExitHost;
  }

  // Whether this program has the runtime of these sanitizers.
  static bool has(const std::string& sanitizers) {
    const bool address = sanitizers.find("address") != std::string::npos;
    return ::dlsym(RTLD_DEFAULT, address ? "__asan_init" : "__ubsan_handle_add_overflow_abort") != nullptr;
  }

  static const char* title(Host host) {
    return host == Host::Mock ? "the mock host" : host == Host::Native ? "the native build" : "Envoy";
  }

  PlayResult play(const fs::path& file, Host host) const {
    PlayResult result;
    const auto start = std::chrono::steady_clock::now();
    try {
      scenario::Scenario scenario = scenario::loadScenario(file);
      const auto build = host == Host::Native ? FilterBuild::Native : FilterBuild::Wasm;
      const auto modules = options_.modules.empty() ? modulesFor(scenario, filters_, build) : options_.modules;
      if (modules.empty()) {
        result.isSkipped = options_.host != "native";
        if (result.isSkipped) return result;
        throw scenario::ScenarioError(shortName(file) + ": its filter has no build for this machine");
      }
      useModules(scenario, modules);
      if (options_.exchange > 0) keepOnly(scenario, options_.exchange);
      const auto outcome =
          host == Host::Envoy ? scenario::EnvoyPlayer(envoy_).play(scenario) : scenario::MockPlayer().play(scenario);
      const auto failures = check(scenario, outcome);
      if (!failures.empty()) result.exitCode = kExitFailed;
      const auto trace = failures.empty() || host == Host::Envoy ? scenario::Trace() : traceOf(scenario);
      const Report report{scenario, outcome, failures, options_.verbose, &trace};
      if (!options_.junit.empty()) result.failure = failureText(report);
      if (isOnlyOne_ || options_.verbose || !failures.empty()) result.report = reportText(report);
    } catch (const scenario::ScenarioError& error) {
      result.exitCode = kExitUsage;
      result.error = error.what();
    } catch (const std::exception& error) {
      result.exitCode = kExitHost;
      result.error = (isOnlyOne_ ? "sluice test: " : "sluice test: " + shortName(file) + ": ") + error.what();
    }
    result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    return result;
  }

  // Plays a scenario on the mock host once more, for the record of its crossings, which the first time goes without.
  static scenario::Trace traceOf(const scenario::Scenario& scenario) {
    scenario::Trace trace;
    scenario::MockPlayer(&trace).play(scenario);
    return trace;
  }

  static std::string reportText(const Report& report) {
    std::ostringstream out;
    printReport(out, report);
    return out.str();
  }

  static std::string failureText(const Report& report) {
    std::ostringstream out;
    for (const auto& failure : report.failures) printFailure(out, report, failure);
    return out.str();
  }

  void show(const fs::path& file, Host host, const PlayResult& result) {
    if (!isOnlyOne_) {
      std::cout << verdict(result.exitCode == kExitOk ? Verdict::Met : Verdict::Failed) << "  " << shortName(file)
                << " on " << title(host) << '\n';
    }
    std::cout << result.report;
    if (!isOnlyOne_ && !result.report.empty()) std::cout << '\n';
    if (!result.error.empty()) {
      std::cout.flush();  // The two streams may be one terminal.
      std::cerr << result.error << '\n';
    }
    if (!options_.junit.empty()) {
      junit_.add({"scenarios on " + std::string(title(host)), shortName(file), file.string(), result.seconds,
                  result.failure, result.error});
    }
  }

  const TestOptions& options_;
  std::optional<std::regex> filter_;
  Hosts hosts_;
  fs::path envoy_;
  std::optional<Project> project_;
  std::vector<BuiltFilter> filters_;
  JunitReport junit_;
  std::string note_;
  bool isOnlyOne_ = false;  // Then its whole report is printed.

 public:
  // The project of the first file, else of the current folder.
  static Project projectOf(const TestOptions& options) {
    if (options.paths.empty()) return findProject(".");
    try {
      return findProject(options.paths.front());
    } catch (const ProjectError&) {
      try {
        return findProject(".");
      } catch (const ProjectError& error) {
        throw ProjectError(std::string(error.what()) + "; or give the filter's file with --module");
      }
    }
  }
};

}  // namespace

int runTests(const TestOptions& options) { return TestRun(options).run(); }

std::vector<fs::path> watchedBy(const TestOptions& options) {
  std::vector<fs::path> paths = options.paths;
  paths.insert(paths.end(), options.modules.begin(), options.modules.end());
  if (options.modules.empty()) paths.push_back(TestRun::projectOf(options).source);
  return paths;
}

}  // namespace sluice::cli
