// The fixture of tests that use the script filter: they write down calls of the SDK, play a stream, and look at what
// the filter logged.
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

/// Whether this is the run of the real module; else it is the native one.
inline bool isWasmRun() { return filterPath().ends_with(".wasm"); }

/// The path of another filter of the same build.
inline std::filesystem::path siblingFilter(std::string_view name) {
  const std::filesystem::path path = filterPath();
  return path.parent_path() / (std::string(name) + path.extension().string());
}

class ScriptTest : public FilterTest {
 protected:
  using FilterTest::FilterTest;

  /// Starts the filter with a script.
  ::testing::AssertionResult startScript(const std::vector<ScriptCall>& calls, PluginOptions options = {}) {
    options.configuration = scriptText(calls);
    return start(std::move(options));
  }

  /// Texts of the lines that the script's calls logged, oldest first; its trace of callbacks left out.
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
