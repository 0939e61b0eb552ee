#include "guest/engine.h"

#include <fstream>
#include <iterator>

namespace sluice::host {

std::shared_ptr<Module> loadModuleFile(const std::filesystem::path& path) {
  std::error_code failed;
  if (!std::filesystem::is_regular_file(path, failed)) {
    throw Error(ErrorKind::File, path.string() + ": there is no such file. Build the filter first, or mend the path.");
  }
  std::ifstream file(path, std::ios::binary);
  std::string bytes{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  if (!file && !file.eof()) throw Error(ErrorKind::File, path.string() + ": the file cannot be read.");
  if (bytes.starts_with("\x7f"
                        "ELF"))
    return loadNative(path);
  return loadWasm(std::move(bytes), path.string());
}

}  // namespace sluice::host
