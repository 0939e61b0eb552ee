#include "players/envoy_process.h"

#include <algorithm>
#include <boost/regex.hpp>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <random>
#include <sstream>

#include "players/http_wire.h"
#include "players/leftovers.h"
#include "players/player.h"

namespace sluice::scenario {
namespace {

namespace fs = std::filesystem;

std::string readFile(const fs::path& path) {
  std::ifstream stream(path, std::ios::binary);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

fs::path writeFile(const fs::path& path, const std::string& text) {
  std::ofstream stream(path, std::ios::binary);
  errno = 0;
  if (!(stream << text << std::flush)) {
    throw PlayerError(path.string() + " cannot be written: " + std::strerror(errno) +
                      ". Name another folder for temporary files in $TMPDIR");
  }
  return path;
}

}  // namespace

TemporaryFolder::TemporaryFolder() : path_(makeFolder()) {}

TemporaryFolder::~TemporaryFolder() { removeFolder(path_); }

void TemporaryFolder::checkSpace() const {
  const fs::path trial = path_ / "trial";
  std::ofstream stream(trial, std::ios::binary);
  const bool written = static_cast<bool>(stream << 'x' << std::flush);
  std::error_code ignored;
  fs::remove(trial, ignored);
  if (written) return;
  throw PlayerError(path_.string() +
                    " is full, so what Envoy wrote there may be missing. Name another folder for temporary files in "
                    "$TMPDIR");
}

std::string randomMark() {
  std::random_device device;
  return "@" + std::to_string(device()) + std::to_string(device()) + "@";
}

std::vector<std::string> envoyArguments(const fs::path& envoy, const fs::path& folder, const std::string& mark,
                                        LogLevel logLevel) {
  return {envoy.string(),
          "--config-path",
          (folder / "envoy.json").string(),
          "--concurrency",
          "1",
          "--disable-hot-restart",
          "--admin-address-path",
          (folder / "admin").string(),
          "--log-level",
          "warning",
          "--component-log-level",
          "wasm:" + envoyLevelName(std::min(logLevel, LogLevel::Error)),
          "--log-format",
          envoyLogFormat(mark)};
}

std::optional<uint16_t> adminPortIn(const fs::path& folder) {
  const std::string address = readFile(folder / "admin");
  const size_t colon = address.rfind(':');
  if (colon == std::string::npos || colon + 1 == address.size()) return std::nullopt;
  const int port = std::atoi(address.c_str() + colon + 1);
  if (port <= 0 || port > UINT16_MAX) return std::nullopt;
  return static_cast<uint16_t>(port);
}

EnvoyProcess::EnvoyProcess(const fs::path& envoy, const std::string& config, LogLevel logLevel)
    : mark_(randomMark()),
      process_(
          (writeFile(folder_.path() / "envoy.json", config), envoyArguments(envoy, folder_.path(), mark_, logLevel)),
          folder_.path() / "log") {}

std::optional<std::string> EnvoyProcess::terminate() {
  if (process_.ended()) return process_.ended();
  process_.terminate();
  const auto how = process_.ended();
  const auto begins = [&how](const std::string& text) { return how && how->starts_with(text); };
  const bool asked = begins("exit code 0") || begins("signal " + std::to_string(SIGTERM) + " ") ||
                     begins("signal " + std::to_string(SIGKILL) + " ");
  return asked ? std::nullopt : how;
}

std::vector<EnvoyLogEntry> EnvoyProcess::log() const { return parseEnvoyLog(readFile(folder_.path() / "log"), mark_); }

std::string envoyVersion(const fs::path& envoy) {
  const TemporaryFolder folder;
  ChildProcess process({envoy.string(), "--version"}, folder.path() / "out");
  process.wait(kSafetyTimeout);
  const std::string said = readFile(folder.path() / "out");
  boost::smatch match;
  if (!boost::regex_search(said, match, boost::regex("version: [0-9a-f]+/([^/]+)/"))) {
    folder.checkSpace();
    throw PlayerError(envoy.string() + " is not an Envoy that runs here; `--version` says: " + said);
  }
  return match[1];
}

}  // namespace sluice::scenario
