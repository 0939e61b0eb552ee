// What the scenario parser accepts, and its messages for mistakes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mistakes.h"
#include "scenario/scenario.h"

namespace sluice::scenario {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;

std::string errorOf(const std::string& yaml) {
  try {
    parseScenario(yaml, "s.yaml");
  } catch (const ScenarioError& error) {
    return error.what();
  }
  return "no error";
}

// A scenario with one exchange; `lines` describe it, indented by four.
std::string exchange(const std::string& lines) { return "exchanges:\n  - name: e\n" + lines; }

TEST(ParserTest, ReadsAllOfAScenario) {
  const auto scenario = parseScenario(R"(
filter: {name: n, root_id: r, vm_id: v, failure_policy: FAIL_OPEN, allow_on_headers_stop_iteration: true}
configuration: "a: b"
vm_configuration: text
environment: {KEY: value}
log_level: debug
exchanges:
  - name: first
    request: {method: POST, path: /p, authority: a.test, headers: {x: [1, 2], y: z}, body: abc, trailers: {t: u}}
    response: {status: 404, headers: {x: "1"}, chunks: [ab, "", c]}
    expect:
      upstream: not reached
      client: {status: 404, headers: {x: {absent: true}}, body: {contains: b}}
expect:
  log:
    - {level: warn, matches: ^a}
    - {contains: b, absent: true}
)",
                                      "s.yaml");
  EXPECT_EQ(scenario.filters[0].options.name, "n");
  EXPECT_EQ(scenario.filters[0].options.rootId, "r");
  EXPECT_EQ(scenario.filters[0].options.vmId, "v");
  EXPECT_EQ(scenario.filters[0].options.configuration, "a: b");
  EXPECT_EQ(scenario.filters[0].options.vmConfiguration, "text");
  EXPECT_THAT(scenario.filters[0].options.environment, ElementsAre(Pair("KEY", "value")));
  EXPECT_EQ(scenario.logLevel, LogLevel::Debug);
  EXPECT_EQ(scenario.filters[0].options.failPolicy, host::FailPolicy::Open);
  EXPECT_TRUE(scenario.filters[0].allowOnHeadersStopIteration);
  ASSERT_EQ(scenario.exchanges.size(), 1U);
  const auto& exchange = scenario.exchanges.front();
  EXPECT_EQ(exchange.name, "first");
  EXPECT_THAT(exchange.request.headers,
              ElementsAre(Pair(":method", "POST"), Pair(":path", "/p"), Pair(":authority", "a.test"), Pair("x", "1"),
                          Pair("x", "2"), Pair("y", "z")));
  EXPECT_THAT(exchange.request.chunks, ElementsAre("abc"));
  EXPECT_FALSE(exchange.request.chunked);
  EXPECT_THAT(exchange.request.trailers, ElementsAre(Pair("t", "u")));
  EXPECT_THAT(exchange.upstreamReply.response.headers, ElementsAre(Pair(":status", "404"), Pair("x", "1")));
  EXPECT_THAT(exchange.upstreamReply.response.chunks, ElementsAre("ab", "c"));
  EXPECT_TRUE(exchange.upstreamReply.response.chunked);
  EXPECT_EQ(exchange.upstream, Arrival::NotReached);
  EXPECT_EQ(exchange.client, Arrival::Reached);
  EXPECT_EQ(exchange.clientExpectation.headers.size(), 2U);
  EXPECT_EQ(scenario.log.size(), 2U);
}

TEST(ParserTest, FillsInWhatIsNotSaid) {
  const auto scenario = parseScenario("exchanges: [{}]", "s.yaml");
  const auto& exchange = scenario.exchanges.at(0);
  EXPECT_EQ(exchange.name, "exchange 1");
  EXPECT_THAT(exchange.request.headers,
              ElementsAre(Pair(":method", "GET"), Pair(":path", "/"), Pair(":authority", "sluice.test")));
  EXPECT_THAT(exchange.upstreamReply.response.headers, ElementsAre(Pair(":status", "200")));
  EXPECT_EQ(exchange.upstream, Arrival::Unchecked);
  EXPECT_EQ(scenario.filters[0].options.name, "sluice");
  EXPECT_EQ(scenario.logLevel, LogLevel::Info);
}

TEST(ParserTest, ReadsServices) {
  const auto scenario = parseScenario(R"(
services:
  auth:
    - request: {method: POST, headers: {x: {absent: true}}, body: {contains: a}}
      times: 2
      response: {status: 401, delay: 2s}
    - response: never
    - response: reset
    - response: {body: part, breaks_off: true}
    - {}
  down: unreachable
exchanges:
  - expect: {services: {auth: [{path: /p}, {}]}}
  - expect: {services: {auth: not called}}
expect: {services: {auth: [{body: b}]}}
)",
                                      "s.yaml");
  ASSERT_EQ(scenario.services.size(), 2U);
  EXPECT_EQ(scenario.services[0].name, "auth");
  EXPECT_FALSE(scenario.services[0].unreachable);
  const auto& rules = scenario.services[0].rules;
  ASSERT_EQ(rules.size(), 5U);
  EXPECT_EQ(rules[0].request.headers.size(), 2U) << "the method is one";
  EXPECT_TRUE(rules[0].request.body);
  EXPECT_EQ(rules[0].times, 2U);
  EXPECT_EQ(rules[0].reply.kind, host::CalloutReply::Kind::Response);
  EXPECT_EQ(rules[0].reply.delay, std::chrono::seconds(2));
  EXPECT_EQ(rules[1].reply.kind, host::CalloutReply::Kind::Never);
  EXPECT_EQ(rules[1].times, std::nullopt);
  EXPECT_EQ(rules[2].reply.kind, host::CalloutReply::Kind::ConnectionTermination);
  EXPECT_EQ(rules[3].reply.kind, host::CalloutReply::Kind::Reset);
  EXPECT_EQ(rules[3].reply.response.body(), "part");
  EXPECT_THAT(rules[4].reply.response.headers, ElementsAre(Pair(":status", "200")));
  EXPECT_TRUE(scenario.services[1].unreachable);
  ASSERT_EQ(scenario.exchanges[0].calls.services.size(), 1U);
  EXPECT_EQ(scenario.exchanges[0].calls.services[0].service, "auth");
  EXPECT_EQ(scenario.exchanges[0].calls.services[0].requests.size(), 2U);
  EXPECT_EQ(scenario.exchanges[1].calls.services[0].requests.size(), 0U);
  EXPECT_EQ(scenario.calls.services.size(), 1U);
}

TEST(ParserTest, ReadsGrpcServices) {
  const auto scenario = parseScenario(R"(
grpc_services:
  log:
    - request: {method: p.S/M, metadata: {x: {present: true}}}
      times: 3
      greeting: [hello, {base64: AA==}]
      echo: true
      after_messages: 2
      response: {initial_metadata: {a: [b, c]}, messages: [m], trailing_metadata: {t: u}, status: NOT_FOUND, message: no, delay: 5ms}
    - response: {status: 16, trailers_only: true}
    - response: {http_status: 404}
    - response: reset
    - response: malformed
    - response: never
    - {}
  down: unreachable
exchanges:
  - expect: {grpc_services: {log: [{method: p.S/M, metadata: {x: y}, messages: [a, {contains: b}], cancelled: true}]}}
expect: {grpc_services: {log: [{count: 2}, {}]}}
)",
                                      "s.yaml");
  ASSERT_EQ(scenario.grpcServices.size(), 2U);
  EXPECT_TRUE(scenario.grpcServices[1].unreachable);
  const auto& rules = scenario.grpcServices[0].rules;
  ASSERT_EQ(rules.size(), 7U);
  EXPECT_TRUE(rules[0].method && rules[0].method->accepts("p.S/M"));
  EXPECT_EQ(rules[0].metadata.size(), 1U);
  EXPECT_EQ(rules[0].times, 3U);
  EXPECT_THAT(rules[0].greeting, ElementsAre("hello", std::string(1, '\0')));
  EXPECT_TRUE(rules[0].echo);
  EXPECT_EQ(rules[0].after, 2U);
  EXPECT_EQ(rules[0].reply.kind, host::GrpcReply::Kind::Response);
  EXPECT_THAT(rules[0].reply.initialMetadata, ElementsAre(Pair("a", "b"), Pair("a", "c")));
  EXPECT_THAT(rules[0].reply.messages, ElementsAre("m"));
  EXPECT_THAT(rules[0].reply.trailingMetadata, ElementsAre(Pair("t", "u")));
  EXPECT_EQ(rules[0].reply.status, GrpcStatus::NotFound);
  EXPECT_EQ(rules[0].reply.statusMessage, "no");
  EXPECT_EQ(rules[0].reply.delay, std::chrono::milliseconds(5));
  EXPECT_EQ(rules[1].reply.status, GrpcStatus::Unauthenticated);
  EXPECT_TRUE(rules[1].reply.trailersOnly);
  EXPECT_EQ(rules[2].reply.kind, host::GrpcReply::Kind::NotGrpc);
  EXPECT_EQ(rules[2].reply.httpStatus, 404U);
  EXPECT_EQ(rules[3].reply.kind, host::GrpcReply::Kind::Reset);
  EXPECT_EQ(rules[4].reply.kind, host::GrpcReply::Kind::Malformed);
  EXPECT_EQ(rules[5].reply.kind, host::GrpcReply::Kind::Never);
  EXPECT_EQ(rules[6].reply.status, GrpcStatus::Ok);
  EXPECT_EQ(rules[6].after, std::nullopt);
  ASSERT_EQ(scenario.exchanges[0].calls.grpcServices.size(), 1U);
  EXPECT_EQ(scenario.exchanges[0].calls.grpcServices[0].calls.at(0).messages->size(), 2U);
  ASSERT_EQ(scenario.calls.grpcServices.size(), 1U);
  EXPECT_EQ(scenario.calls.grpcServices[0].calls.at(0).count, 2U);
}

TEST(ParserTest, ReadsConnections) {
  const auto scenario = parseScenario(R"(
services: {auth: []}
connections:
  - wait: 1s
  - name: first
    steps:
      - client: {sends: abcde, pieces_of: 2}
      - upstream: {sends: {repeat: x, times: 3}}
      - wait: 5ms
      - client: ends
      - upstream: breaks off
    expect:
      upstream: {receives: abcde, ends: true}
      client: {receives: {size: 3}, ends: false}
      services: {auth: not called}
  - expect: {upstream: not reached}
  - {}
)",
                                      "s.yaml");
  using Step = TcpStep;
  ASSERT_EQ(scenario.connections.size(), 3U);
  const auto& first = scenario.connections[0];
  EXPECT_EQ(first.name, "first");
  EXPECT_EQ(first.waitBefore, std::chrono::seconds(1));
  ASSERT_EQ(first.steps.size(), 5U);
  EXPECT_EQ(first.steps[0].who, Step::Who::Client);
  EXPECT_EQ(first.steps[0].what, Step::What::Sends);
  EXPECT_THAT(first.steps[0].pieces, ElementsAre("ab", "cd", "e"));
  EXPECT_EQ(first.steps[1].who, Step::Who::Upstream);
  EXPECT_THAT(first.steps[1].pieces, ElementsAre("xxx"));
  EXPECT_EQ(first.steps[2].what, Step::What::Wait);
  EXPECT_EQ(first.steps[2].time, std::chrono::milliseconds(5));
  EXPECT_EQ(first.steps[3].what, Step::What::Ends);
  EXPECT_EQ(first.steps[4].what, Step::What::BreaksOff);
  EXPECT_EQ(first.upstream, Arrival::Reached);
  EXPECT_EQ(first.upstreamExpectation.ends, true);
  EXPECT_EQ(first.clientExpectation.ends, false);
  EXPECT_TRUE(first.clientExpectation.receives && first.clientExpectation.receives->accepts("xxx"));
  EXPECT_EQ(first.calls.services.size(), 1U);
  EXPECT_EQ(scenario.connections[1].name, "connection 2");
  EXPECT_EQ(scenario.connections[1].upstream, Arrival::NotReached);
  EXPECT_EQ(scenario.connections[2].upstream, Arrival::Unchecked);
}

TEST(ParserTest, ReadsMetrics) {
  const auto scenario = parseScenario(
      "exchanges: [{}]\nexpect: {metrics: {a: 1, b: {at_least: 2}, c: {samples: 3}, d: {absent: true}}}", "s.yaml");
  ASSERT_EQ(scenario.metrics.size(), 4U);
  EXPECT_EQ(scenario.metrics[0].name, "a");
  EXPECT_EQ(scenario.metrics[0].describe(), "1");
  EXPECT_EQ(scenario.metrics[1].describe(), "at least 2");
  EXPECT_EQ(scenario.metrics[2].describe(), "3 samples");
  EXPECT_EQ(scenario.metrics[3].describe(), "absent");
}

TEST(ParserTest, ReadsTimeThatPasses) {
  const auto scenario = parseScenario(
      "exchanges: [{wait: 1s}, {wait: 5ms}, {request: {gives_up_after: 20ms}}, {}, {wait: 2s}]", "s.yaml");
  ASSERT_EQ(scenario.exchanges.size(), 2U);
  EXPECT_EQ(scenario.exchanges[0].waitBefore, std::chrono::milliseconds(1005));
  EXPECT_EQ(scenario.exchanges[0].clientGivesUp, std::chrono::milliseconds(20));
  EXPECT_EQ(scenario.exchanges[1].name, "exchange 2");
  EXPECT_EQ(scenario.exchanges[1].waitBefore, std::chrono::milliseconds(0));
  EXPECT_EQ(scenario.exchanges[1].clientGivesUp, std::nullopt);
  EXPECT_EQ(scenario.waitAtEnd, std::chrono::seconds(2));
}

TEST(ParserTest, ReadsTheClient) {
  EXPECT_EQ(parseScenario("exchanges: [{}]", "s.yaml").client.http, 1U);
  EXPECT_FALSE(parseScenario("exchanges: [{}]\nclient: {tls: false}", "s.yaml").client.tls);
  EXPECT_FALSE(parseScenario("exchanges: [{}]\nclient: {tls: true}", "s.yaml").client.tls->certificate);
  const auto client =
      parseScenario("exchanges: [{}]\nclient: {http: 2, tls: {server_name: a.test, certificate: true}}", "s.yaml")
          .client;
  EXPECT_EQ(client.http, 2U);
  EXPECT_EQ(client.tls->serverName, "a.test");
  EXPECT_TRUE(client.tls->certificate);
}

TEST(ParserTest, ReadsExchangesTogetherAndRepeated) {
  const auto scenario = parseScenario(R"(
services: {auth: []}
exchanges:
  - {name: a, repeat: 2}
  - wait: 1s
  - together: [{name: b}, {name: c, repeat: 2}]
    expect: {services: {auth: not called}}
  - {}
)",
                                      "s.yaml");
  std::vector<std::string> names;
  std::vector<bool> together;
  for (const auto& exchange : scenario.exchanges) {
    names.push_back(exchange.name);
    together.push_back(exchange.together);
  }
  EXPECT_THAT(names, ElementsAre("a (1 of 2)", "a (2 of 2)", "b", "c (1 of 2)", "c (2 of 2)", "exchange 6"));
  EXPECT_THAT(together, ElementsAre(false, false, false, true, true, false));
  EXPECT_EQ(scenario.exchanges[2].waitBefore, std::chrono::seconds(1));
  EXPECT_EQ(scenario.exchanges[2].calls.services.size(), 1U);
  EXPECT_EQ(scenario.exchanges[3].calls.services.size(), 0U);
}

TEST(ParserTest, ReadsWhatOnlyAMockShows) {
  const auto scenario = parseScenario(R"(
shared_data: {k: v, bytes: {base64: AA==}}
exchanges:
  - expect: {callbacks: {on_request_headers: StopIteration, on_request_body: [Continue, Continue], on_log: 1}}
expect:
  shared_data: {k: {contains: v}, gone: {absent: true}}
  callbacks: {on_tick: 3}
)",
                                      "s.yaml");
  EXPECT_THAT(scenario.filters[0].sharedData, ElementsAre(Pair("k", "v"), Pair("bytes", std::string(1, '\0'))));
  const auto& callbacks = scenario.exchanges[0].callbacks;
  ASSERT_EQ(callbacks.size(), 3U);
  EXPECT_EQ(callbacks[0].describe(), "StopIteration");
  EXPECT_EQ(callbacks[1].describe(), "Continue, Continue");
  EXPECT_EQ(callbacks[2].describe(), "1 call");
  EXPECT_EQ(callbacks[2].line, 4U);
  ASSERT_EQ(scenario.sharedData.size(), 2U);
  EXPECT_TRUE(scenario.sharedData[0].value->accepts("vv"));
  EXPECT_FALSE(scenario.sharedData[1].value);
  EXPECT_EQ(scenario.callbacks[0].count, 3U);
  EXPECT_THAT(onlyOnMock(scenario), ElementsAre(HasSubstr("'shared_data' is not set"), HasSubstr("under 'expect'"),
                                                HasSubstr("'callbacks'")));
  EXPECT_THAT(onlyOnMock(parseScenario("exchanges: [{}]", "s.yaml")), ElementsAre());
}

TEST(ParserTest, ReadsAChainOfFilters) {
  auto scenario = parseScenario(
      "filters: [{module: a, name: first, configuration: x}, {module: b, environment: {K: v}}]\nexchanges: [{}]",
      "s.yaml");
  ASSERT_EQ(scenario.filters.size(), 2U);
  EXPECT_EQ(scenario.filters[0].options.name, "first");
  EXPECT_EQ(scenario.filters[0].options.configuration, "x");
  EXPECT_EQ(scenario.filters[1].options.name, "sluice");
  EXPECT_THAT(scenario.filters[1].options.environment, ElementsAre(Pair("K", "v")));
  useModules(scenario, {"x/b.wasm", "y/a.wasm"});
  EXPECT_EQ(scenario.filters[0].file, "y/a.wasm");
  EXPECT_EQ(scenario.filters[1].file, "x/b.wasm");
  EXPECT_THROW(useModules(scenario, {"x/b.wasm"}), ScenarioError);
}

TEST(ParserTest, AFilterOfSeveralModulesHasToSayWhichItIs) {
  auto scenario = parseScenario("exchanges: [{}]", "s.yaml");
  useModules(scenario, {"a.wasm"});
  EXPECT_EQ(scenario.filters[0].file, "a.wasm");
  EXPECT_THROW(useModules(scenario, {"a.wasm", "b.wasm"}), ScenarioError);
}

TEST(ParserTest, MakesJsonOfANestedConfiguration) {
  const auto scenario = parseScenario(R"(
configuration:
  z: [1, -2, 1.5, "3", true, null, ~, text, 99999999999999999999]
  a: {nested: {}}
exchanges: [{}]
)",
                                      "s.yaml");
  EXPECT_EQ(scenario.filters[0].options.configuration,
            R"({"z":[1,-2,1.5,"3",true,null,null,"text",1e+20],"a":{"nested":{}}})");
}

TEST(ParserTest, ReadsRepeatedAndBinaryTexts) {
  const auto scenario =
      parseScenario(exchange("    request: {body: {repeat: ab, times: 3}, headers: {x: {base64: AAD/}}}\n"
                             "    response: {chunks: {repeat: c, times: 4}}\n"),
                    "s.yaml");
  EXPECT_EQ(scenario.exchanges[0].request.body(), "ababab");
  EXPECT_THAT(host::headerValues(scenario.exchanges[0].request.headers, "X"), ElementsAre(std::string("\0\0\xff", 3)));
  EXPECT_EQ(scenario.exchanges[0].upstreamReply.response.chunks.size(), 4U);
}

TEST(ParserTest, NamesAnUnknownKeyItsPlaceAndTheKnownOnes) {
  EXPECT_EQ(errorOf("exchanges: [{}]\nfitler: {}\n"),
            "s.yaml:2:1: unknown key 'fitler' in 'scenario' (did you mean 'filter'?); known keys: filter, filters, "
            "configuration, "
            "vm_configuration, environment, shared_data, client, log_level, buffer_limit, services, grpc_services, "
            "exchanges, "
            "connections, expect");
  EXPECT_EQ(errorOf(exchange("    request:\n      pth: /\n")),
            "s.yaml:4:7: unknown key 'pth' in 'request' (did you mean 'path'?); known keys: method, path, authority, "
            "headers, body, chunks, trailers, gives_up_after");
  EXPECT_THAT(errorOf("exchanges: [{}]\nzzz: {}\n"), HasSubstr("unknown key 'zzz' in 'scenario'; known keys"));
}

class ParserMistakeTest : public ::testing::TestWithParam<Mistake> {};

TEST_P(ParserMistakeTest, IsAnErrorWithItsPlace) {
  const std::string error = errorOf(GetParam().yaml);
  EXPECT_THAT(error, HasSubstr("s.yaml"));
  EXPECT_THAT(error, HasSubstr(GetParam().message));
}

INSTANTIATE_TEST_SUITE_P(All, ParserMistakeTest, ::testing::ValuesIn(kMistakes));

TEST(ParserTest, RefusesMoreThanAScenarioMayHold) {
  const auto nested = [](size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  EXPECT_THAT(errorOf("exchanges: &a [*a]"), HasSubstr("s.yaml:1:12: the scenario is too large: nodes are nested"));
  EXPECT_THAT(errorOf("exchanges: [{}]\nconfiguration: &a {b: *a}"), HasSubstr("nodes are nested more than 100 deep"));
  EXPECT_EQ(errorOf("exchanges: [{}]\nconfiguration: " + nested(98)), "no error");
  EXPECT_THAT(errorOf("exchanges: [{}]\nconfiguration: " + nested(100)), HasSubstr("nested more than 100 deep"));
  EXPECT_THAT(errorOf("exchanges: [{}]\nconfiguration: " + nested(100'000)), HasSubstr("not valid YAML"));

  std::string bomb = "exchanges: [{}]\nconfiguration:\n  a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 10; ++i) {
    const std::string alias = "*a" + std::to_string(i - 1);
    bomb += "  a" + std::to_string(i) + ": &a" + std::to_string(i) + " [";
    for (int j = 0; j < 10; ++j) bomb += alias + ", ";
    bomb += "]\n";
  }
  EXPECT_THAT(errorOf(bomb), HasSubstr("more than 200000 nodes, counting an alias as what it stands for"));
  std::string texts = "configuration: {b: &b " + std::string(900'000, 'x') + "}\nexchanges: [";
  for (int i = 0; i < 100; ++i) texts += "{request: {body: *b}}, ";
  EXPECT_THAT(errorOf(texts + "]"), HasSubstr("more than 67108864 bytes of text"));
  EXPECT_THAT(errorOf("#" + std::string(1 << 20, 'x')), HasSubstr("larger than 1048576 bytes; write large texts with"));

  std::string repeats = "exchanges:\n";
  for (int i = 0; i < 3; ++i) repeats += "  - {request: {body: {repeat: x, times: 30000000}}}\n";
  EXPECT_THAT(errorOf(repeats), HasSubstr("s.yaml:4:22: the scenario's texts are larger than 67108864 bytes together"));
  EXPECT_THAT(errorOf("exchanges: [{request: {chunks: {repeat: " + std::string(2000, 'x') + ", times: 65536}}}]"),
              HasSubstr("the scenario's texts are larger"));
  EXPECT_THAT(errorOf("exchanges: [{request: {body: {repeat: '', times: 60000000}}}]"), "no error");
}

TEST(ParserTest, MetricsByTags) {
  const auto scenario = parseScenario(
      "exchanges: [{}]\nexpect:\n  metrics:\n    a: [{tags: {t: u, v: 1}, value: 2},\n        {absent: true}]\n",
      "s.yaml");
  ASSERT_EQ(scenario.metrics.size(), 2U);
  EXPECT_THAT(scenario.metrics[0].tags, ElementsAre(Pair("t", "u"), Pair("v", "1")));
  EXPECT_EQ(scenario.metrics[0].describe(), "2");
  EXPECT_EQ(scenario.metrics[1].line, 5U);
  EXPECT_EQ(scenario.metrics[1].describe(), "absent");
}

TEST(ParserTest, SaysThatAFileCannotBeRead) {
  EXPECT_THROW(loadScenario("/nonexistent/s.yaml"), ScenarioError);
  EXPECT_THROW(loadScenario("/"), ScenarioError);
}

}  // namespace
}  // namespace sluice::scenario
