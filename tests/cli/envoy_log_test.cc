// Reading Envoy's log.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "players/envoy_log.h"

namespace sluice::scenario {
namespace {

using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::IsEmpty;
using ::testing::SizeIs;

Filter filter(std::string name, std::string rootId, std::string vmId) {
  return {.options = {.name = std::move(name), .rootId = std::move(rootId), .vmId = std::move(vmId)}};
}

TEST(EnvoyLogTest, SplitsAtTheMark) {
  const auto entries = parseEnvoyLog("@1@info|wasm|a|b\nc\n@1@warning|main|d\n", "@1@");
  ASSERT_THAT(entries, SizeIs(2));
  EXPECT_EQ(entries[0].level, "info");
  EXPECT_EQ(entries[0].component, "wasm");
  EXPECT_EQ(entries[0].text, "a|b\nc");
  EXPECT_EQ(entries[1].text, "d");
}

TEST(EnvoyLogTest, KeepsWhatStandsBeforeTheFirstEntry) {
  const auto entries = parseEnvoyLog("cannot open shared object\n", "@1@");
  ASSERT_THAT(entries, SizeIs(1));
  EXPECT_EQ(entries[0].component, "process");
  EXPECT_THAT(parseEnvoyLog("", "@1@"), IsEmpty());
}

TEST(EnvoyLogTest, FindsTraps) {
  const std::string stack = "\nProxy-Wasm plugin in-VM backtrace:\n  0:  0x1 - f";
  const std::vector<EnvoyLogEntry> entries = {
      {"error", "process", "wasm://wasm/0f885f7e:185: Uncaught RuntimeError: unreachable\n\n"},
      {"info", "wasm", "wasm log n: Function: f failed: Uncaught RuntimeError: unreachable"},
      {"error", "wasm", "Function: proxy_on_log failed: Uncaught RuntimeError: unreachable" + stack},
      {"error", "wasm", "Function: proxy_on_log failed: Uncaught RuntimeError: unreachable" + stack},
      {"error", "main", "Function: f failed: it is not the filter's"},
  };
  EXPECT_THAT(trapsIn(entries),
              ElementsAre("the guest trapped in its start function: Uncaught RuntimeError: unreachable",
                          "the guest trapped in proxy_on_log: Uncaught RuntimeError: unreachable" + stack));
}

TEST(EnvoyLogTest, SurvivesTruncatedEntries) {
  EXPECT_THAT(parseEnvoyLog("@1@", "@1@"), SizeIs(1));
  EXPECT_THAT(parseEnvoyLog("@1@info", "@1@"), SizeIs(1));
  EXPECT_THAT(parseEnvoyLog("@1@info|wasm", "@1@"), SizeIs(1));
}

TEST(EnvoyLogTest, FindsTheFiltersLines) {
  const std::vector<EnvoyLogEntry> entries = {{"info", "wasm", "wasm log r v: from the root"},
                                              {"warning", "wasm", "wasm log n r v: from a stream\nsecond line"},
                                              {"critical", "wasm", "Plugin n failed to load"},
                                              {"error", "wasm", "wasm log other: not ours"},
                                              {"error", "main", "wasm log n r v: not wasm"}};
  EXPECT_THAT(filterLog(entries, {filter("n", "r", "v")}),
              ElementsAre(Field(&host::LogLine::text, "from the root"),
                          Field(&host::LogLine::text, "from a stream\nsecond line")));
  EXPECT_EQ(filterLog(entries, {filter("n", "r", "v")})[1].level, LogLevel::Warn);
  EXPECT_EQ(filterLog(entries, {filter("o", "", "v"), filter("n", "r", "v")})[1].plugin, "n");
}

TEST(EnvoyLogTest, EmptyIdsAreLeftOut) {
  EXPECT_THAT(filterLog({{"info", "wasm", "wasm log: a"}, {"info", "wasm", "wasm log n: b"}}, {filter("n", "", "")}),
              SizeIs(2));
}

}  // namespace
}  // namespace sluice::scenario
