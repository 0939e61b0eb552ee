// Writes files whole or not at all.
#pragma once

#include <filesystem>
#include <string>

namespace sluice::cli {

/// Writes `text` to a new file beside `path` and then gives it that name, so that nobody ever finds half of it. Throws
/// std::runtime_error that names the file if that fails; then nothing has changed.
void writeWholeFile(const std::filesystem::path& path, const std::string& text);

/// Throws std::runtime_error as writeWholeFile() would where a file cannot be made there at all: to find out before
/// the work whose result it is.
void checkCanWrite(const std::filesystem::path& path);

}  // namespace sluice::cli
