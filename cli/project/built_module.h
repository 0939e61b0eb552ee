// The modules that a project has built, for commands that do not build it themselves.
#pragma once

#include <filesystem>
#include <vector>

#include "project/project.h"

namespace sluice::cli {

/// The filters of the project that `from`, a file or a folder, lies in. Throws ProjectError if there is no project, or
/// if it has not been built.
std::vector<BuiltFilter> builtFilters(const std::filesystem::path& from);

/// The module of the only filter of the project that `from` lies in. Throws ProjectError as builtFilters() does, and if
/// there are several filters.
std::filesystem::path onlyModule(const std::filesystem::path& from);

}  // namespace sluice::cli
