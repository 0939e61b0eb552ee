// Metrics: each type, when the SDK defines them, tags and their limits, and faulty hosts.
#include "script_test.h"

namespace sluice::testing {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;

class MetricTest : public ScriptTest {
 protected:
  std::vector<std::string> tell(std::vector<ScriptCall> calls) {
    for (auto& call : calls) call.callback = "onTick";
    EXPECT_TRUE(startScript(calls));
    return tick();
  }
  std::vector<std::string> tick() {
    host().clearLogs();
    plugin().callback("proxy_on_tick", {plugin().rootContextId()});
    return said();
  }
  uint64_t value(std::string_view name) {
    const auto metric = host().metric(name);
    EXPECT_TRUE(metric.has_value()) << name;
    return metric ? metric->value : 0;
  }
};

TEST_F(MetricTest, ACounterGrows) {
  EXPECT_THAT(tell({{"", "counter.increment", {}},
                    {"", "counter.increment", {"4"}},
                    {"", "counter.get", {}},
                    {"", "sameCounter.increment", {}},
                    {"", "counter.get", {}}}),
              ElementsAre("counter.increment: Ok", "counter.increment: Ok", "counter.get = 5",
                          "sameCounter.increment: Ok", "counter.get = 6"));
  EXPECT_EQ(value("script.counter"), 6u);
  EXPECT_EQ(host().metric("script.counter")->type, MetricType::Counter);
}

TEST_F(MetricTest, ACounterTakesNoMoreThanTheHostCanAdd) {
  EXPECT_THAT(tell({{"", "counter.increment", {"9223372036854775807"}},
                    {"", "counter.increment", {"9223372036854775808"}},
                    {"", "counter.increment", {"18446744073709551615"}}}),
              ElementsAre("counter.increment: Ok", "counter.increment: BadArgument", "counter.increment: BadArgument"));
  EXPECT_EQ(value("script.counter"), 9223372036854775807u);
}

// Envoy refuses to add 0 to a counter. The SDK hides that from filters, for example from one that counts bytes.
TEST_F(MetricTest, AddingNothingOnlyShowsTheMetric) {
  EXPECT_THAT(tell({{"", "counter.increment", {"0"}}, {"", "gauge.increment", {"0"}}}),
              ElementsAre("counter.increment: Ok", "gauge.increment: Ok"));
  EXPECT_EQ(value("script.counter"), 0u);
  EXPECT_EQ(value("script.gauge"), 0u);
  EXPECT_EQ(host().hostcalls("proxy_increment_metric"), 0u);
}

TEST_F(MetricTest, AGaugeGoesUpAndDown) {
  EXPECT_THAT(tell({{"", "gauge.record", {"10"}},
                    {"", "gauge.increment", {}},
                    {"", "gauge.increment", {"-4"}},
                    {"", "gauge.get", {}},
                    {"", "gauge.record", {"18446744073709551615"}},
                    {"", "gauge.get", {}}}),
              ElementsAre("gauge.record: Ok", "gauge.increment: Ok", "gauge.increment: Ok", "gauge.get = 7",
                          "gauge.record: Ok", "gauge.get = 18446744073709551615"));
  EXPECT_EQ(host().metric("script.gauge")->type, MetricType::Gauge);
}

TEST_F(MetricTest, AHistogramNotesEachValue) {
  EXPECT_THAT(tell({{"", "histogram.record", {"3"}}, {"", "histogram.record", {"0"}}, {"", "histogram.record", {"3"}}}),
              Each(std::string("histogram.record: Ok")));
  EXPECT_EQ(host().metric("script.histogram")->type, MetricType::Histogram);
  EXPECT_THAT(host().metric("script.histogram")->samples, ElementsAre(3u, 0u, 3u));
}

TEST_F(MetricTest, EachIsDefinedOnceAtItsFirstUse) {
  ASSERT_TRUE(
      startScript({{"onTick", "counter.increment"}, {"onTick", "gauge.record", {"1"}}, {"onTick", "gauge.get"}}));
  EXPECT_EQ(host().hostcalls("proxy_define_metric"), 0u);
  EXPECT_FALSE(host().metric("script.counter"));
  for (int i = 0; i < 10; ++i) tick();
  EXPECT_EQ(host().hostcalls("proxy_define_metric"), 2u);
  EXPECT_EQ(value("script.counter"), 10u);
}

TEST_F(MetricTest, EachVmDefinesItsOwn) {
  for (const auto* vm : {"one", "two"}) {
    ASSERT_TRUE(startScript({{"onTick", "counter.increment"}}, {.vmId = vm}));
    tick();
    tick();
  }
  EXPECT_EQ(host().hostcalls("proxy_define_metric"), 2u);
  EXPECT_EQ(value("script.counter"), 4u);
}

TEST_F(MetricTest, DefiningShowsAZero) {
  EXPECT_THAT(tell({{"", "unused.define", {}}, {"", "unused.define", {}}, {"", "counter.define", {}}}),
              Each(::testing::EndsWith(": Ok")));
  EXPECT_EQ(value("script.unused"), 0u);
  EXPECT_EQ(host().hostcalls("proxy_define_metric"), 2u);
}

TEST_F(MetricTest, OneThatCannotBeDefinedIsTriedAgain) {
  ASSERT_TRUE(startScript({{"onTick", "counter.increment"}}));
  host().failHostcall("proxy_define_metric", Status::InternalFailure, 2);
  EXPECT_THAT(tick(), ElementsAre("counter.increment: InternalFailure"));
  EXPECT_THAT(tick(), ElementsAre("counter.increment: InternalFailure"));
  EXPECT_THAT(tick(), ElementsAre("counter.increment: Ok"));
  EXPECT_EQ(value("script.counter"), 1u);
  EXPECT_EQ(host().hostcalls("proxy_increment_metric"), 1u);
}

TEST_F(MetricTest, OneWithoutANameIsNone) {
  EXPECT_THAT(tell({{"", "nameless.increment", {}}}), ElementsAre("nameless.increment: InternalFailure"));
  EXPECT_EQ(host().hostcalls("proxy_define_metric"), 0u);
}

// --- Tags

TEST_F(MetricTest, TagsStandInTheName) {
  tell({{"", "tagged.increment", {"a.b", "2xx"}},
        {"", "tagged.increment", {"a.b", "2xx"}},
        {"", "tagged.increment", {"a.b", "5xx"}},
        {"", "tagged.get", {"a.b", "2xx"}},
        {"", "taggedGauge.record", {"x", "7"}},
        {"", "taggedHistogram.record", {"x", "8"}}});
  EXPECT_EQ(said()[3], "tagged.get = 2");
  EXPECT_EQ(value("first=.=a.b;.;second=.=2xx;.;script.tagged"), 2u);
  EXPECT_EQ(value("first=.=a.b;.;second=.=5xx;.;script.tagged"), 1u);
  EXPECT_EQ(value("only=.=x;.;script.tagged_gauge"), 7u);
  EXPECT_EQ(host().hostcalls("proxy_define_metric"), 4u);
}

TEST_F(MetricTest, ValuesCannotForgeOtherTags) {
  const std::string forged = "a;.;second=.=b";
  tell({{"", "tagged.increment", {forged, ""}}, {"", "tagged.increment", {std::string("\0\n\x7f\xff", 4), "="}}});
  EXPECT_EQ(value("first=.=a_._second=.=b;.;second=.=;.;script.tagged"), 1u);
  EXPECT_EQ(value("first=.=___\xff;.;second=.==;.;script.tagged"), 1u);
}

TEST_F(MetricTest, ValuesThatJoinToTheSameTextAreTwo) {
  tell({{"", "tagged.increment", {"ab", "c"}}, {"", "tagged.increment", {"a", "bc"}}, {"", "tagged.get", {"ab", "c"}}});
  EXPECT_EQ(said().back(), "tagged.get = 1");
}

TEST_F(MetricTest, LongValuesAreCut) {
  tell({{"", "taggedGauge.record", {std::string(5000, 'x'), "1"}}});
  EXPECT_EQ(value("only=.=" + std::string(128, 'x') + ";.;script.tagged_gauge"), 1u);
}

TEST_F(MetricTest, SetsBeyondTheLimitCountTogether) {
  std::vector<ScriptCall> calls;
  for (const auto* first : {"1", "2", "3", "4", "5", "1"}) calls.push_back({"", "tagged.increment", {first, "x"}});
  EXPECT_THAT(tell(calls), Each(std::string("tagged.increment: Ok")));
  EXPECT_EQ(value("first=.=1;.;second=.=x;.;script.tagged"), 2u);
  EXPECT_EQ(value("first=.=3;.;second=.=x;.;script.tagged"), 1u);
  EXPECT_FALSE(host().metric("first=.=4;.;second=.=x;.;script.tagged"));
  EXPECT_EQ(value("first=.=other;.;second=.=other;.;script.tagged"), 2u);
}

TEST_F(MetricTest, ALimitOfZeroLeavesOneSet) {
  tell({{"", "taggedHistogram.record", {"x", "8"}}, {"", "taggedHistogram.record", {"y", "9"}}});
  EXPECT_THAT(host().metric("only=.=other;.;script.tagged_histogram")->samples, ElementsAre(8u, 9u));
}

TEST_F(MetricTest, ManySetsAreFoundAgainInBoundedMemory) {
  ASSERT_TRUE(startScript({{"onTick", "taggedGauge.recordMany", {"2000"}}}));
  EXPECT_THAT(tick(), ElementsAre("taggedGauge.recordMany: Ok"));
  EXPECT_EQ(host().hostcalls("proxy_define_metric"), 1001u);
  EXPECT_EQ(value("only=.=999;.;script.tagged_gauge"), 999u);
  EXPECT_EQ(value("only=.=other;.;script.tagged_gauge"), 1999u);
  const auto pages = plugin().memoryPages();
  EXPECT_THAT(tick(), ElementsAre("taggedGauge.recordMany: Ok"));
  EXPECT_EQ(host().hostcalls("proxy_define_metric"), 1001u);
  EXPECT_EQ(plugin().memoryPages(), pages);
}

}  // namespace
}  // namespace sluice::testing
