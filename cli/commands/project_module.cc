#include "commands/project_module.h"

#include "project/built_module.h"
#include "project/project.h"

namespace sluice::cli {

std::filesystem::path moduleOf(const std::string& module) {
  if (!module.empty()) return module;
  const auto here = std::filesystem::current_path();
  buildProject(findProject(here));
  return onlyModule(here);
}

}  // namespace sluice::cli
