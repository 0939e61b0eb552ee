#include "proxy/file_state.h"

#include <sys/stat.h>

namespace sluice::proxy {

FileState stateOf(const std::vector<std::filesystem::path>& files) {
  FileState state;
  for (const auto& file : files) {
    std::error_code error;
    const auto time = std::filesystem::last_write_time(file, error);
    struct stat status{};
    if (error || ::stat(file.c_str(), &status) != 0) continue;
    state[file] = {time, static_cast<uintmax_t>(status.st_size), static_cast<uint64_t>(status.st_ino)};
  }
  return state;
}

}  // namespace sluice::proxy
