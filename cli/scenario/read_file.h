// Reads the files that a user names.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace sluice::scenario {

/// The bytes of a regular file. Throws std::runtime_error that names the file if it cannot be read, is something else
/// than a regular file (a device or FIFO might never end), or is larger than `maxBytes`.
std::string readFile(const std::filesystem::path& path, uintmax_t maxBytes);

/// The bytes of a `.wasm` file of at most 256 MiB, the most that a mesh fetches. Throws as readFile does, and if the
/// file does not start as a WebAssembly module.
std::string readModule(const std::filesystem::path& path);

}  // namespace sluice::scenario
