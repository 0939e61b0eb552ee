// Finds scenarios, and the modules that each is for.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "project/project.h"
#include "scenario/scenario.h"

namespace sluice::cli {

/// The scenarios in a folder and in the folders below it, sorted: the YAML files that have `exchanges`, `connections`
/// or `expect` at their top level. Hidden folders and build folders are left out. (There may be many: a string takes a
/// tenth of the memory of a path.)
std::vector<std::string> scenariosIn(const std::filesystem::path& folder);

/// Whether a folder holds what nobody wrote by hand: its name starts with a dot, or CMake builds in it.
bool isGeneratedFolder(const std::filesystem::path& folder);

/// Which build of a filter to play.
enum class FilterBuild { Wasm, Native };

/// The filters of a project that `scenario` plays: those that sluice_add_scenario_test() names with its file, or all of
/// them for the scenario to choose by `module`, or the one whose folder is the nearest above the scenario. Throws
/// ScenarioError if none is. Empty if they have no native build.
std::vector<std::filesystem::path> modulesFor(const scenario::Scenario& scenario,
                                              const std::vector<BuiltFilter>& filters, FilterBuild build);

}  // namespace sluice::cli
