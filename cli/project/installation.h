// The installation that this command belongs to.
#pragma once

#include <filesystem>

namespace sluice::cli {

/// Where `cmake --install`, or pip, has put Sluice.
struct Installation {
  std::filesystem::path prefix = {};    ///< The folder above `bin/sluice`; empty if the command runs from a build tree.
  std::filesystem::path settings = {};  ///< The Python package's settings for CMake; empty if this is not that package.
};

/// Finds it from the place of the running command.
Installation ownInstallation();

}  // namespace sluice::cli
