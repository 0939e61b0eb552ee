// A project of filters: where it is, what it builds, and how it is built.
#pragma once

#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

namespace sluice::cli {

/// Thrown when a project cannot be found, configured or built. what() says which step failed, and what to do about it.
class ProjectError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// What `sluice build` builds.
enum class BuildKind {
  Release,  ///< Modules as they ship.
  Debug,    ///< Modules with names and DWARF, in a build folder of its own.
};

/// A folder with a CMakeLists.txt that calls project() and names Sluice.
struct Project {
  std::filesystem::path source;  ///< That folder, absolute.
  std::filesystem::path build;   ///< The folder that it is built in: `build`, or `build-debug` for BuildKind::Debug.
  BuildKind kind = BuildKind::Release;
};

/// The project that `from`, a file or a folder, lies in: the nearest folder at or above it that is one. Throws
/// ProjectError if there is none.
Project findProject(const std::filesystem::path& from, BuildKind kind = BuildKind::Release);

/// A scenario of sluice_add_scenario_test().
struct ProjectScenario {
  std::string name;            ///< The name that the project gave it.
  std::filesystem::path file;  ///< The YAML file.
};

/// A filter of sluice_add_filter(), and what tests it.
struct BuiltFilter {
  std::string name;                        ///< The name that the project gave it.
  std::filesystem::path source;            ///< The folder whose CMakeLists.txt defines it.
  std::filesystem::path module;            ///< The `.wasm` file. It exists once the project is built.
  std::filesystem::path native;            ///< The library for this machine; empty if the filter has no native build.
  std::vector<ProjectScenario> scenarios;  ///< Those that play this filter, alone or with others.
  std::vector<std::string> tests;          ///< The names of its sluice_add_filter_test(), which are targets too.
};

/// The filters of a project that has been configured, in the order in which it defines them. Reads what
/// sluice_add_filter() writes into the build folder: `sluice/filters.json`. Throws ProjectError if that is missing.
std::vector<BuiltFilter> filtersOf(const Project& project);

/// What a project was configured with.
struct BuildFacts {
  std::string toolchain;   ///< "wasi" …, or the path of a toolchain file.
  std::string platform;    ///< Where the filters run; see platforms().
  std::string sanitizers;  ///< What native builds are compiled with: "address,undefined", or nothing.
  /// The library that a program without these sanitizers must load first; empty if none is found.
  std::filesystem::path sanitizerRuntime;
};

/// Reads them from the same file. Throws as filtersOf() does.
BuildFacts factsOf(const Project& project);

/// How to build a project.
struct BuildOptions {
  /// "wasi", "zig", "emscripten" or "wasi-sdk"; empty for what was chosen before, at first the one that is found.
  std::string toolchain = {};
  std::vector<std::string> targets = {"sluice_wasm"};  ///< What to build: by default the modules; empty: everything.
  size_t jobs = 0;                                     ///< How much at a time; 0 for what CMake does by itself.
};

/// Configures the project if that was not done yet (or not with these options), and builds it. What CMake and the
/// compilers print goes to standard error. Throws ProjectError with the step that failed.
void buildProject(const Project& project, const BuildOptions& options = {});

/// `path` as a user in the current folder would name it: relative, unless it lies elsewhere.
std::string shortName(const std::filesystem::path& path);

}  // namespace sluice::cli
