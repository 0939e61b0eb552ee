#include <sluice/testing.h>

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "common/faults.h"

using namespace sluice;
using namespace sluice::testing;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;

namespace {

constexpr std::chrono::milliseconds kDelay(10);

// Lets in who says "Bearer one".
host::CalloutReply answer(const host::Callout& callout) {
  const bool knows = callout.request.header("authorization") == "Bearer one";
  return host::CalloutReply::of(
      knows ? ok("", {{"x-user", "ada"}, {"x-other", "1"}}) : respond(401, "", {{"www-authenticate", "Bearer"}}),
      kDelay);
}

const std::string kConfiguration =
    R"("cluster": "auth", "send_headers": ["Authorization"], "take_headers": ["X-User"])";

}  // namespace

class ExtAuth : public FilterTest {
 protected:
  ExtAuth() { host().addCluster("auth", answer); }

  ::testing::AssertionResult startWith(const std::string& more = "") {
    return start({.configuration = "{" + kConfiguration + more + "}"});
  }

  // The whole exchange, the service's answer included.
  Exchange play(const Headers& headers, std::string_view path = "/reports") {
    auto& stream = openStream();
    stream.respondWith(ok("secret"));
    stream.request(get(path, headers));
    advance(kDelay);
    return stream.exchange();
  }
  Exchange playAs(const std::string& token) { return play({{"authorization", "Bearer " + token}, {"x-user", "root"}}); }

  void expectBadConfiguration(const std::string& configuration, const std::string& message) {
    host().clearLogs();
    EXPECT_FALSE(start({.configuration = configuration})) << configuration;
    EXPECT_THAT(logs(), Contains(LogLine(LogLevel::Error, message)));
  }
};

TEST_F(ExtAuth, AsksTheService) {
  ASSERT_TRUE(startWith(R"(, "path": "/check?v=1", "authority": "auth.example.com", "timeout_ms": 250)"));
  playAs("one");
  ASSERT_EQ(host().callouts().size(), 1u);
  const auto& callout = host().callouts().front();
  EXPECT_EQ(callout.cluster, "auth");
  EXPECT_EQ(callout.timeout, std::chrono::milliseconds(250));
  const Headers expected = {{":method", "GET"},
                            {":path", "/check?v=1"},
                            {":authority", "auth.example.com"},
                            {"x-original-method", "GET"},
                            {"x-original-host", "example.com"},
                            {"x-original-path", "/reports"},
                            {"authorization", "Bearer one"}};
  EXPECT_THAT(callout.request.headers, ::testing::UnorderedElementsAreArray(expected));
}

TEST_F(ExtAuth, LetsPassWhatTheServiceAllows) {
  ASSERT_TRUE(startWith());
  const auto exchange = playAs("one");
  EXPECT_THAT(exchange.response, HasBody("secret"));
  EXPECT_THAT(exchange.request.headers, HasHeaderValues("x-user", {"ada"}));
  EXPECT_THAT(exchange.request.headers, HasNoHeader("x-other"));
}

TEST_F(ExtAuth, RefusesWhatTheServiceRefuses) {
  ASSERT_TRUE(startWith());
  const auto exchange = playAs("two");
  EXPECT_THAT(exchange, IsLocalResponse(401, "the request is not allowed\n"));
  EXPECT_THAT(exchange.response.headers, HasHeader("www-authenticate", "Bearer"));
  EXPECT_EQ(exchange.details, "ext_auth_denied");
  EXPECT_FALSE(exchange.request.started);
}

TEST_F(ExtAuth, NothingReachesTheUpstreamBefore) {
  ASSERT_TRUE(startWith());
  auto& stream = openStream();
  stream.request(post("/reports", "a body", {{"authorization", "Bearer one"}}));
  EXPECT_FALSE(stream.received().started);
  advance(kDelay);
  EXPECT_EQ(stream.received().body(), "a body");
}

TEST_F(ExtAuth, NoHeaderIsBetterThanTheClients) {
  ASSERT_TRUE(startWith());
  host().addCluster("auth", host::CalloutReply::of(ok(), kDelay));
  EXPECT_THAT(playAs("one").request.headers, HasNoHeader("x-user"));
}

TEST_F(ExtAuth, OnlyTwoHundredsAreYes) {
  for (const int status : {200, 204, 299}) {
    host().addCluster("auth", host::CalloutReply::of(respond(status), kDelay));
    ASSERT_TRUE(startWith());
    EXPECT_TRUE(playAs("one").request.started) << status;
  }
  for (const auto& [status, answered] :
       std::vector<std::pair<int, int>>{{302, 403}, {400, 400}, {403, 403}, {404, 404}}) {
    host().addCluster("auth", host::CalloutReply::of(respond(status), kDelay));
    ASSERT_TRUE(startWith());
    EXPECT_THAT(playAs("one"), IsLocalResponse(answered, "the request is not allowed\n")) << status;
  }
}

TEST_F(ExtAuth, WithoutAnAnswerItRefusesOrLetsPass) {
  const std::vector<host::CalloutReply> replies = {
      host::CalloutReply::of(respond(500), kDelay), host::CalloutReply::of(respond(503), kDelay),
      host::CalloutReply::reset(kDelay), host::CalloutReply::connectionFailure(kDelay), host::CalloutReply::never()};
  for (const auto& reply : replies) {
    host().addCluster("auth", reply);
    for (const bool passes : {false, true}) {
      host().clearLogs();
      ASSERT_TRUE(
          startWith(std::string(R"(, "timeout_ms": 5, "when_unavailable": ")") + (passes ? "pass\"" : "refuse\"")));
      const auto exchange = playAs("one");
      EXPECT_EQ(exchange.request.started, passes);
      EXPECT_THAT(exchange.request.headers, HasNoHeader("x-user"));
      if (!passes) EXPECT_THAT(exchange, IsLocalResponse(503, "the request cannot be checked now\n"));
      EXPECT_THAT(logs(), Contains(LogLine(LogLevel::Warn, HasSubstr("the authorization service gives no answer"))));
    }
  }
}

TEST_F(ExtAuth, AnUnknownClusterIsNoAnswer) {
  ASSERT_TRUE(start({.configuration = R"({"cluster": "unknown"})"}));
  EXPECT_THAT(playAs("one"), IsLocalResponse(503, "the request cannot be checked now\n"));
  ASSERT_TRUE(start({.configuration = R"({"cluster": "unknown", "when_unavailable": "pass"})"}));
  EXPECT_TRUE(playAs("one").request.started);
}

TEST_F(ExtAuth, AClientThatGoesIsForgotten) {
  ASSERT_TRUE(startWith());
  auto& stream = openStream();
  stream.request(get("/", {{"authorization", "Bearer one"}}));
  stream.close();
  advance(kDelay);
  EXPECT_FALSE(stream.received().started);
}

TEST_F(ExtAuth, RemembersADecisionForAsLongAsItIsTold) {
  ASSERT_TRUE(startWith(R"(, "remember_seconds": 60)"));
  for (int i = 0; i < 3; ++i) {
    EXPECT_THAT(playAs("one").request.headers, HasHeaderValues("x-user", {"ada"}));
    const auto refused = playAs("two");
    EXPECT_THAT(refused, IsLocalResponse(401, "the request is not allowed\n"));
    EXPECT_THAT(refused.response.headers, HasHeader("www-authenticate", "Bearer"));
  }
  EXPECT_EQ(host().callouts().size(), 2u);
  play({{"authorization", "Bearer one"}}, "/elsewhere");
  EXPECT_EQ(host().callouts().size(), 3u);
  advance(std::chrono::seconds(60));
  playAs("one");
  EXPECT_EQ(host().callouts().size(), 4u);
}

TEST_F(ExtAuth, RemembersNoFailure) {
  host().addCluster("auth", host::CalloutReply::of(respond(500), kDelay));
  ASSERT_TRUE(startWith(R"(, "remember_seconds": 60)"));
  EXPECT_FALSE(playAs("one").request.started);
  host().addCluster("auth", answer);
  EXPECT_TRUE(playAs("one").request.started);
}

TEST_F(ExtAuth, DistrustsWhatIsInSharedData) {
  ASSERT_TRUE(startWith(R"(, "remember_seconds": 60)"));
  playAs("one");
  for (int place = 0; place < 1024; ++place) {
    const auto key = "ext_auth." + std::to_string(place);
    const auto value = host().sharedData("", key);
    if (!value) continue;
    for (size_t size = 0; size < value->size(); ++size) {
      host().setSharedData("", key, value->substr(0, size));
      EXPECT_THAT(playAs("one").request.headers, HasHeaderValues("x-user", {"ada"})) << size;
    }
    return;
  }
  FAIL() << "nothing was remembered";
}

TEST_F(ExtAuth, RefusesBadConfigurations) {
  expectBadConfiguration("", "configuration:1:1: The document is empty.");
  expectBadConfiguration("{}", "configuration: missing \"cluster\"");
  expectBadConfiguration(R"({"cluster": ""})", "cluster: is empty");
  expectBadConfiguration(R"({"cluster": 1})", "cluster: must be a string");
  expectBadConfiguration(R"({"cluster": "a", "path": "check"})", "path: must begin with /");
  expectBadConfiguration(R"({"cluster": "a", "when_unavailable": "maybe"})",
                         "when_unavailable: must be refuse or pass");
  expectBadConfiguration(R"({"cluster": "a", "send_headers": ["a b"]})",
                         "send_headers[0]: \"a b\" is not a header's name");
  expectBadConfiguration(R"({"cluster": "a", "take_headers": [":path"]})",
                         "take_headers[0]: \":path\" is not a header's name");
  EXPECT_FALSE(start({.configuration = R"({"cluster": "a", "timeout_ms": 0})"}));
  EXPECT_FALSE(start({.configuration = R"({"cluster": "a", "cache": 1})"}));
}

// Whatever the host answers: nobody passes without the service's word, and nothing of the client's stands in x-user.
TEST_F(ExtAuth, PassesNobodyWhenTheHostFails) {
  ASSERT_TRUE(startWith(R"(, "remember_seconds": 60)"));
  withEveryAnswerOfEveryHostcall(host(), [&](std::string_view hostcall, Status status) {
    const auto what = std::string(hostcall) + ' ' + std::string(toString(status));
    EXPECT_FALSE(playAs("two").request.started) << what;
    const auto exchange = playAs("one");
    if (exchange.request.started) EXPECT_THAT(exchange.request.headers, Not(HasHeader("x-user", "root"))) << what;
  });
  EXPECT_FALSE(plugin().failure().has_value());
}

TEST_F(ExtAuth, PassesNobodyWhenMemoryRunsOut) {
  withEachAllocationFailing(host(), [&](const std::string& what) {
    if (!startWith(R"(, "remember_seconds": 60)")) {
      EXPECT_THAT(logs(), Contains(LogLine(LogLevel::Error, HasSubstr("cannot be read")))) << what;
      return false;
    }
    const auto right = play({{"authorization", "Bearer one"}}, "/" + what);
    if (!right.request.started) EXPECT_THAT(logs(), Contains(LogLine(LogLevel::Warn))) << what;
    const auto wrong = play({{"authorization", "Bearer two"}}, "/" + what);
    EXPECT_FALSE(wrong.request.started) << what;
    return right.request.started && wrong.details == "ext_auth_denied";
  });
}
