#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "commands/commands.h"
#include "exit_code.h"
#include "module/summary.h"
#include "project/platforms.h"
#include "project/project.h"
#include "scenario/read_file.h"
#include "sluice/host/text.h"

namespace sluice::cli {
namespace {

using host::quoteUnlessPrintable;

struct BuildCommandOptions {
  std::string folder = ".";
  BuildOptions build;
  bool debug = false;
  bool json = false;
};

// A filter that was built, and what the platform that it is for says about it.
struct BuiltModule {
  BuiltFilter filter;
  ModuleSummary summary;
  PlatformVerdict verdict;
};

BuiltModule examine(const BuiltFilter& filter, const Platform& platform) {
  const std::string bytes = scenario::readModule(filter.module);
  const std::string name = filter.module.filename().string();
  BuiltModule built{filter, summarizeModule(bytes, filter.module.string()), {}};
  built.verdict = judge(platform, built.summary, loadFailure(bytes, name));
  return built;
}

void print(const BuiltModule& built, const Platform& platform) {
  const auto& summary = built.summary;
  std::cout << shortName(built.filter.module) << ": " << summary.bytes << " bytes, "
            << (summary.abiVersion.empty() ? "no ABI version" : "ABI " + summary.abiVersion) << ", "
            << summary.callbacks.size() << " callbacks, " << summary.imports.size() << " imports\n";
  const auto list = [](const char* title, const std::vector<std::string>& names) {
    if (names.empty()) return;
    std::cout << "  " << title;
    for (const auto& name : names) std::cout << ' ' << quoteUnlessPrintable(name);
    std::cout << '\n';
  };
  list("callbacks:", summary.callbacks);
  std::vector<std::string> imports;
  for (const auto& import : summary.imports) {
    imports.push_back(import.module == "env" ? import.name : import.module + "." + import.name);
  }
  list("imports:  ", imports);
  for (const auto& refusal : built.verdict.refused) {
    std::cout << "  warning: " << platform.title << " cannot load it: " << refusal << '\n';
  }
  for (const auto& warning : built.verdict.warnings) {
    std::cout << "  warning: " << platform.title << ": " << warning << '\n';
  }
}

nlohmann::ordered_json asJson(const BuiltModule& built) {
  nlohmann::ordered_json json = {{"name", built.filter.name},
                                 {"module", built.filter.module.string()},
                                 {"bytes", built.summary.bytes},
                                 {"abi", nullptr},
                                 {"callbacks", built.summary.callbacks},
                                 {"imports", nlohmann::ordered_json::array()},
                                 {"refused", built.verdict.refused},
                                 {"warnings", built.verdict.warnings}};
  if (!built.summary.abiVersion.empty()) json["abi"] = built.summary.abiVersion;
  for (const auto& import : built.summary.imports) json["imports"].push_back(import.module + "." + import.name);
  return json;
}

int build(const BuildCommandOptions& options) {
  const Project project = findProject(options.folder, options.debug ? BuildKind::Debug : BuildKind::Release);
  buildProject(project, options.build);
  const BuildFacts facts = factsOf(project);
  const Platform* platform = findPlatform(facts.platform);
  if (platform == nullptr) {
    throw ProjectError("SLUICE_PLATFORM is \"" + facts.platform +
                       "\", which is none of those that `sluice init --help` lists");
  }
  nlohmann::ordered_json json = {{"project", project.source.string()},
                                 {"build", project.build.string()},
                                 {"toolchain", facts.toolchain},
                                 {"platform", facts.platform},
                                 {"filters", nlohmann::ordered_json::array()}};
  for (const auto& filter : filtersOf(project)) {
    const BuiltModule built = examine(filter, *platform);
    if (options.json) {
      json["filters"].push_back(asJson(built));
    } else {
      print(built, *platform);
    }
  }
  // Names may hold any bytes; what is no UTF-8 is replaced.
  if (options.json) std::cout << json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) << '\n';
  return kExitOk;
}

int run(const BuildCommandOptions& options) {
  try {
    return build(options);
  } catch (const ProjectError& error) {
    std::cerr << "sluice build: " << error.what() << '\n';
    return kExitUsage;
  } catch (const std::runtime_error& error) {
    std::cerr << "sluice build: " << error.what() << '\n';
    return kExitHost;
  }
}

}  // namespace

void addBuildCommand(CLI::App& app, int& exitCode) {
  auto options = std::make_shared<BuildCommandOptions>();
  CLI::App* command = app.add_subcommand("build", "Build the filters of a project, and say what they consist of");
  command->add_option("DIR", options->folder, "The project, or a folder in it")
      ->capture_default_str()
      ->check(CLI::ExistingDirectory);
  command->add_flag("--debug", options->debug,
                    "Keep names and DWARF in the modules; they are built in build-debug, not in build");
  command
      ->add_option("--toolchain", options->build.toolchain,
                   "What compiles the filters; otherwise what did before, at first the one that is installed")
      ->check(CLI::IsMember({"wasi", "zig", "emscripten", "wasi-sdk"}));
  command->add_option("-j,--jobs", options->build.jobs, "How much to compile at a time")->check(CLI::PositiveNumber);
  command->add_flag("--json", options->json, "Print JSON; what the build prints goes to standard error in any case");
  command->footer(std::string("Example: sluice build --toolchain zig\n") + kExitCodeHelp);
  command->callback([options, &exitCode] { exitCode = run(*options); });
}

}  // namespace sluice::cli
