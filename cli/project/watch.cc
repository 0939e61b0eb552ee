#include "project/watch.h"

#include <chrono>
#include <thread>

#include "project/scenario_files.h"

namespace sluice::cli {
namespace {

namespace fs = std::filesystem;

// Looking costs a few hundred microseconds for a project; nobody notices the delay.
constexpr std::chrono::milliseconds kBetweenLooks(200);

}  // namespace

Watch::Watch(std::vector<fs::path> paths, const fs::path& ignored)
    : paths_(std::move(paths)), ignored_(ignored.empty() ? ignored : fs::absolute(ignored)), state_(look()) {}

Watch::State Watch::look() const {
  State state;
  const auto note = [&](const fs::path& path) {
    std::error_code error;
    if (!ignored_.empty() && fs::absolute(path, error) == ignored_) return;
    const auto time = fs::last_write_time(path, error);
    if (error) return;
    const auto size = fs::file_size(path, error);
    state[path] = {time, error ? 0 : size};
  };
  for (const auto& path : paths_) {
    std::error_code error;
    if (!fs::is_directory(path, error)) {
      note(path);
      continue;
    }
    fs::recursive_directory_iterator entry(path, fs::directory_options::skip_permission_denied, error);
    for (; !error && entry != fs::recursive_directory_iterator(); entry.increment(error)) {
      std::error_code ignored;
      if (entry->is_directory(ignored)) {
        if (isGeneratedFolder(entry->path())) entry.disable_recursion_pending();
      } else if (!entry->path().filename().string().starts_with('.')) {  // Editors keep their own files there.
        note(entry->path());
      }
    }
  }
  return state;
}

fs::path Watch::changed() {
  State now = look();
  fs::path changed;
  for (const auto& [path, facts] : now) {
    const auto before = state_.find(path);
    if (before == state_.end() || before->second != facts) changed = path;
  }
  for (const auto& [path, facts] : state_) {
    if (changed.empty() && !now.contains(path)) changed = path;
  }
  state_ = std::move(now);
  return changed;
}

fs::path Watch::wait() {
  fs::path last;
  while (true) {
    std::this_thread::sleep_for(kBetweenLooks);
    fs::path now = changed();
    if (now.empty() && !last.empty()) return last;
    if (!now.empty()) last = std::move(now);
  }
}

}  // namespace sluice::cli
