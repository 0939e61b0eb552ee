#include "commands/project_module.h"

#include "project/project.h"

namespace sluice::cli {

std::filesystem::path moduleOf(const std::string& module) {
  if (!module.empty()) return module;
  const Project project = findProject(std::filesystem::current_path());
  buildProject(project);
  const auto filters = filtersOf(project);
  if (filters.size() == 1) return filters.front().module;
  std::string message =
      project.source.string() + " has " + (filters.empty() ? "no filter" : "several filters; name the module of one:");
  for (const auto& filter : filters) message += "\n  " + filter.module.string();
  throw ProjectError(message);
}

}  // namespace sluice::cli
