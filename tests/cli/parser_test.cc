// What the scenario parser accepts, and what it says of mistakes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

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

// A scenario with one exchange, which `lines` describe with an indentation of four.
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
  EXPECT_EQ(scenario.plugin.name, "n");
  EXPECT_EQ(scenario.plugin.rootId, "r");
  EXPECT_EQ(scenario.plugin.vmId, "v");
  EXPECT_EQ(scenario.plugin.configuration, "a: b");
  EXPECT_EQ(scenario.plugin.vmConfiguration, "text");
  EXPECT_THAT(scenario.plugin.environment, ElementsAre(Pair("KEY", "value")));
  EXPECT_EQ(scenario.plugin.logLevel, LogLevel::Debug);
  EXPECT_EQ(scenario.plugin.failurePolicy, FailurePolicy::kFailOpen);
  EXPECT_TRUE(scenario.plugin.allowOnHeadersStopIteration);
  ASSERT_EQ(scenario.exchanges.size(), 1U);
  const auto& exchange = scenario.exchanges.front();
  EXPECT_EQ(exchange.name, "first");
  EXPECT_THAT(exchange.request.headers,
              ElementsAre(Pair(":method", "POST"), Pair(":path", "/p"), Pair(":authority", "a.test"), Pair("x", "1"),
                          Pair("x", "2"), Pair("y", "z")));
  EXPECT_THAT(exchange.request.chunks, ElementsAre("abc"));
  EXPECT_FALSE(exchange.request.chunked);
  EXPECT_THAT(exchange.request.trailers, ElementsAre(Pair("t", "u")));
  EXPECT_THAT(exchange.response.headers, ElementsAre(Pair(":status", "404"), Pair("x", "1")));
  EXPECT_THAT(exchange.response.chunks, ElementsAre("ab", "c"));
  EXPECT_TRUE(exchange.response.chunked);
  EXPECT_EQ(exchange.upstream, Exchange::End::kNotReached);
  EXPECT_EQ(exchange.client, Exchange::End::kReached);
  EXPECT_EQ(exchange.clientExpectation.headers.size(), 2U);
  EXPECT_EQ(scenario.log.size(), 2U);
}

TEST(ParserTest, FillsInWhatIsNotSaid) {
  const auto scenario = parseScenario("exchanges: [{}]", "s.yaml");
  const auto& exchange = scenario.exchanges.at(0);
  EXPECT_EQ(exchange.name, "exchange 1");
  EXPECT_THAT(exchange.request.headers,
              ElementsAre(Pair(":method", "GET"), Pair(":path", "/"), Pair(":authority", "sluice.test")));
  EXPECT_THAT(exchange.response.headers, ElementsAre(Pair(":status", "200")));
  EXPECT_EQ(exchange.upstream, Exchange::End::kUnchecked);
  EXPECT_EQ(scenario.plugin.name, "sluice");
  EXPECT_EQ(scenario.plugin.logLevel, LogLevel::Info);
}

TEST(ParserTest, MakesJsonOfANestedConfiguration) {
  const auto scenario = parseScenario(R"(
configuration:
  z: [1, -2, 1.5, "3", true, null, ~, text, 99999999999999999999]
  a: {nested: {}}
exchanges: [{}]
)",
                                      "s.yaml");
  EXPECT_EQ(scenario.plugin.configuration, R"({"z":[1,-2,1.5,"3",true,null,null,"text",1e+20],"a":{"nested":{}}})");
}

TEST(ParserTest, ReadsRepeatedAndBinaryTexts) {
  const auto scenario =
      parseScenario(exchange("    request: {body: {repeat: ab, times: 3}, headers: {x: {base64: AAD/}}}\n"
                             "    response: {chunks: {repeat: c, times: 4}}\n"),
                    "s.yaml");
  EXPECT_EQ(scenario.exchanges[0].request.body(), "ababab");
  EXPECT_THAT(headerValues(scenario.exchanges[0].request.headers, "X"), ElementsAre(std::string("\0\0\xff", 3)));
  EXPECT_EQ(scenario.exchanges[0].response.chunks.size(), 4U);
}

TEST(ParserTest, NamesAnUnknownKeyItsPlaceAndTheKnownOnes) {
  EXPECT_EQ(errorOf("exchanges: [{}]\nfitler: {}\n"),
            "s.yaml:2:1: unknown key 'fitler' in 'scenario'; known keys: filter, configuration, vm_configuration, "
            "environment, log_level, exchanges, expect");
  EXPECT_EQ(errorOf(exchange("    request:\n      pth: /\n")),
            "s.yaml:4:7: unknown key 'pth' in 'request'; known keys: method, path, authority, headers, body, chunks, "
            "trailers");
}

struct Mistake {
  const char* yaml;
  const char* message;
};

class ParserMistakeTest : public ::testing::TestWithParam<Mistake> {};

TEST_P(ParserMistakeTest, IsAnErrorWithItsPlace) {
  const std::string error = errorOf(GetParam().yaml);
  EXPECT_THAT(error, HasSubstr("s.yaml"));
  EXPECT_THAT(error, HasSubstr(GetParam().message));
}

INSTANTIATE_TEST_SUITE_P(
    All, ParserMistakeTest,
    ::testing::Values(
        Mistake{"", "the file is empty"}, Mistake{"a: [", "s.yaml:1:"}, Mistake{"- a", "must be a mapping, not a list"},
        Mistake{"exchanges: [{}]\n---\nexchanges: [{}]", "a second YAML document"},
        Mistake{"filter: {}", "'exchanges' is missing"}, Mistake{"exchanges: []", "'exchanges' is empty"},
        Mistake{"exchanges: {}", "s.yaml:1:12: 'exchanges' must be a list, not a mapping"},
        Mistake{"exchanges: [{}]\nlog_level: loud", "2:12: unknown log level 'loud'; levels: trace"},
        Mistake{"exchanges: [{}]\nconfiguration:", "'configuration' is empty"},
        Mistake{"exchanges: [{}]\nfilter: {failure_policy: NEVER}", "policies: FAIL_CLOSED"},
        Mistake{"exchanges: [{}]\nfilter: {allow_on_headers_stop_iteration: 1}", "must be true or false, not '1'"},
        Mistake{"exchanges: [{request: {body: a, chunks: [b]}}]", "'body' and 'chunks' exclude each other"},
        Mistake{"exchanges: [{request: {path: a b}}]", "'path' must be one word, not \"a b\""},
        Mistake{"exchanges: [{request: {headers: {':path': /}}}]", "use method, path, authority or status"},
        Mistake{"exchanges: [{request: {headers: {x: 1, x: 2}}}]", "'x' stands twice in 'headers'"},
        Mistake{"exchanges: [{request: {headers: [x]}}]", "'headers' must be a mapping, not a list"},
        Mistake{"exchanges: [{request: {headers: {x: }}}]", "'x' is empty; write \"\""},
        Mistake{"exchanges: [{request: {body: {repeat: a}}}]", "needs both 'repeat' and 'times'"},
        Mistake{"exchanges: [{request: {body: {repeat: abcd, times: 99999999999}}}]",
                "'times' must be a number from 0"},
        Mistake{"exchanges: [{request: {body: {base64: '*'}}}]", "not valid base64"},
        Mistake{"exchanges: [{response: {status: 99}}]", "'status' must be a number from 200 to 599, not '99'"},
        Mistake{"exchanges: [{response: {status: [1]}}]", "'status' must be a number from 200 to 599, not a list"},
        Mistake{"exchanges: [{expect: {upstream: reached}}]", "or the words: not reached"},
        Mistake{"exchanges: [{expect: {client: none}}]", "or the words: no response"},
        Mistake{"exchanges: [{expect: {client: {method: GET}}}]", "unknown key 'method' in 'client'"},
        Mistake{"exchanges: [{expect: {client: {body: {matches: '('}}}}]", "not a regular expression"},
        Mistake{"exchanges: [{expect: {client: {body: {contains: a, matches: b}}}}]", "only one of"},
        Mistake{"exchanges: [{expect: {client: {headers: {x: []}}}}]", "write {absent: true}"},
        Mistake{"exchanges: [{expect: {client: {headers: {x: {absent: false}}}}}]", "can only be true"},
        Mistake{"exchanges: [{expect: {client: {headers: {x: {}}}}}]", "must say what it expects"},
        Mistake{"exchanges: [{}]\nexpect: {log: [{absent: true}]}", "a log line needs a level or a text"},
        Mistake{"exchanges: [{}]\nexpect: {configuration: maybe}", "'accepted' or 'refused'"},
        Mistake{"exchanges: [{}]\nexpect: {configuration: refused}", "no exchange can take place"}));

TEST(ParserTest, SaysThatAFileCannotBeRead) {
  EXPECT_THROW(loadScenario("/nonexistent/s.yaml"), ScenarioError);
  EXPECT_THROW(loadScenario("/"), ScenarioError);
}

}  // namespace
}  // namespace sluice::scenario
