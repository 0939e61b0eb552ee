#include "project/built_module.h"

#include <string>

namespace sluice::cli {
namespace {

namespace fs = std::filesystem;

void checkExists(const fs::path& file) {
  std::error_code error;
  if (!fs::exists(file, error)) throw ProjectError(file.string() + ": not built yet; run `sluice build` first");
}

}  // namespace

std::vector<BuiltFilter> builtFilters(const fs::path& from) {
  const Project project = findProject(from);
  checkExists(project.build / "sluice/filters.json");
  auto filters = filtersOf(project);
  for (const auto& filter : filters) checkExists(filter.module);
  return filters;
}

fs::path onlyModule(const fs::path& from) {
  const auto filters = builtFilters(from);
  if (filters.size() == 1) return filters.front().module;
  std::string modules;
  for (const auto& filter : filters) modules += "\n  " + filter.module.string();
  throw ProjectError("the project has " + std::to_string(filters.size()) + " filters; name one of them:" + modules);
}

}  // namespace sluice::cli
