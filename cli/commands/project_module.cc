#include "commands/project_module.h"

#include <stdexcept>

namespace sluice::cli {

std::filesystem::path moduleOf(const std::string& module) {
  if (module.empty()) throw std::runtime_error("no MODULE is given");
  return module;
}

}  // namespace sluice::cli
