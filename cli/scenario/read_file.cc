#include "scenario/read_file.h"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <stdexcept>
#include <string_view>
#include <system_error>

namespace sluice::scenario {
namespace {

constexpr uintmax_t kMaxModuleBytes = uintmax_t{256} << 20U;
constexpr std::string_view kMagic{"\0asm", 4};

[[noreturn]] void fail(const std::filesystem::path& path, const std::string& fault) {
  throw std::runtime_error(path.string() + ": " + fault);
}

}  // namespace

std::string readFile(const std::filesystem::path& path, uintmax_t maxBytes) {
  std::error_code error;
  const bool isRegular = std::filesystem::is_regular_file(path, error);
  if (error) fail(path, error.message());
  if (!isRegular) fail(path, "this is not a regular file");
  const auto size = std::filesystem::file_size(path, error);
  if (error) fail(path, error.message());
  if (size > maxBytes) {
    fail(path, "larger than " + std::to_string(maxBytes) + " bytes");
  }
  std::ifstream file(path, std::ios::binary);
  std::string bytes(size, '\0');
  if (!file.read(bytes.data(), static_cast<std::streamsize>(size))) {
    fail(path, std::string("cannot be read: ") + std::strerror(errno));
  }
  return bytes;
}

std::string readModule(const std::filesystem::path& path) {
  auto bytes = readFile(path, kMaxModuleBytes);
  if (!bytes.starts_with(kMagic)) fail(path, "not a WebAssembly module: it does not start with \\0asm");
  return bytes;
}

}  // namespace sluice::scenario
