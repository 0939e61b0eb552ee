// The module that a command takes where none is named.
#pragma once

#include <filesystem>
#include <string>

namespace sluice::cli {

/// The file `module`; or if that is empty, the module of the only filter of the project here, which is built first.
/// Throws ProjectError if there is no such project, or it does not build or has several filters.
std::filesystem::path moduleOf(const std::string& module);

}  // namespace sluice::cli
