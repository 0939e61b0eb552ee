// The module that a command takes where none is named.
#pragma once

#include <filesystem>
#include <string>

namespace sluice::cli {

/// The file `module`, or if that is empty, the module of the project in this folder. Throws std::runtime_error if there
/// is no such module.
std::filesystem::path moduleOf(const std::string& module);

}  // namespace sluice::cli
