#include "project/project.h"

#include <algorithm>
#include <cctype>
#include <iostream>
#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>

#include "project/installation.h"
#include "project/run_program.h"
#include "scenario/read_file.h"

namespace sluice::cli {
namespace {

namespace fs = std::filesystem;

constexpr uintmax_t kMaxFileSize = 16u << 20;

// The text of a file; nothing if it cannot be read.
std::optional<std::string> textOf(const fs::path& path) {
  std::error_code error;
  if (!fs::is_regular_file(path, error)) return std::nullopt;
  try {
    return scenario::readFile(path, kMaxFileSize);
  } catch (const std::runtime_error&) {
    return std::nullopt;
  }
}

// Whether this is the CMakeLists.txt of a project that uses Sluice, in lower case.
bool isProjectOfFilters(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::tolower(c); });
  return text.find("project(") != std::string::npos && text.find("sluice") != std::string::npos;
}

// The value of a variable in CMakeCache.txt; empty if it has none.
std::string cached(const std::string& cache, const std::string& variable) {
  size_t at = cache.starts_with(variable + ":") ? 0 : cache.find("\n" + variable + ":");
  if (at == std::string::npos) return {};
  at = cache.find('=', at);
  return at == std::string::npos ? std::string() : cache.substr(at + 1, cache.find('\n', at) - at - 1);
}

// How the project's own preset named "default" has it, if there is one.
struct Preset {
  bool exists = false;
  bool hasGenerator = false;
};

Preset defaultPreset(const fs::path& source) {
  const auto text = textOf(source / "CMakePresets.json");
  if (!text) return {};
  const auto json = nlohmann::json::parse(*text, nullptr, false);
  if (!json.is_object() || !json.contains("configurePresets") || !json["configurePresets"].is_array()) return {};
  for (const auto& preset : json["configurePresets"]) {
    if (!preset.is_object() || preset.value("name", nlohmann::json()) != "default") continue;
    return {.exists = true, .hasGenerator = preset.contains("generator") || preset.contains("inherits")};
  }
  return {};
}

fs::path wasiSdk() {
  const char* path = std::getenv("WASI_SDK_PATH");
  const fs::path sdk = path != nullptr && *path != '\0' ? path : "/opt/wasi-sdk";
  std::error_code error;
  if (fs::exists(sdk / "bin/clang++", error)) return sdk;
  throw ProjectError(
      "no wasi-sdk is found: " + sdk.string() +
      " has no bin/clang++; unpack a release (https://github.com/WebAssembly/wasi-sdk/releases) and name "
      "its folder in the environment variable WASI_SDK_PATH");
}

// The variables by which CMake compiles filters with a toolchain.
std::vector<std::pair<std::string, std::string>> toolchainVariables(const std::string& toolchain) {
  if (toolchain.empty()) return {};
  if (toolchain == "wasi-sdk") return {{"SLUICE_TOOLCHAIN", "wasi"}, {"WASI_SDK_PATH", wasiSdk().string()}};
  if (toolchain == "wasi") return {{"SLUICE_TOOLCHAIN", "wasi"}, {"WASI_SDK_PATH", ""}};
  return {{"SLUICE_TOOLCHAIN", toolchain}};
}

// Whether the build folder was configured with these variables.
bool isConfigured(const Project& project, const std::vector<std::pair<std::string, std::string>>& variables) {
  std::error_code error;
  const auto cache = textOf(project.build / "CMakeCache.txt");
  if (!cache || !fs::exists(project.build / "sluice/filters.json", error)) return false;
  for (const auto& [name, value] : variables) {
    if (cached(*cache, name) != value) return false;
  }
  // CMake itself does not look at its presets again. This file is written by each configure.
  const auto configured = fs::last_write_time(project.build / "CMakeFiles/cmake.check_cache", error);
  if (error) return false;
  const auto presets = fs::last_write_time(project.source / "CMakePresets.json", error);
  return error || presets <= configured;
}

void configure(const Project& project, const std::vector<std::pair<std::string, std::string>>& variables) {
  std::vector<std::string> arguments = {"cmake", "-S", project.source.string(), "-B", project.build.string()};
  std::error_code error;
  const bool isFirst = !fs::exists(project.build / "CMakeCache.txt", error);
  const Preset preset = defaultPreset(project.source);
  if (isFirst) {
    const auto [prefix, settings] = ownInstallation();
    if (!settings.empty()) arguments.insert(arguments.end(), {"-C", settings.string()});
    if (!prefix.empty()) arguments.insert(arguments.end(), {"-D", "Sluice_ROOT=" + prefix.string()});
    const bool chooses = std::getenv("CMAKE_GENERATOR") == nullptr && !preset.hasGenerator;
    if (chooses && !findOnPath("ninja").empty()) arguments.insert(arguments.end(), {"-G", "Ninja"});
  }
  if (preset.exists) arguments.insert(arguments.end(), {"--preset", "default"});
  if (project.kind == BuildKind::Debug) {
    arguments.insert(arguments.end(), {"-D", "CMAKE_BUILD_TYPE=Debug"});
  } else if (!preset.exists && isFirst) {
    arguments.insert(arguments.end(), {"-D", "CMAKE_BUILD_TYPE=RelWithDebInfo"});
  }
  for (const auto& [name, value] : variables) arguments.insert(arguments.end(), {"-D", name + "=" + value});
  std::cerr << "configuring " << shortName(project.build) << '\n';
  const std::string end = runProgram(arguments, ProgramOutput::Nowhere);
  if (!end.empty()) {
    throw ProjectError(project.source.string() + " cannot be configured (`cmake` ended with " + end +
                       "): its messages are above");
  }
}

std::vector<std::string> strings(const nlohmann::json& array) {
  std::vector<std::string> result;
  for (const auto& item : array) result.push_back(item.get<std::string>());
  return result;
}

BuiltFilter readFilter(const nlohmann::json& json) {
  BuiltFilter filter;
  filter.name = json.at("name").get<std::string>();
  filter.source = json.at("source").get<std::string>();
  filter.module = json.at("module").get<std::string>();
  filter.native = json.at("native").get<std::string>();
  filter.tests = strings(json.at("tests"));
  for (const auto& scenario : json.at("scenarios")) {
    filter.scenarios.push_back({scenario.at("name").get<std::string>(), scenario.at("file").get<std::string>()});
  }
  return filter;
}

nlohmann::json readManifest(const Project& project) {
  const fs::path path = project.build / "sluice/filters.json";
  const auto text = textOf(path);
  if (!text) {
    throw ProjectError("there is no " + path.string() + ": " + project.source.string() +
                       "/CMakeLists.txt calls sluice_add_filter() nowhere, or chooses a generator of several "
                       "configurations, for which `sluice` cannot build: take Ninja");
  }
  auto json = nlohmann::json::parse(*text, nullptr, false);
  if (json.is_discarded()) throw ProjectError(path.string() + ": this is not JSON; remove the folder and build again");
  return json;
}

}  // namespace

Project findProject(const fs::path& from, BuildKind kind) {
  std::error_code error;
  fs::path folder = fs::absolute(from, error).lexically_normal();
  if (!folder.has_filename()) folder = folder.parent_path();  // "project/" and "project/."
  const fs::path start = folder;
  for (;; folder = folder.parent_path()) {
    const auto text = textOf(folder / "CMakeLists.txt");
    if (text && isProjectOfFilters(*text)) {
      return {folder, folder / (kind == BuildKind::Debug ? "build-debug" : "build"), kind};
    }
    if (folder == folder.parent_path()) break;
  }
  throw ProjectError(
      "there is no project of filters in " + start.string() +
      " or above it: no CMakeLists.txt with project() and find_package(Sluice). `sluice init` writes one");
}

std::vector<BuiltFilter> filtersOf(const Project& project) {
  const auto json = readManifest(project);
  std::vector<BuiltFilter> filters;
  try {
    for (const auto& filter : json.at("filters")) filters.push_back(readFilter(filter));
  } catch (const nlohmann::json::exception&) {
    throw ProjectError((project.build / "sluice/filters.json").string() +
                       ": another version of Sluice has written it; remove the folder and build again");
  }
  return filters;
}

BuildFacts factsOf(const Project& project) {
  const auto json = readManifest(project);
  return {json.value("toolchain", ""), json.value("platform", "envoy"), json.value("sanitizers", ""),
          json.value("sanitizer_runtime", "")};
}

void buildProject(const Project& project, const BuildOptions& options) {
  const auto variables = toolchainVariables(options.toolchain);
  if (!isConfigured(project, variables)) configure(project, variables);
  filtersOf(project);  // Says what is wrong where there are none.
  std::vector<std::string> arguments = {"cmake", "--build", project.build.string()};
  if (!options.targets.empty()) {
    arguments.emplace_back("--target");
    arguments.insert(arguments.end(), options.targets.begin(), options.targets.end());
  }
  if (options.jobs > 0) arguments.insert(arguments.end(), {"--parallel", std::to_string(options.jobs)});
  const std::string end = runProgram(arguments, ProgramOutput::Progress);
  if (!end.empty()) {
    throw ProjectError(project.source.string() + " cannot be built (`cmake --build` ended with " + end +
                       "): the compiler's messages are above");
  }
}

std::string shortName(const fs::path& path) {
  if (path.is_relative()) return path.string();
  static const fs::path here = fs::current_path();
  const fs::path relative = path.lexically_proximate(here);
  return relative.native().starts_with("..") ? path.string() : relative.string();
}

}  // namespace sluice::cli
