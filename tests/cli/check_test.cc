// Checks of outcomes against expectations.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scenario/outcome.h"
#include "scenario/scenario.h"

namespace sluice::scenario {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

// The failures of `outcome` in a scenario with one exchange that has this `expect`.
std::vector<Failure> failures(const std::string& expect, const ExchangeOutcome& outcome) {
  const auto scenario = parseScenario("exchanges: [{expect: " + expect + "}]", "s.yaml");
  Outcome all;
  all.exchanges = {outcome};
  return check(scenario, all);
}

host::Received received(host::Message message) {
  host::Received received{std::move(message)};
  received.started = received.complete = true;
  received.arrivals = 1;
  return received;
}

ExchangeOutcome answered(host::Headers headers, std::string body = {}, host::Headers trailers = {}) {
  ExchangeOutcome outcome;
  outcome.exchange.request = received({.headers = {{":method", "GET"}, {":path", "/p"}}});
  outcome.exchange.response =
      received({.headers = std::move(headers), .chunks = {std::move(body)}, .trailers = std::move(trailers)});
  return outcome;
}

TEST(CheckTest, HeadersByValue) {
  const auto outcome = answered({{":status", "200"}, {"x", "1"}, {"x", "2"}, {"Y", "3"}});
  EXPECT_THAT(
      failures("{client: {status: 200, headers: {x: ['1', '2'], y: '3', z: {absent: true}, X: {present: true}}}}",
               outcome),
      IsEmpty());
  EXPECT_THAT(failures("{client: {headers: {x: '1'}}}", outcome), SizeIs(1));
  EXPECT_THAT(failures("{client: {headers: {x: ['2', '1']}}}", outcome), SizeIs(1));
  EXPECT_THAT(failures("{client: {headers: {x: ['1', '2', '3']}}}", outcome), SizeIs(1));
  EXPECT_THAT(failures("{client: {headers: {y: '4'}}}", outcome), SizeIs(1));
  EXPECT_THAT(failures("{client: {headers: {y: {absent: true}}}}", outcome), SizeIs(1));
  EXPECT_THAT(failures("{client: {headers: {z: {present: true}}}}", outcome), SizeIs(1));
  EXPECT_THAT(failures("{client: {status: 201}}", outcome), SizeIs(1));
}

TEST(CheckTest, HeadersByPattern) {
  const auto outcome = answered({{"x", "id-42"}, {"e", ""}});
  EXPECT_THAT(failures("{client: {headers: {x: {matches: '^id-[0-9]+$'}, e: ''}}}", outcome), IsEmpty());
  EXPECT_THAT(failures("{client: {headers: {x: {matches: '^[0-9]+$'}}}}", outcome), SizeIs(1));
  EXPECT_THAT(failures("{client: {headers: {x: {contains: 'd-4'}}}}", outcome), IsEmpty());
  EXPECT_THAT(failures("{client: {headers: {x: {size: 5}}}}", outcome), IsEmpty());
  EXPECT_THAT(failures("{client: {headers: {x: {size: 6}}}}", outcome), SizeIs(1));
}

TEST(CheckTest, APatternOfRunawayCostIsNoMatch) {
  const auto outcome = answered({}, std::string(5000, 'a'));
  EXPECT_THAT(failures("{client: {body: {matches: '^(a|aa)+$b'}}}", outcome), SizeIs(1));
}

TEST(CheckTest, BodiesAndTrailers) {
  const auto outcome = answered({}, "hello", {{"t", "v"}});
  EXPECT_THAT(failures("{client: {body: hello, trailers: {t: v}}}", outcome), IsEmpty());
  EXPECT_THAT(failures("{client: {body: hell}}", outcome), SizeIs(1));
  EXPECT_THAT(failures("{client: {body: {size: 5}}}", outcome), IsEmpty());
  EXPECT_THAT(failures("{client: {trailers: {t: w}}}", outcome), SizeIs(1));
  EXPECT_THAT(failures("{client: {headers: {t: v}}}", outcome), SizeIs(1)) << "a trailer is no header";
}

TEST(CheckTest, Ends) {
  auto outcome = answered({{":status", "200"}});
  EXPECT_THAT(failures("{upstream: {path: /p}}", outcome), IsEmpty());
  EXPECT_THAT(failures("{upstream: not reached}", outcome), SizeIs(1));
  EXPECT_THAT(failures("{client: no response}", outcome), SizeIs(1));
  outcome.exchange = {};
  EXPECT_THAT(failures("{upstream: not reached, client: no response}", outcome), IsEmpty());
  EXPECT_THAT(failures("{upstream: {}, client: {}}", outcome), SizeIs(2));
  outcome.exchange.request.arrivals = 2;
  EXPECT_THAT(failures("{}", outcome), SizeIs(1)) << "one request was sent twice";
}

TEST(CheckTest, SaysWhatWasExpectedAndWhatCame) {
  const auto found = failures("{client: {headers: {x: [a, {matches: b}]}}}", answered({{"x", "a\n\"\xff"}}));
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_EQ(found[0].end, "client");
  EXPECT_EQ(found[0].exchange, 0U);
  EXPECT_EQ(found[0].expected, "header x: \"a\", matching /b/");
  EXPECT_EQ(found[0].got, "header x: \"a\\n\\\"\\xff\"");
}

// The failures of a scenario's log expectations for the lines "one" (info), "two" (warn), "three" (info).
std::vector<Failure> logFailures(const std::string& expectations) {
  const auto scenario = parseScenario("exchanges: [{}]\nexpect: {log: " + expectations + "}", "s.yaml");
  Outcome outcome;
  outcome.exchanges.resize(1);
  outcome.log = {{LogLevel::Info, "one"}, {LogLevel::Warn, "two"}, {LogLevel::Info, "three"}};
  return check(scenario, outcome);
}

TEST(CheckTest, LogLines) {
  EXPECT_THAT(logFailures("[{equals: one}, {level: warn}, {contains: re}]"), IsEmpty());
  EXPECT_THAT(logFailures("[{equals: one}, {matches: '^th'}]"), IsEmpty());
  EXPECT_THAT(logFailures("[{level: info, equals: two}]"), SizeIs(1));
  EXPECT_THAT(logFailures("[{equals: four}]"), SizeIs(1));
  EXPECT_THAT(logFailures("[{equals: one}, {equals: one}]"), SizeIs(1)) << "there is only one";
  const auto outOfOrder = logFailures("[{equals: two}, {equals: one}]");
  ASSERT_THAT(outOfOrder, SizeIs(1));
  EXPECT_THAT(outOfOrder[0].got, HasSubstr("before"));
}

TEST(CheckTest, AbsentLogLines) {
  EXPECT_THAT(logFailures("[{level: error, absent: true}]"), IsEmpty());
  EXPECT_THAT(logFailures("[{equals: three}, {contains: one, absent: true}]"), SizeIs(1));
}

// The failures of a scenario with the services `a` and `b`, and the given expectations of the exchange and the whole.
std::vector<Failure> callFailures(const std::string& ofExchange, const std::string& ofWhole,
                                  std::vector<ServiceCall> calls) {
  const auto scenario = parseScenario("services: {a: [], b: []}\nexchanges: [{expect: {services: " + ofExchange +
                                          "}}]\nexpect: {services: " + ofWhole + "}",
                                      "s.yaml");
  Outcome outcome;
  outcome.exchanges.resize(1);
  outcome.calls = std::move(calls);
  return check(scenario, outcome);
}

ServiceCall call(std::optional<size_t> exchange, const std::string& path) {
  return {"a", exchange, received({.headers = {{":path", path}}})};
}

TEST(CheckTest, CallsInAnyOrder) {
  const std::vector<ServiceCall> calls = {call(std::nullopt, "/0"), call(0, "/1"), call(0, "/2")};
  EXPECT_THAT(callFailures("{a: [{path: /2}, {path: /1}]}", "{a: [{}, {}, {}], b: not called}", calls), IsEmpty());
  EXPECT_THAT(callFailures("{a: [{path: /2}, {path: /2}]}", "{}", calls), SizeIs(1));
  EXPECT_THAT(callFailures("{a: [{}]}", "{}", calls), SizeIs(1)) << "one too many";
  EXPECT_THAT(callFailures("{a: [{}, {}, {}]}", "{}", calls), SizeIs(1)) << "one is missing";
  EXPECT_THAT(callFailures("{a: not called}", "{}", calls), SizeIs(2));
  EXPECT_THAT(callFailures("{}", "{a: not called, b: [{}]}", calls), SizeIs(4));
}

TEST(CheckTest, SaysWhichCallIsUnlikeTheExpected) {
  const auto found = callFailures("{a: [{path: /1}, {path: /3}]}", "{}", {call(0, "/2"), call(0, "/1")});
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_EQ(found[0].end, "service a");
  EXPECT_EQ(found[0].expected, "header :path: \"/3\"");
  EXPECT_EQ(found[0].got, "header :path: \"/2\"");
}

TEST(CheckTest, GrpcCalls) {
  const auto failuresOf = [](const std::string& calls) {
    const auto scenario =
        parseScenario("grpc_services: {a: []}\nexchanges: [{expect: {grpc_services: {a: " + calls + "}}}]", "s.yaml");
    Outcome outcome;
    outcome.exchanges.resize(1);
    outcome.grpcCalls = {{.call = {.cluster = "a", .service = "p.S", .method = "M", .metadata = {{"x", "y"}}},
                          .exchange = 0,
                          .messages = {"one", "two"},
                          .halfClosed = true}};
    return check(scenario, outcome);
  };
  EXPECT_THAT(failuresOf("[{}]"), IsEmpty());
  EXPECT_THAT(failuresOf("[{method: p.S/M, metadata: {x: y}, messages: [one, {size: 3}], cancelled: false}]"),
              IsEmpty());
  EXPECT_THAT(failuresOf("[{method: {contains: S}, count: 2}]"), IsEmpty());
  EXPECT_THAT(failuresOf("[{method: p.S/N, metadata: {x: z}, messages: [two, one], cancelled: true}]"), SizeIs(5));
  EXPECT_THAT(failuresOf("[{messages: [one]}]"), SizeIs(1));
  EXPECT_THAT(failuresOf("[{count: 3}]"), SizeIs(1));
  EXPECT_THAT(failuresOf("not called"), SizeIs(1));
}

TEST(CheckTest, Connections) {
  const auto failuresOf = [](const std::string& expect, const ConnectionOutcome& got) {
    const auto scenario = parseScenario("connections: [{expect: " + expect + "}]", "s.yaml");
    Outcome outcome;
    outcome.connections = {got};
    return check(scenario, outcome);
  };
  const ConnectionOutcome got = {host::TcpReceived{{"u", "p"}, true}, {{"down"}, false}, "", {}};
  EXPECT_THAT(failuresOf("{}", got), IsEmpty());
  EXPECT_THAT(failuresOf("{upstream: {receives: up, ends: true}, client: {receives: down, ends: false}}", got),
              IsEmpty());
  EXPECT_THAT(failuresOf("{upstream: {receives: u, ends: false}, client: {receives: d, ends: true}}", got), SizeIs(4));
  EXPECT_THAT(failuresOf("{upstream: not reached}", got), SizeIs(1));
  const ConnectionOutcome alone = {std::nullopt, {}, "at step 1 the upstream is not connected", {}};
  EXPECT_THAT(failuresOf("{upstream: not reached}", alone), SizeIs(1)) << "a step could not be played";
  EXPECT_THAT(failuresOf("{upstream: {}}", alone), SizeIs(2));
}

TEST(CheckTest, Metrics) {
  const auto scenario = parseScenario(
      "exchanges: [{}]\nexpect: {metrics: {n: 2, least: {at_least: 2}, h: {samples: 2}, no: {absent: true}}}",
      "s.yaml");
  Outcome outcome;
  outcome.exchanges.resize(1);
  const auto histogram = [](std::vector<uint64_t> samples) {
    return host::Metric{.type = MetricType::Histogram, .samples = std::move(samples)};
  };
  outcome.metrics = {{"n", {MetricType::Counter, 2}}, {"least", {MetricType::Gauge, 3}}, {"h", histogram({5, 6})}};
  EXPECT_THAT(check(scenario, outcome), IsEmpty());
  outcome.metrics = {{"n", histogram({1, 1})},
                     {"least", {MetricType::Gauge, 1}},
                     {"h", {MetricType::Counter, 2}},
                     {"no", {MetricType::Counter, 0}}};
  EXPECT_THAT(check(scenario, outcome), SizeIs(4));
  outcome.metrics = {};
  const auto found = check(scenario, outcome);
  ASSERT_THAT(found, SizeIs(3));
  EXPECT_EQ(found[0].end, "metric n");
  EXPECT_EQ(found[0].got, "absent; there are: none");
}

TEST(CheckTest, MetricsByTags) {
  const auto scenario = parseScenario(
      "exchanges: [{}]\nexpect:\n  metrics:\n    m:\n      - {tags: {a: b, c: d}, value: 2}\n      - {tags: {a: x}, "
      "absent: true}\n    k: 1\n",
      "s.yaml");
  Outcome outcome;
  outcome.exchanges.resize(1);
  outcome.metrics = {{"c=.=d;.;a=.=b;.;m", {MetricType::Counter, 2}}, {"k", {MetricType::Gauge, 1}}};
  EXPECT_THAT(check(scenario, outcome), IsEmpty()) << "the order of the tags does not matter";
  outcome.metrics = {{"a=.=b;.;m", {MetricType::Counter, 2}}, {"a=.=x;.;m", {MetricType::Counter, 2}}};
  const auto found = check(scenario, outcome);
  ASSERT_THAT(found, SizeIs(3));
  EXPECT_EQ(found[0].end, "metric m{a=b, c=d}");
  EXPECT_EQ(found[0].got, "absent; there are: m{a=b}, m{a=x}");
  EXPECT_EQ(found[0].line, 5U);
  EXPECT_EQ(found[1].got, "2");
  EXPECT_EQ(found[2].end, "metric k");
  EXPECT_EQ(found[2].line, 7U);
}

TEST(CheckTest, Traps) {
  Outcome outcome;
  outcome.exchanges.resize(1);
  const auto failuresOf = [&](const std::string& expect) {
    return check(parseScenario("exchanges: [{}]\nexpect: " + expect, "s.yaml"), outcome);
  };
  EXPECT_THAT(failuresOf("{}"), IsEmpty());
  ASSERT_THAT(failuresOf("{traps: true}"), SizeIs(1));
  EXPECT_EQ(failuresOf("{traps: true}")[0].line, 2U);
  outcome.traps = {"the guest trapped: unreachable executed\n  at proxy_on_log"};
  ASSERT_THAT(failuresOf("{}"), SizeIs(1)) << "whatever else is expected";
  EXPECT_EQ(failuresOf("{}")[0].got, outcome.traps[0]);
  EXPECT_THAT(failuresOf("{traps: false}"), SizeIs(1));
  EXPECT_THAT(failuresOf("{traps: true}"), IsEmpty());
}

TEST(CheckTest, AHostThatDies) {
  const auto scenario = parseScenario(
      "exchanges: [{name: one, expect: {client: no response}}, {name: two}]\nexpect: {log: [{equals: a}]}", "s.yaml");
  Outcome outcome;
  outcome.host = "Envoy 1";
  outcome.exchanges.resize(1);
  outcome.died = HostEnd{"signal 11 (Segmentation fault)", 0};
  const auto found = check(scenario, outcome);
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_EQ(found[0].end, "host");
  EXPECT_EQ(found[0].got, "it ended with signal 11 (Segmentation fault) in or after 'one'; --verbose shows its log");
}

TEST(CheckTest, EachFailureHasItsLine) {
  const auto scenario = parseScenario(R"(services: {a: []}
exchanges:
  - expect:
      upstream:
        path: /x
        body: text
      client:
        status: 201
        headers:
          x: y
      services:
        a: not called
  - expect:
      upstream: not reached
      client: {status: 200}
expect:
  configuration: accepted
  log:
    - equals: nothing
)",
                                      "s.yaml");
  Outcome outcome;
  outcome.exchanges.resize(2);
  auto& first = outcome.exchanges[0].exchange;
  first.request = {host::get("/y"), true, true};
  first.response = {host::ok(), true, true};
  outcome.exchanges[1].exchange.request = {host::get("/y"), true, true};
  outcome.calls = {{"a", 0, {host::get("/"), true, true}}};
  outcome.refused = true;
  std::vector<size_t> lines;
  for (const auto& failure : check(scenario, outcome)) lines.push_back(failure.line);
  EXPECT_THAT(lines, ::testing::ElementsAre(17, 5, 6, 8, 10, 12, 14, 15, 19));
}

TEST(CheckTest, Configuration) {
  const auto refusing = parseScenario("expect: {configuration: refused}", "s.yaml");
  Outcome outcome;
  EXPECT_THAT(check(refusing, outcome), SizeIs(1));
  outcome.refused = true;
  EXPECT_THAT(check(refusing, outcome), IsEmpty());
  EXPECT_THAT(check(parseScenario("exchanges: [{}]", "s.yaml"), outcome), SizeIs(1));
}

}  // namespace
}  // namespace sluice::scenario
