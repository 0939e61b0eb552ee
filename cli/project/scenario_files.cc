#include "project/scenario_files.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "scenario/read_file.h"
#include "scenario/read_text.h"

namespace sluice::cli {
namespace {

namespace fs = std::filesystem;
using scenario::ScenarioError;

bool hasTopLevelKey(std::string_view text, std::string_view key) {
  for (size_t at = text.find(key); at != std::string_view::npos; at = text.find(key, at + 1)) {
    const bool startsLine = at == 0 || text[at - 1] == '\n';
    if (startsLine && text.substr(at + key.size()).starts_with(':')) return true;
  }
  return false;
}

bool looksLikeScenario(const fs::path& path) {
  const auto extension = path.extension();
  if (extension != ".yaml" && extension != ".yml") return false;
  try {
    const std::string text = scenario::readFile(path, scenario::kMaxYamlSize);
    constexpr std::array<std::string_view, 3> kKeys = {"exchanges", "connections", "expect"};
    return std::any_of(kKeys.begin(), kKeys.end(), [&](auto key) { return hasTopLevelKey(text, key); });
  } catch (const std::runtime_error&) {
    return true;  // Playing it says why it cannot be read.
  }
}

bool isSameFile(const fs::path& a, const fs::path& b) {
  std::error_code error;
  return fs::equivalent(a, b, error);
}

std::vector<const BuiltFilter*> registeredFor(const std::string& file, const std::vector<BuiltFilter>& filters) {
  std::vector<const BuiltFilter*> result;
  for (const auto& filter : filters) {
    const bool plays = std::any_of(filter.scenarios.begin(), filter.scenarios.end(),
                                   [&](const ProjectScenario& each) { return isSameFile(each.file, file); });
    if (plays) result.push_back(&filter);
  }
  return result;
}

bool isAtOrBelow(const fs::path& path, const fs::path& folder) {
  const auto [inFolder, inPath] = std::mismatch(folder.begin(), folder.end(), path.begin(), path.end());
  return inFolder == folder.end();
}

// The filters that are defined nearest above a file.
std::vector<const BuiltFilter*> nearestTo(const fs::path& file, const std::vector<BuiltFilter>& filters) {
  std::error_code error;
  const fs::path folder = fs::weakly_canonical(fs::absolute(file, error), error).parent_path();
  std::vector<const BuiltFilter*> nearest;
  for (const auto& filter : filters) {
    const fs::path source = fs::weakly_canonical(filter.source, error);
    if (!isAtOrBelow(folder, source)) continue;
    const size_t depth = static_cast<size_t>(std::distance(source.begin(), source.end()));
    const auto depthOf = [&](const BuiltFilter* each) {
      const fs::path other = fs::weakly_canonical(each->source, error);
      return static_cast<size_t>(std::distance(other.begin(), other.end()));
    };
    if (!nearest.empty() && depthOf(nearest.front()) > depth) continue;
    if (!nearest.empty() && depthOf(nearest.front()) < depth) nearest.clear();
    nearest.push_back(&filter);
  }
  return nearest;
}

std::vector<const BuiltFilter*> choose(const scenario::Scenario& scenario, const std::vector<BuiltFilter>& filters) {
  auto chosen = registeredFor(scenario.file, filters);
  if (!chosen.empty()) return chosen;
  for (const auto& filter : filters) chosen.push_back(&filter);
  const bool namesAll = std::none_of(scenario.filters.begin(), scenario.filters.end(),
                                     [](const scenario::Filter& filter) { return filter.module.empty(); });
  if (namesAll || chosen.size() == 1) return chosen;
  chosen = nearestTo(scenario.file, filters);
  if (chosen.size() == 1) return chosen;
  std::string names;
  for (const auto& filter : filters) names += (names.empty() ? "" : ", ") + filter.name;
  throw ScenarioError(scenario.file + ": the project builds several filters (" + names +
                      "), and the scenario does not say which it is for; write\n  filter: {module: " +
                      filters.front().name + "}\nor give its file with --module");
}

}  // namespace

bool isGeneratedFolder(const fs::path& folder) {
  std::error_code error;
  return folder.filename().string().starts_with('.') || fs::exists(folder / "CMakeCache.txt", error);
}

std::vector<std::string> scenariosIn(const fs::path& folder) {
  std::vector<std::string> files;
  std::error_code error;
  fs::recursive_directory_iterator entry(folder, fs::directory_options::skip_permission_denied, error);
  for (; !error && entry != fs::recursive_directory_iterator(); entry.increment(error)) {
    std::error_code ignored;
    if (entry->is_directory(ignored)) {
      if (isGeneratedFolder(entry->path())) entry.disable_recursion_pending();
    } else if (entry->is_regular_file(ignored) && looksLikeScenario(entry->path())) {
      files.push_back(entry->path().string());
    }
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::vector<fs::path> modulesFor(const scenario::Scenario& scenario, const std::vector<BuiltFilter>& filters,
                                 FilterBuild build) {
  std::vector<fs::path> files;
  for (const BuiltFilter* filter : choose(scenario, filters)) {
    if (build == FilterBuild::Wasm) {
      files.push_back(filter->module);
    } else if (!filter->native.empty()) {
      files.push_back(filter->native);
    }
  }
  return files;
}

}  // namespace sluice::cli
