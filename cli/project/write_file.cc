#include "project/write_file.h"

#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <stdexcept>

namespace sluice::cli {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(const fs::path& path, const std::string& reason) {
  throw std::runtime_error(path.string() + ": cannot be written: " + reason);
}

// A name beside `path` that no other process takes.
fs::path beside(const fs::path& path) {
  return path.parent_path() / ("." + path.filename().string() + "." + std::to_string(::getpid()) + ".new");
}

// Whether a path names a device or a pipe, such as /dev/stdout: it must stay what it is.
bool isDevice(const fs::path& path) {
  std::error_code ignored;
  const fs::file_status status = fs::status(path, ignored);
  return fs::exists(status) && !fs::is_regular_file(status) && !fs::is_directory(status);
}

}  // namespace

void writeWholeFile(const fs::path& path, const std::string& text) {
  std::error_code ignored;
  const bool isInPlace = isDevice(path);
  const fs::path temporary = isInPlace ? path : beside(path);
  errno = 0;
  std::ofstream file(temporary, std::ios::binary | std::ios::trunc);
  file << text;
  file.close();
  if (!file) {
    const std::string reason = std::strerror(errno);
    if (!isInPlace) fs::remove(temporary, ignored);
    fail(path, reason);
  }
  if (isInPlace) return;
  std::error_code error;
  fs::rename(temporary, path, error);
  if (!error) return;
  fs::remove(temporary, ignored);
  fail(path, error.message());
}

void checkCanWrite(const fs::path& path) {
  std::error_code error;
  if (fs::is_directory(path, error)) fail(path, "it is a folder");
  if (isDevice(path)) return;
  const fs::path folder = path.has_parent_path() ? path.parent_path() : ".";
  if (!fs::is_directory(folder, error)) fail(path, "there is no folder " + folder.string());
  if (::access(folder.c_str(), W_OK) != 0) fail(path, std::strerror(errno));
}

}  // namespace sluice::cli
