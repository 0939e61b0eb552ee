// The fixture of the mock host's tests: a host, guests in WebAssembly text, and access to the log.
#pragma once

#include <gmock/gmock.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "sluice/testing.h"
#include "wat.h"

namespace sluice::host::test {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class GuestTest : public ::testing::Test {
 protected:
  explicit GuestTest(Profile profile = Profile::envoy()) : host(std::move(profile)) {}

  std::shared_ptr<Plugin> load(std::string_view bytes, PluginOptions options = {}) {
    return host.loadModule(bytes, "a.wasm", std::move(options));
  }
  /// Loads a tracer and removes the lines that it logged while it started.
  std::shared_ptr<Plugin> trace(const std::map<std::string, std::string>& bodies = {}, std::string_view more = {},
                                PluginOptions options = {}) {
    auto plugin = load(tracer(bodies, more), std::move(options));
    host.clearLogs();
    return plugin;
  }
  /// The log lines since the last call.
  std::vector<std::string> said() {
    std::vector<std::string> lines;
    for (const LogLine& line : host.logs()) lines.push_back(line.text);
    host.clearLogs();
    return lines;
  }

  Host host;
};

}  // namespace sluice::host::test
