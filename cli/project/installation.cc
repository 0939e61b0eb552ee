#include "project/installation.h"

#include <system_error>

namespace sluice::cli {

namespace fs = std::filesystem;

Installation ownInstallation() {
  std::error_code error;
  const fs::path command = fs::read_symlink("/proc/self/exe", error);
  if (error) return {};
  const fs::path prefix = command.parent_path().parent_path();
  if (!fs::exists(prefix / "share/sluice/toolchain", error)) return {};
  const fs::path settings = prefix / "share/sluice/wheel.cmake";
  return {.prefix = prefix, .settings = fs::exists(settings, error) ? settings : fs::path()};
}

}  // namespace sluice::cli
