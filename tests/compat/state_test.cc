// Old-style filters with shared data, queues, metrics, properties, foreign functions, and a delayed done.
#include <algorithm>
#include <cstring>

#include "sluice/testing.h"

namespace sluice::testing {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;

class OldState : public FilterTest {
 protected:
  ::testing::AssertionResult startJob(std::string job, std::string vmId = "vm") {
    return start({.name = "mine", .vmId = std::move(vmId), .configuration = std::move(job)});
  }
  void tick() { plugin().callback("proxy_on_tick", {plugin().rootContextId()}); }
  /// The logged lines, without the source location at the front.
  std::vector<std::string> said() {
    std::vector<std::string> texts;
    for (const auto& line : logs()) {
      const auto place = line.text.starts_with("[") ? line.text.find("() ") : std::string::npos;
      texts.push_back(place == std::string::npos ? line.text : line.text.substr(place + 3));
    }
    host().clearLogs();
    return texts;
  }
  std::string metric(std::string_view name) {
    const auto metric = host().metric(name);
    return metric ? std::to_string(metric->value) : "none";
  }
};

TEST_F(OldState, SharesDataWithCompareAndSwap) {
  ASSERT_TRUE(startJob("shared"));
  tick();
  EXPECT_THAT(said(), ElementsAre("get: NotFound", "set: Ok", "set again: Ok", "set with an old cas: CasMismatch",
                                  "value: first second"));
  EXPECT_EQ(host().sharedData("vm", "key"), "first second");
}

TEST_F(OldState, AValueThatMustBeThereStopsTheVm) {
  ASSERT_TRUE(startJob("missing"));
  expectTraps();
  EXPECT_ANY_THROW(tick());
  EXPECT_THAT(said(), Contains("getSharedData returned WasmError: NotFound"));
}

TEST_F(OldState, QueuesBetweenVms) {
  ASSERT_TRUE(startJob("queue", "other"));
  tick();
  EXPECT_THAT(said(), ElementsAre("dequeue: Empty "));
  ASSERT_TRUE(startJob("send"));
  tick();
  host().runPending();
  EXPECT_THAT(said(), ::testing::UnorderedElementsAre("resolve: Ok", "enqueue: Ok", "ready: Ok an item"));
}

TEST_F(OldState, MetricsOfEveryKind) {
  ASSERT_TRUE(startJob("metrics"));
  tick();
  EXPECT_THAT(said(), ElementsAre("GET 200: 3", "its name: method.GET.status.200.requests", "no name: ''",
                                  "hits: 15 15", "levels: 8 9", "raw: 13"));
  EXPECT_EQ(metric("method.GET.status.200.requests"), "3");
  EXPECT_EQ(metric("method.POST.status.500.requests"), "4");
  EXPECT_EQ(metric("method.PUT.status.201.requests"), "7");
  EXPECT_EQ(metric("method.HEAD.status.204.requests"), "9");
  EXPECT_EQ(metric("host=.=a;.;open"), "5");
  EXPECT_EQ(metric("place.here.number.1.cached.true.hits"), "15");
  EXPECT_EQ(metric("place.there.number.-1.cached.false.hits"), "1");
  EXPECT_EQ(metric("place.here.number.2.cached.false.more.extended.hits"), "6");
  EXPECT_EQ(metric("plain"), "1");
  EXPECT_EQ(metric("tank.north.level"), "8");
  ASSERT_TRUE(host().metric("route./a.ok.true.latency").has_value());
  EXPECT_THAT(host().metric("route./a.ok.true.latency")->samples, ElementsAre(11u, 12u));
  EXPECT_EQ(host().metric("tank.north.level")->type, MetricType::Gauge);
  const auto defined = host().hostcalls("proxy_define_metric");
  tick();
  EXPECT_EQ(host().hostcalls("proxy_define_metric"), defined + 3);  // The filter defines three metrics at every tick.
}

TEST_F(OldState, AMetricWithTooFewTagsStopsTheVm) {
  ASSERT_TRUE(startJob("bad metrics"));
  expectTraps();
  EXPECT_ANY_THROW(tick());
  EXPECT_THAT(said(), Contains("metric fields.size() != tags.size()"));
}

TEST_F(OldState, AMetricThatTheHostRefusesStopsTheVm) {
  ASSERT_TRUE(startJob("metrics"));
  expectTraps();
  host().failHostcall("proxy_define_metric", Status::InternalFailure);
  EXPECT_ANY_THROW(tick());
  EXPECT_THAT(said(), Contains("defineMetric(type, n, &id)"));
}

TEST_F(OldState, Properties) {
  ASSERT_TRUE(startJob("properties"));
  host().setProperty("my.number", std::string("\x2a\0\0\0\0\0\0\0", 8));
  host().setProperty("my.bool", std::string("\1", 1));
  host().setProperty("my.text", "some text");
  tick();
  EXPECT_THAT(said(), ElementsAre("plugin_name: mine", "again: mine", "unknown: none", "number: 42", "bool: true",
                                  "double of another size: none", "text: some text", "text again: some text"));
}

TEST_F(OldState, PropertiesOfStreams) {
  ASSERT_TRUE(startJob(""));
  auto& stream = openStream();
  stream.requestHeaders(get("/path").headers, true);
  EXPECT_EQ(stream.writtenProperty("mine"), "written");
  EXPECT_EQ(stream.writtenProperty("mine too"), "as well");
  EXPECT_THAT(said(), ElementsAre("set: Ok", "set: Ok", "path: /path"));
}

TEST_F(OldState, ForeignFunctionsBothWays) {
  ASSERT_TRUE(startJob("foreign"));
  host().registerForeignFunction("reverse", [](std::string_view arguments, std::string* result) {
    *result = std::string(arguments.rbegin(), arguments.rend());
    return Status::Ok;
  });
  tick();
  EXPECT_THAT(said(), ElementsAre("reverse: Ok cba", "reverse: zyx", "clear_route_cache: Ok"));
  plugin().foreignFunction(7, "arguments");
  EXPECT_THAT(said(), ElementsAre("called: 7 arguments"));
}

TEST_F(OldState, ExpressionsOfTheHost) {
  ASSERT_TRUE(startJob("expressions"));
  std::string value;
  std::vector<std::string> deleted;
  host().registerForeignFunction("expr_create", [](std::string_view text, std::string* result) {
    if (text == "(") return Status::BadArgument;
    *result = std::string("\7\0\0\0", 4);
    return Status::Ok;
  });
  host().registerForeignFunction("expr_evaluate", [&](std::string_view token, std::string* result) {
    if (token != std::string_view("\7\0\0\0", 4) || !deleted.empty()) return Status::NotFound;
    *result = value;
    return Status::Ok;
  });
  host().registerForeignFunction("expr_delete", [&](std::string_view token, std::string*) {
    deleted.emplace_back(token);
    return Status::Ok;
  });
  struct Case {
    std::string value;
    std::string boolean, number, text, message;
  };
  for (const auto& [bytes, boolean, number, text, message] : std::vector<Case>{
           {std::string("\1", 1), "1 1", "0 5", "1 1", "1 1"},
           {std::string("\2\1\0\0\0\0\0\0", 8), "0 0", "1 258", "1 8", "1 8"},
           {"", "0 0", "0 5", "1 0", "1 9"},
           {"malformed", "0 0", "0 5", "1 9", "0 9"},
       }) {
    value = bytes;
    deleted.clear();
    tick();
    EXPECT_THAT(said(), ElementsAre("create: Ok 7", "refused: BadArgument 5", "bool: " + boolean, "number: " + number,
                                    "text: " + text, "message: " + message, "delete: Ok", "deleted: 0"))
        << bytes;
  }
  host().registerForeignFunction("expr_create", [](std::string_view, std::string* result) {
    *result = "not a token";
    return Status::Ok;
  });
  tick();
  EXPECT_THAT(said(), Contains("create: InternalFailure 0"));
}

TEST_F(OldState, AForeignFunctionThatCallsBack) {
  ASSERT_TRUE(startJob("foreign"));
  host().registerForeignFunction("reverse", [&](std::string_view, std::string* result) {
    plugin().foreignFunction(8, "nested");
    *result = "after";
    return Status::Ok;
  });
  tick();
  EXPECT_THAT(said(), ElementsAre("called: 8 nested", "reverse: Ok after", "called: 8 nested", "reverse: after",
                                  "clear_route_cache: Ok"));
}

TEST_F(OldState, TheRest) {
  ASSERT_TRUE(startJob("raw"));
  EXPECT_THAT(said(), ElementsAre("configuration: raw"));
  ASSERT_TRUE(startJob("time"));
  tick();
  EXPECT_THAT(said(), ElementsAre(std::to_string(host().now())));
  ASSERT_TRUE(startJob("level"));
  host().setLogLevel(LogLevel::Error);
  tick();
  EXPECT_THAT(said(), ElementsAre("level: 4"));
  host().setLogLevel(LogLevel::Trace);
  EXPECT_EQ(plugin().callback("proxy_on_context_create", {77, plugin().rootContextId()}), 0u);
  plugin().callback("proxy_on_request_metadata", {77, 3});
  EXPECT_THAT(said(), ElementsAre("metadata: 3"));
}

TEST_F(OldState, DoneMayWait) {
  ASSERT_TRUE(startJob("wait"));
  EXPECT_FALSE(plugin().shutdown());
  tick();
  EXPECT_EQ(host().hostcalls("proxy_done"), 1u);
}

}  // namespace
}  // namespace sluice::testing
