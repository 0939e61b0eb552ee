#include "guest/engine.h"

#include <fstream>
#include <iterator>
#include <string_view>

namespace sluice::host {

namespace {

constexpr std::string_view kNativeExports = "sluice_native_exports";
constexpr uintmax_t kMaxFileSize = 256U << 20U;
constexpr std::string_view kElf =
    "\x7f"
    "ELF";

std::string readModuleFile(const std::filesystem::path& path) {
  std::error_code failed;
  if (!std::filesystem::exists(path, failed)) {
    throw Error(ErrorKind::File, path.string() + ": there is no such file. Build the filter first, or mend the path.");
  }
  if (!std::filesystem::is_regular_file(path, failed)) {
    throw Error(ErrorKind::File, path.string() + ": this is not a regular file.");
  }
  if (const auto size = std::filesystem::file_size(path, failed); !failed && size > kMaxFileSize) {
    throw Error(ErrorKind::File, path.string() + ": the file is larger than " + std::to_string(kMaxFileSize) +
                                     " bytes, so it is no filter.");
  }
  std::ifstream file(path, std::ios::binary);
  std::string bytes{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  if (!file && !file.eof()) throw Error(ErrorKind::File, path.string() + ": the file cannot be read.");
  return bytes;
}

}  // namespace

std::shared_ptr<Module> loadModuleFile(const std::filesystem::path& path) {
  std::string bytes = readModuleFile(path);
  // Loading a library runs code of its own with all rights of this process, so nothing else is taken for one.
  const bool isElf = bytes.starts_with(kElf);
  if (path.extension() != ".so") {
    if (!isElf) return loadWasm(std::move(bytes), path.string());
    throw Error(ErrorKind::Module, path.string() +
                                       ": this is a native program or library, not a WebAssembly module. The native "
                                       "build of a filter has a name that ends in .so.");
  }
  if (!isElf) throw Error(ErrorKind::Module, path.string() + ": the name ends in .so, but this is no ELF library.");
  if (bytes.find(kNativeExports) == std::string::npos) {
    throw Error(ErrorKind::NotProxyWasm, path.string() + ": the library has no function " +
                                             std::string(kNativeExports) +
                                             ", so it is not the native build of a filter. Build it with "
                                             "sluice_add_filter.");
  }
  return loadNative(path);
}

}  // namespace sluice::host
