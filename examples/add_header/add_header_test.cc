#include <sluice/testing.h>

#include <string>

#include "common/faults.h"

using namespace sluice;
using namespace sluice::testing;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::StartsWith;

class AddHeader : public FilterTest {
 protected:
  // Expects that the filter refuses `configuration` with an error that begins with `message`.
  void expectRefused(const std::string& configuration, const std::string& message) {
    host().clearLogs();
    EXPECT_FALSE(start({.configuration = configuration})) << configuration;
    EXPECT_THAT(logs(), Contains(LogLine(LogLevel::Error, StartsWith(message))));
  }
};

TEST_F(AddHeader, AddsTheConfiguredHeader) {
  ASSERT_TRUE(start({.configuration = "hello: tomorrow"}));
  const auto exchange = send(get("/"), ok("body"));
  EXPECT_THAT(exchange.response.headers, HasHeader("hello", "tomorrow"));
  EXPECT_THAT(exchange.response, HasBody("body"));
}

TEST_F(AddHeader, AddsOneHeaderForEachLine) {
  ASSERT_TRUE(start({.configuration = "x-one: 1\n\nx-two:  two words\t\nx-one: again\nx-empty:\n"}));
  const auto exchange = send(get("/"));
  EXPECT_THAT(exchange.response.headers, HasHeaderValues("x-one", {"1", "again"}));
  EXPECT_THAT(exchange.response.headers, HasHeader("x-two", "two words"));
  EXPECT_THAT(exchange.response.headers, HasHeader("x-empty", ""));
}

TEST_F(AddHeader, KeepsWhatTheUpstreamSent) {
  ASSERT_TRUE(start({.configuration = "x-id: ours"}));
  const auto exchange = send(get("/"), ok("", {{"x-id", "theirs"}}));
  EXPECT_THAT(exchange.response.headers, HasHeaderValues("x-id", {"theirs", "ours"}));
}

// Tricks of an upstream or a client to suppress the configured value.
TEST_F(AddHeader, TriedBypasses) {
  struct Attempt {
    std::string name;
    Headers requested;
    Headers upstream;
    std::vector<std::string> values;
  };
  const Attempt attempts[] = {
      {"the client sends it", {{"x-id", "mine"}}, {}, {"ours"}},
      {"the upstream sends it twice", {}, {{"x-id", "a"}, {"x-id", "b"}}, {"a", "b", "ours"}},
      {"the upstream sends it in another case", {}, {{"X-ID", "a"}}, {"a", "ours"}},
      {"the upstream sends the same value", {}, {{"x-id", "ours"}}, {"ours", "ours"}},
      {"the upstream sends it empty", {}, {{"x-id", ""}}, {"", "ours"}},
      {"the upstream sends it joined", {}, {{"x-id", "a,b"}}, {"a,b", "ours"}},
  };
  for (const auto& attempt : attempts) {
    ASSERT_TRUE(start({.configuration = "X-Id: ours"}));
    const auto exchange = send(get("/", attempt.requested), ok("", attempt.upstream));
    EXPECT_THAT(exchange.response.headers, HasHeaderValues("x-id", attempt.values)) << attempt.name;
  }
}

TEST_F(AddHeader, AddsAnyBytesThatAHeaderMayHold) {
  ASSERT_TRUE(start({.configuration = "x-bytes: \xff\xfe caf\xc3\xa9 \tend"}));
  EXPECT_THAT(send(get("/")).response.headers, HasHeader("x-bytes", "\xff\xfe caf\xc3\xa9 \tend"));
}

TEST_F(AddHeader, LeavesTheRequestAlone) {
  ASSERT_TRUE(start({.configuration = "hello: tomorrow"}));
  const auto exchange = send(post("/form", "a=b"));
  EXPECT_THAT(exchange.request.headers, HasNoHeader("hello"));
  EXPECT_THAT(exchange.request, HasBody("a=b"));
}

TEST_F(AddHeader, EachConfigurationHasItsOwnHeaders) {
  ASSERT_TRUE(start({.name = "first", .configuration = "x-which: first"}));
  const auto& first = plugin();
  ASSERT_TRUE(start({.name = "second", .configuration = "x-which: second"}));
  EXPECT_THAT(send(get("/")).response.headers, HasHeaderValues("x-which", {"second"}));
  EXPECT_THAT(const_cast<Plugin&>(first).send(get("/"), ok()).response.headers, HasHeaderValues("x-which", {"first"}));
}

TEST_F(AddHeader, RefusesABadConfiguration) {
  expectRefused("", "configuration: is empty");
  expectRefused("\n  \n\t\n", "configuration: is empty");
  expectRefused("hello", "configuration line 1: there is no colon");
  expectRefused("a: b\nhello\n", "configuration line 2: there is no colon");
  expectRefused(": tomorrow", "configuration line 1: the name before the colon is empty");
  expectRefused("a: b\n\n:status: 200", "configuration line 3: the name before the colon is empty");
  for (const std::string name : {"hel lo", " hello", "hello ", "h\xc3\xa9llo", "hello\x7f", "he(llo", "hello\r"})
    expectRefused(name + ": tomorrow", "configuration line 1: a character of the name");
  expectRefused(std::string("hel\0lo: tomorrow", 16), "configuration line 1: a character of the name");
  expectRefused("a: b\r\nc: d\r\n", "configuration line 1: a control character");
  expectRefused("hello: to\rmorrow", "configuration line 1: a control character");
  expectRefused("hello: to\x7fmorrow", "configuration line 1: a control character");
  expectRefused(std::string("hello: to\0morrow", 16), "configuration line 1: a control character");
}

TEST_F(AddHeader, RefusesAHugeConfiguration) {
  expectRefused(std::string(65537, 'x'), "configuration: 65537 bytes are more than the 65536");
  expectRefused(std::string(16 << 20, 'x'), "configuration: 16777216 bytes");
  expectRefused(std::string(65536, 'x'), "configuration line 1: there is no colon");
}

TEST_F(AddHeader, TakesTheLongestConfiguration) {
  std::string configuration;
  while (configuration.size() + 16 <= 65536) configuration += "x-number: 12345\n";
  ASSERT_TRUE(start({.configuration = configuration}));
  EXPECT_THAT(send(get("/")).response.headers, HasHeader("x-number"));
}

// A host that returns invalid results: the filter logs them, and the exchange goes on.
TEST_F(AddHeader, OutlivesEveryAnswerOfEveryHostcall) {
  for (int value = 1; value <= 12; ++value) {
    const auto status = static_cast<Status>(value);
    host().clearLogs();
    host().clearFaults();
    ASSERT_TRUE(start({.configuration = "hello: tomorrow"}));
    host().failHostcall("proxy_add_header_map_value", status);
    EXPECT_THAT(send(get("/"), ok("body")).response, HasBody("body"));
    EXPECT_THAT(logs(), Contains(LogLine(LogLevel::Warn, HasSubstr(std::string(toString(status))))));
    host().failAllHostcalls(status);
    EXPECT_THAT(send(get("/"), ok("body")).response, HasBody("body"));
    EXPECT_FALSE(start({.configuration = "hello: tomorrow"}));
    host().clearFaults();
    host().clearLogs();
    host().failHostcall("proxy_get_buffer_bytes", status);
    EXPECT_FALSE(start({.configuration = "hello: tomorrow"}));
    EXPECT_THAT(logs(), Contains(LogLine(LogLevel::Error, StartsWith("configuration: cannot be read"))));
  }
}

TEST_F(AddHeader, SaysSoWhenMemoryRunsOut) {
  withEachAllocationFailing(host(), [&](const std::string& what) {
    const bool started = start({.configuration = "hello: tomorrow"});
    EXPECT_EQ(logs().empty(), started) << what;
    if (started) {
      EXPECT_THAT(send(get("/")).response.headers, HasHeader("hello", "tomorrow")) << what;
    }
    return started;
  });
}

TEST_F(AddHeader, CostsFourCrossings) {
  ASSERT_TRUE(start({.configuration = "hello: tomorrow"}));
  send(get("/"), ok("body"));
  const auto before = plugin().counts();
  send(get("/"), ok("body"));
  EXPECT_EQ((plugin().counts() - before).crossings, 4u);
}
