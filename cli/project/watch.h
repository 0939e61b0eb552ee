// Waits until somebody changes a file.
#pragma once

#include <filesystem>
#include <map>
#include <utility>
#include <vector>

namespace sluice::cli {

/// The state of files, and of all files in folders: but not in hidden folders, nor in those that CMake builds in.
class Watch {
 public:
  /// Notes the state as it is now. `ignored` is a file that does not count, such as one that the work writes.
  explicit Watch(std::vector<std::filesystem::path> paths, const std::filesystem::path& ignored = {});

  /// Looks once, and notes the new state. Returns a file that was changed, made or removed since, or an empty path.
  std::filesystem::path changed();

  /// Waits until a file was changed, made or removed since the state was noted, and then until nothing more changes
  /// for a moment. Returns one of those files, and notes the new state.
  std::filesystem::path wait();

 private:
  using State = std::map<std::filesystem::path, std::pair<std::filesystem::file_time_type, uintmax_t>>;
  [[nodiscard]] State look() const;

  std::vector<std::filesystem::path> paths_;
  std::filesystem::path ignored_;
  State state_;
};

}  // namespace sluice::cli
