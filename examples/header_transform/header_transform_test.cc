#include <sluice/testing.h>

#include <string>
#include <vector>

#include "common/faults.h"

using namespace sluice;
using namespace sluice::testing;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class HeaderTransform : public FilterTest {
 protected:
  // The headers that the upstream receives when a request has `headers`. `rules` is a list of JSON objects for
  // requests.
  Headers request(const std::string& rules, const Headers& headers = {}, const std::string& path = "/") {
    EXPECT_TRUE(start({.configuration = R"({"request": [)" + rules + "]}"}));
    return send(get(path, headers)).request.headers;
  }
  Headers response(const std::string& rules, const Headers& headers = {}) {
    EXPECT_TRUE(start({.configuration = R"({"response": [)" + rules + "]}"}));
    return send(get("/"), ok("", headers)).response.headers;
  }
  void expectRefused(const std::string& configuration, const std::string& message) {
    host().clearLogs();
    EXPECT_FALSE(start({.configuration = configuration})) << configuration;
    EXPECT_THAT(logs(), Contains(LogLine(LogLevel::Error, message)));
  }
};

TEST_F(HeaderTransform, Sets) {
  const std::string rule = R"({"set": {"name": "X-Env", "value": "prod"}})";
  EXPECT_THAT(request(rule), HasHeaderValues("x-env", {"prod"}));
  EXPECT_THAT(request(rule, {{"x-env", "a"}, {"x-other", "o"}, {"x-env", "b"}}), HasHeaderValues("x-env", {"prod"}));
  EXPECT_THAT(request(rule, {{"x-env", "a"}, {"x-other", "o"}}), HasHeader("x-other", "o"));
  EXPECT_THAT(response(rule, {{"x-env", "a"}}), HasHeaderValues("x-env", {"prod"}));
}

TEST_F(HeaderTransform, SetsPseudoHeaders) {
  EXPECT_THAT(request(R"({"set": {"name": ":path", "value": "/v2{header::path}"}})", {}, "/orders"),
              HasHeaderValues(":path", {"/v2/orders"}));
  EXPECT_THAT(response(R"({"set": {"name": ":status", "value": "203"}})"), HasHeaderValues(":status", {"203"}));
}

TEST_F(HeaderTransform, Appends) {
  const std::string rule = R"({"append": {"name": "x-tag", "value": "c"}})";
  EXPECT_THAT(request(rule, {{"x-tag", "a"}, {"x-tag", "b"}}), HasHeaderValues("x-tag", {"a", "b", "c"}));
  EXPECT_THAT(response(rule), HasHeaderValues("x-tag", {"c"}));
}

TEST_F(HeaderTransform, Removes) {
  const Headers headers = {{"x-a", "1"}, {"x-debug-id", "2"}, {"id-debug", "3"}, {"x-a", "4"}};
  auto left = request(R"({"remove": {"name": "X-A"}})", headers);
  EXPECT_THAT(left, HasNoHeader("x-a"));
  EXPECT_THAT(left, HasHeader("x-debug-id"));
  left = request(R"({"remove": {"prefix": "x-"}})", headers);
  EXPECT_THAT(left, HasNoHeader("x-a"));
  EXPECT_THAT(left, HasNoHeader("x-debug-id"));
  EXPECT_THAT(left, HasHeader("id-debug", "3"));
  left = response(R"({"remove": {"suffix": "-debug"}})", headers);
  EXPECT_THAT(left, HasNoHeader("id-debug"));
  EXPECT_THAT(left, HasHeaderValues("x-a", {"1", "4"}));
}

TEST_F(HeaderTransform, Renames) {
  const Headers headers = {{"x-old-a", "1"}, {"x-old-b", "2"}, {"id-old", "3"}, {"x-old-a", "4"}};
  auto renamed = request(R"({"rename": {"name": "x-old-a", "to": "X-New"}})", headers);
  EXPECT_THAT(renamed, HasHeaderValues("x-new", {"1", "4"}));
  EXPECT_THAT(renamed, HasNoHeader("x-old-a"));
  renamed = request(R"({"rename": {"prefix": "x-old-", "to": "x-new-"}})", headers);
  EXPECT_THAT(renamed, HasHeaderValues("x-new-a", {"1", "4"}));
  EXPECT_THAT(renamed, HasHeaderValues("x-new-b", {"2"}));
  EXPECT_THAT(renamed, HasHeader("id-old"));
  renamed = response(R"({"rename": {"suffix": "-old", "to": ""}})", headers);
  EXPECT_THAT(renamed, HasHeader("id", "3"));
  EXPECT_THAT(renamed, HasNoHeader("id-old"));
}

TEST_F(HeaderTransform, ANameNeverBecomesEmpty) {
  const auto renamed = request(R"({"rename": {"prefix": "x-a", "to": ""}}, {"copy": {"suffix": "x-a", "to": ""}})",
                               {{"x-a", "1"}, {"x-ab", "2"}});
  EXPECT_THAT(renamed, HasHeader("x-a", "1"));
  EXPECT_THAT(renamed, HasHeader("b", "2"));
  EXPECT_THAT(renamed, HasNoHeader(""));
}

TEST_F(HeaderTransform, Copies) {
  const auto copied = response(R"({"copy": {"prefix": "x-", "to": "y-"}}, {"copy": {"name": "x-a", "to": "z"}})",
                               {{"x-a", "1"}, {"x-b", "2"}, {"x-a", "3"}});
  EXPECT_THAT(copied, HasHeaderValues("x-a", {"1", "3"}));
  EXPECT_THAT(copied, HasHeaderValues("y-a", {"1", "3"}));
  EXPECT_THAT(copied, HasHeader("y-b", "2"));
  EXPECT_THAT(copied, HasHeaderValues("z", {"1", "3"}));
}

TEST_F(HeaderTransform, PrefixesAndSuffixesLeavePseudoHeadersAlone) {
  const auto left = request(R"({"remove": {"suffix": "path"}}, {"rename": {"suffix": "hod", "to": "s"}})",
                            {{"x-path", "1"}}, "/orders");
  EXPECT_THAT(left, HasHeader(":path", "/orders"));
  EXPECT_THAT(left, HasHeader(":method", "GET"));
  EXPECT_THAT(left, HasNoHeader("x-path"));
}

TEST_F(HeaderTransform, RulesSeeWhatThoseBeforeThemDid) {
  const auto changed = request(R"({"set": {"name": "a", "value": "1"}}, {"copy": {"name": "a", "to": "b"}},
                                  {"set": {"name": "a", "value": "{header:b}2"}}, {"rename": {"name": "a", "to": "c"}})");
  EXPECT_THAT(changed, HasHeaderValues("b", {"1"}));
  EXPECT_THAT(changed, HasHeaderValues("c", {"12"}));
  EXPECT_THAT(changed, HasNoHeader("a"));
}

TEST_F(HeaderTransform, FillsInHeadersAndProperties) {
  ASSERT_TRUE(start({.configuration = R"({"request": [
    {"set": {"name": "x-from", "value": "{property:source.address}/{header:X-Id}"}},
    {"set": {"name": "x-port", "value": "{property:source.port}"}},
    {"set": {"name": "x-braces", "value": "{{}}{{header:x-id}}"}}]})"}));
  auto& stream = openStream();
  stream.setProperty("source.address", "192.0.2.7:4711");
  stream.setProperty("source.port", std::string("\x67\x12\0\0\0\0\0\0", 8));
  stream.request(get("/", {{"x-id", "7"}}));
  EXPECT_THAT(stream.received().headers, HasHeader("x-from", "192.0.2.7:4711/7"));
  EXPECT_THAT(stream.received().headers, HasHeader("x-port", "4711"));
  EXPECT_THAT(stream.received().headers, HasHeader("x-braces", "{}{header:x-id}"));
}

TEST_F(HeaderTransform, LeavesOutAValueOfWhichAPartIsNotThere) {
  const auto changed = request(R"({"set": {"name": "a", "value": "id={header:x-id}"}},
                                  {"append": {"name": "b", "value": "{property:no.such.thing}"}})",
                               {{"a", "before"}});
  EXPECT_THAT(changed, HasHeaderValues("a", {"before"}));
  EXPECT_THAT(changed, HasNoHeader("b"));
}

TEST_F(HeaderTransform, LetsNoPropertySmuggleAHeaderIn) {
  ASSERT_TRUE(start({.configuration = R"({"request": [{"set": {"name": "a", "value": "{property:request.id}"}}]})"}));
  for (const std::string& bad : {std::string("1\r\nx-admin: yes"), std::string("1\n"), std::string("1\0", 2)}) {
    host().clearLogs();
    auto stream = plugin().openStream();
    stream->setProperty("request.id", bad);
    stream->request(get("/"));
    EXPECT_THAT(stream->received().headers, HasNoHeader("a"));
    EXPECT_THAT(logs(), Contains(LogLine(LogLevel::Warn, "a value with a control character was not used")));
  }
}

// Headers with which a client imitates the result of a rule.
TEST_F(HeaderTransform, TriedBypasses) {
  struct Attempt {
    std::string name;
    std::string rules;
    Headers sent;
    std::string header;  // what the upstream gets under this name
    std::vector<std::string> values;
  };
  const std::string set = R"({"set": {"name": "x-client", "value": "ours"}})";
  const std::string show = R"({"set": {"name": "x-client", "value": "{header:x-user}"}})";
  const std::string remove = R"({"remove": {"name": "x-client"}})";
  const std::string rename = R"({"rename": {"name": "x-user", "to": "x-client"}})";
  const Attempt attempts[] = {
      {"one of its own", set, {{"x-client", "mine"}}, "x-client", {"ours"}},
      {"two of its own", set, {{"x-client", "mine"}, {"x-client", "mine too"}}, "x-client", {"ours"}},
      {"in another case", set, {{"X-CLIENT", "mine"}}, "x-client", {"ours"}},
      {"removed in any case", remove, {{"X-Client", "a"}, {"x-client", "b"}, {"x-CLIENT", "c"}}, "x-client", {}},
      {"two values to be shown", show, {{"x-user", "ada"}, {"x-user", "root"}}, "x-client", {"ada, root"}},
      {"an empty one first", show, {{"x-user", ""}, {"x-user", "root"}}, "x-client", {", root"}},
      {"a place to be filled in", show, {{"x-user", "{property:plugin_name}"}}, "x-client", {"{property:plugin_name}"}},
      {"nothing to be shown", show, {{"x-client", "mine"}}, "x-client", {"mine"}},
      {"nothing to be shown, removed first", remove + "," + show, {{"x-client", "mine"}}, "x-client", {}},
      {"renamed onto it", rename, {{"x-client", "mine"}, {"x-user", "ada"}}, "x-client", {"mine", "ada"}},
      {"removed first", remove + "," + rename, {{"x-client", "mine"}, {"x-user", "ada"}}, "x-client", {"ada"}},
      {"with an underscore", set, {{"x_client", "mine"}}, "x_client", {"mine"}},
  };
  for (const auto& attempt : attempts) {
    const auto received = request(attempt.rules, attempt.sent);
    if (attempt.values.empty()) {
      EXPECT_THAT(received, HasNoHeader(attempt.header)) << attempt.name;
    } else {
      EXPECT_THAT(received, HasHeaderValues(attempt.header, attempt.values)) << attempt.name;
    }
  }
}

// Any bytes that proxies allow in a request.
TEST_F(HeaderTransform, MovesAnyBytes) {
  const std::string value = "\xff\t\xfe \x80\xc3";
  const auto moved = request(R"({"rename": {"prefix": "x-", "to": "y-"}}, {"copy": {"name": "y-a", "to": "z"}})",
                             {{"x-a", value}, {"x-empty", ""}});
  EXPECT_THAT(moved, HasHeader("y-a", value));
  EXPECT_THAT(moved, HasHeader("z", value));
  EXPECT_THAT(moved, HasHeader("y-empty", ""));
}

TEST_F(HeaderTransform, WritesNothingWhereNothingChanges) {
  ASSERT_TRUE(start({.configuration = R"({"request": [{"remove": {"name": "x-a"}}]})"}));
  send(get("/", {{"x-b", "1"}}));
  EXPECT_EQ(host().hostcalls("proxy_get_header_map_pairs"), 1u);
  EXPECT_EQ(host().hostcalls("proxy_set_header_map_pairs"), 0u);
}

TEST_F(HeaderTransform, RefusesABadConfiguration) {
  const auto response = [](const std::string& rules) { return R"({"response": [)" + rules + "]}"; };
  expectRefused("", "configuration:1:1: The document is empty.");
  expectRefused("{\"request\": [\n  {\"set\" {}}]}",
                "configuration:2:10: Missing a colon after a name of object member.");
  expectRefused("{} {}", "configuration:1:4: The document root must not be followed by other values.");
  expectRefused(std::string("{}\0{}", 5), "configuration:1:3: a NUL byte");
  expectRefused("{\"\xff\": 1}", "configuration:1:3: Invalid encoding in string.");
  expectRefused("[]", "configuration: must be an object");
  expectRefused("{}", "configuration: has no rules");
  expectRefused(R"({"request": [], "response": []})", "configuration: has no rules");
  expectRefused(R"({"requests": []})", "requests: unknown key");
  expectRefused(R"({"request": {}})", "request: must be an array");
  expectRefused(response("1"), "response[0]: must be an object");
  expectRefused(response("{}"), "response[0]: is empty; write one of set, append, remove, rename, copy");
  expectRefused(response(R"({"put": {}})"),
                "response[0].put: unknown action; write one of set, append, remove, rename, copy");
  expectRefused(response(R"({"remove": {"name": "a"}, "copy": {}})"),
                "response[0]: has two actions; write a rule for each");
  const std::string good = R"({"remove": {"name": "a"}}, {"remove": {"name": "b"}}, )";
  expectRefused(response(good + R"({"set": {"name": "a"}})"), R"(response[2].set: missing "value")");
  expectRefused(response(good + R"({"set": {"value": "a"}})"), R"(response[2].set: missing "name")");
  expectRefused(response(good + R"({"set": "a"})"), "response[2].set: must be an object");
  expectRefused(response(R"({"set": {"name": 1, "value": "a"}})"), "response[0].set.name: must be a string");
  expectRefused(response(R"({"set": {"name": "a b", "value": "a"}})"),
                R"(response[0].set.name: "a b" is not a header's name)");
  expectRefused(response(R"({"set": {"name": "", "value": "a"}})"),
                R"(response[0].set.name: "" is not a header's name)");
  expectRefused(response(R"({"append": {"name": ":path", "value": "a"}})"),
                R"(response[0].append.name: ":path" is not a header's name)");
  expectRefused(response(R"({"set": {"name": "a", "value": "b", "if": 1}})"), "response[0].set.if: unknown key");
  expectRefused(response(R"({"set": {"name": "a", "name": "b", "value": "c"}})"), "response[0].set.name: given twice");
  expectRefused(response(R"({"set": {"name": "a", "value": "b\r\nc: d"}})"),
                "response[0].set.value: holds a control character");
  expectRefused(response(R"({"set": {"name": "a", "value": "{b"}})"),
                "response[0].set.value: has a single brace; write {{ or }} for one");
  expectRefused(response(R"({"set": {"name": "a", "value": "b}"}})"),
                "response[0].set.value: has a single brace; write {{ or }} for one");
  expectRefused(response(R"({"set": {"name": "a", "value": "{b}"}})"),
                R"(response[0].set.value: cannot fill in "b"; write {header:name} or {property:path})");
  expectRefused(response(R"({"set": {"name": "a", "value": "{header:}"}})"),
                R"(response[0].set.value: "" is not a header's name)");
  expectRefused(response(R"({"set": {"name": "a", "value": "{property:}"}})"),
                "response[0].set.value: the property's path is empty");
  expectRefused(response(R"({"set": {"name": "a", "value": "{property:request.headers}"}})"),
                R"(response[0].set.value: the property "request.headers" is no text)");
  expectRefused(response(R"({"remove": {}})"), "response[0].remove: missing one of name, prefix and suffix");
  expectRefused(response(R"({"remove": {"name": "a", "suffix": "b"}})"),
                "response[0].remove.suffix: only one of name, prefix and suffix can be given");
  expectRefused(response(R"({"remove": {"prefix": ""}})"), "response[0].remove.prefix: is empty");
  expectRefused(response(R"({"remove": {"name": ":status"}})"),
                R"(response[0].remove.name: ":status" cannot stand in a header's name)");
  expectRefused(response(R"({"remove": {"name": "a", "to": "b"}})"), "response[0].remove.to: unknown key");
  expectRefused(response(R"({"rename": {"name": "a"}})"), R"(response[0].rename: missing "to")");
  expectRefused(response(R"({"copy": {"name": "a", "to": ""}})"), "response[0].copy.to: is empty");
  expectRefused(response(R"({"copy": {"prefix": "a", "to": "b c"}})"),
                R"(response[0].copy.to: "b c" cannot stand in a header's name)");
  expectRefused(R"({")" + std::string(100, 'k') + R"(\n": 1})", std::string(64, 'k') + "...: unknown key");
  expectRefused(R"({"a\r\nb": 1})", "a??b: unknown key");
}

TEST_F(HeaderTransform, RefusesAHugeConfiguration) {
  expectRefused(std::string(65537, ' '), "configuration: 65537 bytes are more than the 65536 that are allowed");
  expectRefused(std::string(16 << 20, '['), "configuration: 16777216 bytes are more than the 65536 that are allowed");
  expectRefused(std::string(65536, '['), "configuration:1:17: nested too deep");
  std::string deep;
  for (int i = 0; i < 6000; ++i) deep += "{\"a\":";
  expectRefused(deep, "configuration:1:81: nested too deep");
}

TEST_F(HeaderTransform, TakesManyRules) {
  std::string rules;
  for (int i = 0; i < 1000; ++i) rules += R"({"set": {"name": "x-)" + std::to_string(i) + R"(", "value": "v"}},)";
  rules.pop_back();
  EXPECT_THAT(request(rules), HasHeader("x-999", "v"));
}

TEST_F(HeaderTransform, OutlivesEveryAnswerOfEveryHostcall) {
  const std::string configuration = R"({"request": [{"set": {"name": "a", "value": "{property:request.id}"}},
                                                    {"set": {"name": "b", "value": "c"}}]})";
  for (int value = 1; value <= 12; ++value) {
    const auto status = static_cast<Status>(value);
    for (const std::string hostcall :
         {"proxy_get_header_map_pairs", "proxy_set_header_map_pairs", "proxy_get_property", ""}) {
      host().clearFaults();
      ASSERT_TRUE(start({.configuration = configuration}));
      host().clearLogs();
      if (hostcall.empty())
        host().failAllHostcalls(status);
      else
        host().failHostcall(hostcall, status);
      const auto exchange = send(get("/orders"), ok("body"));
      EXPECT_THAT(exchange.request.headers, HasHeader(":path", "/orders"));
      EXPECT_THAT(exchange.response, HasBody("body"));
      const bool isOrdinary = hostcall == "proxy_get_property" && status == Status::NotFound;
      if (!hostcall.empty() && !isOrdinary) {
        EXPECT_THAT(logs(), Contains(LogLine(LogLevel::Warn, HasSubstr("status " + std::to_string(value)))))
            << hostcall;
      }
    }
    host().clearFaults();
    host().failHostcall("proxy_get_buffer_bytes", status);
    EXPECT_FALSE(start({.configuration = configuration}));
  }
  host().clearFaults();
}

// A host that returns malformed lists: the request goes on unchanged, and the log says why.
TEST_F(HeaderTransform, OutlivesMalformedLists) {
  const std::string one("\1\0\0\0\1\0\0\0\1\0\0\0a\0b\0", 16);
  std::vector<std::string> lists = {"\xff\xff\xff\xff", std::string("\xff\xff\xff\xff\1\0\0\0", 8), one + "more"};
  for (size_t size = 2; size < one.size(); ++size) lists.push_back(one.substr(0, size));
  for (const char byte : {'\2', '\x7f', '\xff'}) {
    for (size_t at = 0; at < 12; ++at) {
      lists.push_back(one);
      lists.back()[at] = byte;
    }
  }
  ASSERT_TRUE(start({.configuration = R"({"request": [{"set": {"name": "b", "value": "c"}}]})"}));
  for (const auto& list : lists) {
    host().clearLogs();
    host().answerHostcall("proxy_get_header_map_pairs", list);
    EXPECT_THAT(send(get("/orders")).request.headers, HasHeader(":path", "/orders"));
    EXPECT_THAT(logs(), Contains(LogLine(LogLevel::Warn, "reading the headers: status 4")));
  }
}

TEST_F(HeaderTransform, MemoryDoesNotGrow) {
  ASSERT_TRUE(start({.configuration = R"({"request": [{"copy": {"prefix": "x-", "to": "y-"}}]})"}));
  Headers headers;
  for (int i = 0; i < 100; ++i) headers.emplace_back("x-" + std::to_string(i), std::string(500, 'v'));
  const auto play = [&](int times) {
    for (int i = 0; i < times; ++i) plugin().send(get("/", headers), ok());
  };
  play(10);
  const auto pages = plugin().memoryPages();
  play(1000);
  EXPECT_EQ(plugin().memoryPages(), pages);
}

TEST_F(HeaderTransform, LeavesTheHeadersAloneWhenMemoryRunsOut) {
  const std::string configuration =
      R"({"request": [{"set": {"name": "x-a", "value": "{header:x-b} {property:source.address}"}}]})";
  withEachAllocationFailing(host(), [&](const std::string& what) {
    if (!start({.configuration = configuration})) {
      EXPECT_THAT(logs(), Contains(LogLine(LogLevel::Error, HasSubstr("cannot be read")))) << what;
      return false;
    }
    const auto exchange = send(get("/", {{"x-b", "b"}}), ok("body"));
    EXPECT_THAT(exchange.request.headers, HasHeader("x-b", "b")) << what;
    EXPECT_THAT(exchange.response, HasBody("body")) << what;
    const bool transformed = host::headerValue(exchange.request.headers, "x-a").has_value();
    if (!transformed) {
      EXPECT_THAT(logs(), Contains(LogLine(LogLevel::Warn))) << what;
    }
    return transformed;
  });
}
