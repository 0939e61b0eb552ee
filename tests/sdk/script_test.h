// The fixture of tests that use the script filter: they list calls of the SDK, play a stream, and check the filter's
// log.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "../script/script.h"
#include "sluice/testing.h"

#if defined(__SANITIZE_ADDRESS__)
#define SLUICE_TEST_HAS_ASAN 1
#elif defined(__has_feature)
#define SLUICE_TEST_HAS_ASAN __has_feature(address_sanitizer)
#else
#define SLUICE_TEST_HAS_ASAN 0
#endif

namespace sluice::testing {

/// Whether this run uses the .wasm module; otherwise it uses the native build.
inline bool isWasmRun() { return filterPath().ends_with(".wasm"); }

/// The path of another filter in the same build.
inline std::filesystem::path siblingFilter(std::string_view name) {
  const std::filesystem::path path = filterPath();
  return path.parent_path() / (std::string(name) + path.extension().string());
}

/// Envoy, but for its router, which sends no trailers with a callout: what a filter sends reaches the service as it is.
inline Profile envoyWithoutRouter() { return Profile{.callsThroughRouter = false}; }

class ScriptTest : public FilterTest {
 protected:
  using FilterTest::FilterTest;

  /// Starts the filter with a script.
  ::testing::AssertionResult startScript(const std::vector<ScriptCall>& calls, PluginOptions options = {}) {
    options.configuration = scriptText(calls);
    return start(std::move(options));
  }

  /// The lines that the script's calls logged, oldest first, without the trace of callbacks.
  [[nodiscard]] std::vector<std::string> said() const {
    std::vector<std::string> texts;
    for (const auto& line : logs()) {
      if (line.level > LogLevel::Debug) texts.push_back(line.text);
    }
    return texts;
  }

  /// The trace of callbacks.
  [[nodiscard]] std::vector<std::string> trace() const {
    std::vector<std::string> texts;
    for (const auto& line : logs()) {
      if (line.level == LogLevel::Trace) texts.push_back(line.text);
    }
    return texts;
  }
};

}  // namespace sluice::testing
