#include <sluice/testing.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/faults.h"
#include "rate_limit/bucket.h"

using namespace sluice;
using namespace sluice::testing;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;

class RateLimit : public FilterTest {
 protected:
  static Message from(const std::string& client) { return get("/", {{"x-client", client}}); }
  static std::optional<std::string> headerValue(const Headers& headers, std::string_view name) {
    return host::headerValue(headers, name);
  }
  // The number of `count` requests that pass.
  int passed(int count, const Message& request = get("/")) {
    int passed = 0;
    for (int i = 0; i < count; ++i) passed += send(request).localResponse ? 0 : 1;
    return passed;
  }
  void expectBadConfiguration(const std::string& configuration, const std::string& message) {
    host().clearLogs();
    EXPECT_FALSE(start({.configuration = configuration})) << configuration;
    EXPECT_THAT(logs(), Contains(LogLine(LogLevel::Error, message)));
  }
};

TEST_F(RateLimit, PassesAsManyAsTheLimit) {
  ASSERT_TRUE(start({.configuration = R"({"limit": 3})"}));
  EXPECT_EQ(passed(10), 3);
  EXPECT_THAT(logs(), Not(Contains(LogLine(LogLevel::Warn))));
}

TEST_F(RateLimit, TokensFlowInEvenly) {
  ASSERT_TRUE(start({.configuration = R"({"limit": 4, "window_seconds": 2})"}));
  EXPECT_EQ(passed(10), 4);
  advance(std::chrono::milliseconds(499));
  EXPECT_EQ(passed(10), 0);
  advance(std::chrono::milliseconds(1));
  EXPECT_EQ(passed(10), 1);
  advance(std::chrono::seconds(1));
  EXPECT_EQ(passed(10), 2);
  advance(std::chrono::hours(1));
  EXPECT_EQ(passed(10), 4);
}

TEST_F(RateLimit, SaysHowMuchIsLeft) {
  ASSERT_TRUE(start({.configuration = R"({"limit": 2, "window_seconds": 10})"}));
  const auto first = send(get("/"), ok("", {{"x-ratelimit-limit", "1000"}})).response.headers;
  EXPECT_THAT(first, HasHeaderValues("x-ratelimit-limit", {"2"}));
  EXPECT_THAT(first, HasHeader("x-ratelimit-remaining", "1"));
  EXPECT_THAT(first, HasHeader("x-ratelimit-reset", "5"));
  EXPECT_THAT(first, HasNoHeader("retry-after"));
  send(get("/"));
  advance(std::chrono::milliseconds(1500));
  const auto exchange = send(get("/"));
  EXPECT_THAT(exchange.response, HasStatus(429));
  EXPECT_THAT(exchange.response, HasBody("too many requests\n"));
  EXPECT_THAT(exchange.response.headers, HasHeaderValues("retry-after", {"4"}));
  EXPECT_THAT(exchange.response.headers, HasHeaderValues("x-ratelimit-limit", {"2"}));
  EXPECT_THAT(exchange.response.headers, HasHeaderValues("x-ratelimit-remaining", {"0"}));
  EXPECT_THAT(exchange.response.headers, HasHeaderValues("x-ratelimit-reset", {"9"}));
  EXPECT_EQ(exchange.details, "rate_limit_limited");
  EXPECT_FALSE(exchange.request.started);
}

TEST_F(RateLimit, SaysNothingWhenToldSo) {
  ASSERT_TRUE(start({.configuration = R"({"limit": 1, "headers": false})"}));
  EXPECT_THAT(send(get("/")).response.headers, HasNoHeader("x-ratelimit-limit"));
  EXPECT_THAT(send(get("/")).response.headers, HasHeader("retry-after", "1"));
}

TEST_F(RateLimit, TellsClientsApartByAHeader) {
  ASSERT_TRUE(start({.configuration = R"({"limit": 2, "header": "X-Client"})"}));
  EXPECT_EQ(passed(5, from("alice")), 2);
  EXPECT_EQ(passed(5, from("bob")), 2);
  EXPECT_EQ(passed(5, from("")), 2);
  EXPECT_EQ(passed(5), 0);  // All requests without the header are from the same client.
}

TEST_F(RateLimit, TellsClientsApartByTheirAddress) {
  ASSERT_TRUE(start({.configuration = R"({"limit": 2, "property": "source.address"})"}));
  for (const auto* address : {"10.0.0.1:1000", "10.0.0.1:2000", "[2001:db8::1]:1000", "[2001:db8::1]:2000"}) {
    host().setProperty("source.address", address);
    EXPECT_EQ(passed(1), 1) << address;
  }
  EXPECT_EQ(passed(1), 0);
  host().setProperty("source.address", "[2001:db8::2]:1000");
  EXPECT_EQ(passed(5), 2);
}

// Envoy takes an address without a port from x-forwarded-for, which a client can set to anything.
TEST_F(RateLimit, AddressesFromAHeaderAreOneClientUnlessTheyAreTrusted) {
  const auto passedInAll = [&](const std::string& more, const std::vector<std::string>& addresses) {
    EXPECT_TRUE(start({.configuration = R"({"limit": 2, "property": "source.address")" + more + "}"}));
    int all = 0;
    for (const auto& address : addresses) {
      host().setProperty("source.address", address);
      all += passed(1);
    }
    return all;
  };
  const std::vector<std::string> forwarded = {"203.0.113.1:0", "203.0.113.2:0", "[2001:db8::1]:0", "[2001:db8::2]:0"};
  EXPECT_EQ(passedInAll("", forwarded), 2);
  EXPECT_EQ(passedInAll(R"(, "name": "b", "trust_forwarded": true)", forwarded), 4);
  EXPECT_EQ(passedInAll(R"(, "name": "c")", {"203.0.113.1:10", "203.0.113.2:20", "203.0.113.3:100"}), 3);
  expectBadConfiguration(R"({"limit": 1, "trust_forwarded": true})",
                         "trust_forwarded: has no meaning unless clients are told apart by source.address");
  expectBadConfiguration(R"({"limit": 1, "property": "source.address", "trust_forwarded": 1})",
                         "trust_forwarded: must be true or false");
}

// Attempts of a client to be counted as another client.
TEST_F(RateLimit, TriedBypasses) {
  struct Attempt {
    std::string name;
    Headers headers;
    int status;
  };
  const Attempt attempts[] = {
      {"the same again", {{"x-client", "alice"}}, 429},
      {"another name first", {{"x-client", "mallory"}, {"x-client", "alice"}}, 400},
      {"another name last", {{"x-client", "alice"}, {"x-client", "mallory"}}, 400},
      {"the same name twice", {{"x-client", "alice"}, {"x-client", "alice"}}, 400},
      {"another case", {{"X-Client", "alice"}}, 429},
      {"both cases", {{"X-Client", "mallory"}, {"x-client", "alice"}}, 400},
      {"no name", {}, 200},
      {"an empty name, which is none", {{"x-client", ""}}, 429},
      {"two empty names", {{"x-client", ""}, {"x-client", ""}}, 400},
  };
  ASSERT_TRUE(start({.configuration = R"({"limit": 1, "header": "x-client"})"}));
  EXPECT_EQ(passed(1, from("alice")), 1);
  for (const auto& attempt : attempts) {
    const auto exchange = send(get("/", attempt.headers));
    EXPECT_THAT(exchange.response, HasStatus(attempt.status)) << attempt.name;
    if (attempt.status == 400) {
      EXPECT_EQ(exchange.details, "rate_limit_repeated") << attempt.name;
    }
  }
}

TEST_F(RateLimit, KeepsABoundedNumberOfBuckets) {
  ASSERT_TRUE(start({.vmId = "vm", .configuration = R"({"limit": 1, "header": "x-client", "buckets": 7})"}));
  for (int i = 0; i < 200; ++i) send(from("client " + std::to_string(i)));
  int there = 0;
  for (int i = 0; i < 200; ++i) there += host().sharedData("vm", "rate_limit/" + std::to_string(i)) ? 1 : 0;
  EXPECT_EQ(there, 7);
}

TEST_F(RateLimit, NamesKeepBucketsApart) {
  ASSERT_TRUE(start({.vmId = "vm", .configuration = R"({"limit": 1, "name": "one"})"}));
  EXPECT_EQ(passed(2), 1);
  ASSERT_TRUE(start({.vmId = "vm", .configuration = R"({"limit": 1, "name": "two"})"}));
  EXPECT_EQ(passed(2), 1);
  ASSERT_TRUE(start({.vmId = "vm", .configuration = R"({"limit": 1, "name": "one"})"}));
  EXPECT_EQ(passed(2), 0);
}

// --- Several VMs

TEST_F(RateLimit, WorkersCountTogether) {
  std::vector<std::shared_ptr<Plugin>> workers;
  for (int i = 0; i < 4; ++i)
    workers.push_back(host().load(filterPath(), {.vmId = "vm",
                                                 .vmConfiguration = std::to_string(i),
                                                 .configuration = R"({"limit": 50, "window_seconds": 3600})"}));
  int passed = 0;
  for (int i = 0; i < 200; ++i)
    passed += workers[static_cast<size_t>(i * i) % 4]->send(get("/"), ok()).localResponse ? 0 : 1;
  EXPECT_EQ(passed, 50);
}

// Sometimes other VMs are faster: each request still counts exactly once.
TEST_F(RateLimit, NoRequestIsLostWhenWorkersCompete) {
  ASSERT_TRUE(start({.configuration = R"({"limit": 100, "window_seconds": 3600})"}));
  for (int i = 0; i < 100; ++i) {
    host().failHostcall("proxy_set_shared_data", Status::CasMismatch, static_cast<uint64_t>(i % 16));
    EXPECT_FALSE(send(get("/")).localResponse) << i;
  }
  EXPECT_TRUE(send(get("/")).localResponse);
  EXPECT_THAT(logs(), Not(Contains(LogLine(LogLevel::Warn))));
}

TEST_F(RateLimit, GivesUpWhenOthersAreAlwaysFirst) {
  for (const bool passes : {true, false}) {
    host().clearLogs();
    host().clearFaults();
    ASSERT_TRUE(start(
        {.configuration = std::string(R"({"limit": 5, "on_failure": ")") + (passes ? "pass" : "refuse") + "\"}"}));
    host().failHostcall("proxy_set_shared_data", Status::CasMismatch);
    const auto before = host().hostcalls("proxy_set_shared_data");
    const auto exchange = send(get("/"));
    EXPECT_EQ(host().hostcalls("proxy_set_shared_data") - before, 16u);
    EXPECT_EQ(exchange.localResponse, !passes);
    if (!passes) {
      EXPECT_THAT(exchange.response, HasStatus(503));
      EXPECT_EQ(exchange.details, "rate_limit_failure");
    }
    EXPECT_THAT(logs(), Contains(LogLine(LogLevel::Warn, "taking a token: status 8")));
  }
}

// --- Bad input

TEST_F(RateLimit, RefusesABadConfiguration) {
  expectBadConfiguration("", "configuration:1:1: The document is empty.");
  expectBadConfiguration("[]", "configuration: must be an object");
  expectBadConfiguration("{}", "configuration: missing \"limit\"");
  expectBadConfiguration(R"({"limit": 1, "limits": 1})", "limits: unknown key");
  for (const std::string bad : {"0", "1000001", "-1", "1.5", "\"1\"", "null"})
    expectBadConfiguration("{\"limit\": " + bad + "}", "limit: must be a whole number from 1 to 1000000");
  expectBadConfiguration(R"({"limit": 1, "window_seconds": 0})",
                         "window_seconds: must be a whole number from 1 to 86400");
  expectBadConfiguration(R"({"limit": 1, "buckets": 0})", "buckets: must be a whole number from 1 to 1000000");
  for (const std::string bad : {"", "a b", "\\u00e9"})
    expectBadConfiguration(R"({"limit": 1, "header": ")" + bad + "\"}", "header: must be a header's name");
  expectBadConfiguration(R"({"limit": 1, "header": 1})", "header: must be a string");
  expectBadConfiguration(R"({"limit": 1, "property": ""})", "property: is empty");
  expectBadConfiguration(R"({"limit": 1, "header": "a", "property": "b"})",
                         "header: clients are told apart by a header or by a property, not by both");
  expectBadConfiguration(R"({"limit": 1, "on_failure": "open"})", "on_failure: must be pass or refuse");
  expectBadConfiguration(R"({"limit": 1, "headers": "no"})", "headers: must be true or false");
  expectBadConfiguration(std::string(70'000, ' '),
                         "configuration: 70000 bytes are more than the 65536 that are allowed");
}

TEST_F(RateLimit, ValuesOfOthersAreNoBuckets) {
  ASSERT_TRUE(start({.vmId = "vm", .configuration = R"({"limit": 1, "buckets": 1})"}));
  host().setSharedData("vm", "rate_limit/0", "what is this?");
  EXPECT_EQ(passed(2), 2);
  EXPECT_THAT(logs(), Contains(LogLine(LogLevel::Warn, "taking a token: status 9")));
  // The largest and the smallest possible time.
  for (const char byte : {'\x7f', '\x80', '\0'}) {
    host().setSharedData("vm", "rate_limit/0", std::string(7, byte == '\x7f' ? '\xff' : '\0') + byte);
    EXPECT_LE(passed(2), 1);
    advance(std::chrono::seconds(1));
    EXPECT_EQ(passed(2), 1);
  }
}

TEST_F(RateLimit, OutlivesEveryAnswerOfEveryHostcall) {
  for (const auto* configuration :
       {R"({"limit": 1000000, "header": "x-client"})", R"({"limit": 1000000, "property": "source.address"})"}) {
    ASSERT_TRUE(start({.configuration = configuration}));
    withEveryAnswerOfEveryHostcall(host(), [&](std::string_view hostcall, Status status) {
      const auto exchange = send(from("alice"), ok("body"));
      EXPECT_THAT(exchange.response, HasBody("body")) << hostcall;
      const bool isUsed = hostcall == "proxy_set_shared_data" || hostcall == "proxy_get_current_time_nanoseconds" ||
                          (hostcall == "proxy_get_shared_data" && status != Status::NotFound);
      if (isUsed) {
        EXPECT_THAT(logs(), Contains(LogLine(LogLevel::Warn))) << hostcall << ' ' << toString(status);
      }
    });
    for (const std::string nonsense : {"", "1234567", "12345678", "123456789"}) {
      host().answerHostcall("proxy_get_shared_data", nonsense);
      EXPECT_THAT(send(from("alice"), ok("body")).response, HasBody("body"));
    }
    host().clearFaults();
  }
}

TEST_F(RateLimit, ARequestThatIsRefusedNeverPasses) {
  ASSERT_TRUE(start({.configuration = R"({"limit": 1, "window_seconds": 3600})"}));
  send(get("/"));
  withEveryAnswerOfEveryHostcall(host(), [&](std::string_view hostcall, Status) {
    const auto exchange = send(get("/"), ok("secret"));
    const bool keepsCount = hostcall.empty() || hostcall.find("shared_data") != std::string_view::npos ||
                            hostcall == "proxy_get_current_time_nanoseconds";
    if (!keepsCount) {
      EXPECT_FALSE(exchange.request.started) << hostcall;
    }
  });
}

TEST_F(RateLimit, SaysSoWhenMemoryRunsOut) {
  withEachAllocationFailing(host(), [&](const std::string& what) {
    if (!start({.configuration = R"({"limit": 1000000, "header": "x-client"})"})) {
      EXPECT_THAT(logs(), Contains(LogLine(LogLevel::Error, HasSubstr("cannot be read")))) << what;
      return false;
    }
    const auto exchange = send(from("alice"), ok("body"));
    EXPECT_THAT(exchange.response, HasBody("body")) << what;
    const bool counted = headerValue(exchange.response.headers, "x-ratelimit-remaining").has_value();
    if (!counted) {
      EXPECT_THAT(logs(), Contains(LogLine(LogLevel::Warn))) << what;
    }
    return counted && logs().empty();
  });
}

// --- Unit tests of the bucket

TEST(Bucket, NeverGivesMoreThanItHasAndWhatFlowsIn) {
  const Bucket bucket(10, 1'000'000'000);
  int64_t fullAt = 0;
  int64_t now = 1'700'000'000'000'000'000;
  const int64_t begin = now;
  int64_t taken = 0;
  uint32_t random = 1;
  for (int i = 0; i < 10'000; ++i) {
    random = random * 1103515245 + 12345;
    now += random % 50'000'000;
    const auto outcome = bucket.take(fullAt, now);
    EXPECT_EQ(outcome.taken, outcome.wait == 0);
    EXPECT_LE(outcome.remaining, 9u);
    if (!outcome.taken) {
      EXPECT_EQ(outcome.remaining, 0u);
      EXPECT_TRUE(bucket.take(fullAt, now + outcome.wait).taken);
      EXPECT_FALSE(bucket.take(fullAt, now + outcome.wait - 1).taken);
    }
    taken += outcome.taken ? 1 : 0;
    fullAt = outcome.fullAt;
    EXPECT_LE(taken, 10 + (now - begin) / 100'000'000);
  }
  EXPECT_GT(taken, (now - begin) / 100'000'000);
}

TEST(Bucket, AClockThatIsPutBackClosesItForAWindowAtMost) {
  const Bucket bucket(1, 1'000'000'000);
  const int64_t later = 2'000'000'000'000'000'000;
  const int64_t earlier = later - 500'000'000'000;
  const auto outcome = bucket.take(bucket.take(0, later).fullAt, earlier);
  EXPECT_FALSE(outcome.taken);
  EXPECT_EQ(outcome.wait, 1'000'000'000);
}
