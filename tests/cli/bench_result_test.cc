// The counts of `sluice bench`.
#include "report/costs.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>
#include <stdexcept>

namespace sluice::cli {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;
using ::testing::ThrowsMessage;

BenchResult result() {
  return {.scenario = "s.yaml",
          .modules = {{"m.wasm", 3000}},
          .costs = {{"proxy_on_log", {.calls = 1, .instructions = 10, .crossings = 2, .bytesCopied = 0, .pages = 2}},
                    {"proxy_on_request_headers",
                     {.calls = 2, .instructions = 100, .crossings = 4, .bytesCopied = 50, .pages = 3}},
                    {"start", {.calls = 3, .instructions = 1000, .crossings = 5, .bytesCopied = 7, .pages = 2}}}};
}

TEST(BenchResultTest, TrafficIsAllButTheStart) {
  const auto traffic = trafficOf(result());
  EXPECT_EQ(traffic.calls, 3U);
  EXPECT_EQ(traffic.instructions, 110U);
  EXPECT_EQ(traffic.crossings, 6U);
  EXPECT_EQ(traffic.bytesCopied, 50U);
  EXPECT_EQ(traffic.pages, 3U);
}

TEST(BenchResultTest, TheTableHasARowForEachCallback) {
  std::ostringstream table;
  printTable(table, result());
  EXPECT_THAT(table.str(), AllOf(HasSubstr("m.wasm: 3000 bytes\n"), HasSubstr("instructions"),
                                 HasSubstr("proxy_on_log "), HasSubstr("  start "), HasSubstr("  all traffic ")));
}

TEST(BenchResultTest, JsonIsReadBackAsItWas) {
  const auto read = parseBaseline(asJson({result()}).dump(), "b.json");
  ASSERT_EQ(read.size(), 1U);
  EXPECT_EQ(read[0].scenario, "s.yaml");
  EXPECT_EQ(asJson(read), asJson({result()}));
  EXPECT_THAT(regressions(result(), read[0], 0), IsEmpty());
}

TEST(BenchResultTest, ABadBaselineIsNamed) {
  for (const char* json : {"", "{", "[]", "{}", R"({"scenarios": 1})", R"({"scenarios": [{}]})",
                           R"({"scenarios": [{"scenario": "a", "modules": {}, "callbacks": {"c": {}}}]})",
                           R"({"scenarios": [{"scenario": "a", "modules": {"m": "x"}, "callbacks": {}}]})"}) {
    EXPECT_THAT([&] { parseBaseline(json, "b.json"); },
                ThrowsMessage<std::runtime_error>(StartsWith("b.json: not what `sluice bench --json` prints: ")))
        << json;
  }
}

TEST(BenchResultTest, EachCountAboveTheBaselineIsNamed) {
  auto now = result();
  now.modules["m.wasm"] = 3300;
  now.costs["proxy_on_log"].instructions = 11;
  now.costs["start"].pages = 3;
  EXPECT_THAT(regressions(now, result(), 0),
              ElementsAre("s.yaml: bytes of m.wasm: 3300, the baseline has 3000: 10.0 % more (allowed: 0.0 %)",
                          "s.yaml: proxy_on_log: instructions: 11, the baseline has 10: 10.0 % more (allowed: 0.0 %)",
                          "s.yaml: start: pages: 3, the baseline has 2: 50.0 % more (allowed: 0.0 %)"));
  EXPECT_THAT(regressions(now, result(), 10), ElementsAre(HasSubstr("start: pages")));
  EXPECT_THAT(regressions(now, result(), 50), IsEmpty());
  EXPECT_THAT(regressions(result(), now, 0), IsEmpty()) << "less is no regression";

  // A count that was 0, and a callback that the baseline does not have.
  now = result();
  now.costs["proxy_on_log"].bytesCopied = 1;
  EXPECT_THAT(regressions(now, result(), 1000), ElementsAre(HasSubstr("bytes copied: 1, the baseline has 0 (allowed")));
  now.costs["proxy_on_tick"].calls = 1;
  EXPECT_THAT(regressions(now, result(), 1000),
              ElementsAre(HasSubstr("bytes copied"), HasSubstr("proxy_on_tick: calls")));
}

TEST(BenchResultTest, ComparesTheTrafficAsRatios) {
  auto other = result();
  other.costs["proxy_on_request_headers"].instructions = 210;
  other.costs["proxy_on_request_headers"].bytesCopied = 0;
  EXPECT_EQ(comparison(result(), other),
            "calls 1.00 x, instructions 0.50 x, crossings 1.00 x, bytes copied 50 to 0, pages 1.00 x");
  other.costs["proxy_on_log"].bulkBytes = 8;
  EXPECT_THAT(comparison(result(), other), HasSubstr("bytes copied 50 to 0, bulk bytes 0.00 x, pages"));
}

TEST(BenchResultTest, ACpuRatioIsTheMedianOfItsRounds) {
  EXPECT_EQ(scenario::median({}), 0);
  EXPECT_EQ(scenario::median({3, 1, 2}), 2);
  EXPECT_EQ(scenario::median({4, 1, 2, 3}), 2.5);
  auto measured = result();
  measured.envoy = scenario::CpuComparison{
      .host = "Envoy 1", .requests = 7, .withFilters = {3000, 1000, 4000}, .without = {2000, 1000, 2000}};
  EXPECT_THAT(measured.envoy->ratios(), ElementsAre(1, 1.5, 2));
  std::ostringstream table;
  printTable(table, measured);
  EXPECT_THAT(table.str(),
              HasSubstr("in Envoy 1: 1.50 x the CPU of no filter (1.00 to 2.00 in 3 rounds of 7 requests), "
                        "3.0 us a request, 2.0 us without\n"));
  EXPECT_EQ(asJson({measured})["scenarios"][0]["envoy"]["cpu_ratio"], 1.5);
}

}  // namespace
}  // namespace sluice::cli
