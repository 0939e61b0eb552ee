#include <sluice/testing.h>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "common/faults.h"

using namespace sluice;
using namespace sluice::testing;
using host::Callout;
using host::CalloutReply;
using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

// The service knows two tokens: "alice" may do everything, "bob" may read.
class ExtAuth : public FilterTest {
 protected:
  ExtAuth() {
    host().addCluster("auth", [this](const Callout& callout) {
      if (failure_) return *failure_;
      const auto token = callout.request.header("authorization");
      const bool reads = callout.request.header("x-forwarded-method") == "GET";
      if (token == "alice" || (token == "bob" && reads))
        return CalloutReply::of(ok("welcome", {{"x-user", token}, {"x-group", "a"}, {"x-group", "b"}}), kDelay);
      if (!token.empty()) return CalloutReply::of(respond(403, "not you\n", {{"x-secret", "1"}}), kDelay);
      return CalloutReply::of(respond(401, "not you\n", {{"www-authenticate", "Token"}, {"x-secret", "1"}}), kDelay);
    });
  }

  ::testing::AssertionResult startWith(const std::string& more = "", PluginOptions options = {}) {
    options.configuration = R"({"cluster": "auth", "response_headers": ["X-User", "x-group"])" + more + "}";
    return start(std::move(options));
  }

  // Plays an exchange, including the service's delay.
  Exchange play(const Message& request) { return playThrough(plugin(), request); }
  Exchange playThrough(Plugin& plugin, const Message& request) {
    const auto stream = plugin.openStream();
    stream->respondWith(ok("secret"));
    stream->request(request);
    advance(kDelay);
    return stream->exchange();
  }
  static Message by(const std::string& token, const std::string& path = "/") {
    return get(path, {{"authorization", token}});
  }
  size_t calls() { return host().callouts().size(); }

  void expectBadConfiguration(const std::string& configuration, const std::string& message) {
    host().clearLogs();
    EXPECT_FALSE(start({.configuration = configuration})) << configuration;
    EXPECT_THAT(logs(), Contains(LogLine(LogLevel::Error, message)));
  }

  static constexpr milliseconds kDelay{10};
  std::optional<CalloutReply> failure_;
};

TEST_F(ExtAuth, AsksTheService) {
  ASSERT_TRUE(startWith(R"(, "authority": "auth.internal", "path": "/check?x=1", "timeout_ms": 250)"));
  auto request = post("/orders?id=1", "body", {{"authorization", "alice"}, {"cookie", "a=1"}, {"x-other", "1"}});
  EXPECT_TRUE(play(request).request.complete);
  ASSERT_THAT(host().callouts(), SizeIs(1));
  const auto& callout = host().callouts()[0];
  EXPECT_EQ(callout.cluster, "auth");
  EXPECT_EQ(callout.timeout, milliseconds(250));
  const Headers expected = {{":method", "GET"}, {":path", "/check?x=1"}, {":authority", "auth.internal"}};
  for (const auto& [name, value] : expected) EXPECT_THAT(callout.request.headers, HasHeaderValues(name, {value}));
  EXPECT_THAT(callout.request.headers, HasHeaderValues("x-forwarded-method", {"POST"}));
  EXPECT_THAT(callout.request.headers, HasHeaderValues("x-forwarded-uri", {"/orders?id=1"}));
  EXPECT_THAT(callout.request.headers, HasHeaderValues("x-forwarded-host", {"example.com"}));
  EXPECT_THAT(callout.request.headers, HasHeaderValues("authorization", {"alice"}));
  EXPECT_THAT(callout.request.headers, HasHeaderValues("cookie", {"a=1"}));
  EXPECT_THAT(callout.request.headers, HasNoHeader("x-other"));
  EXPECT_THAT(callout.request.body(), IsEmpty());
}

TEST_F(ExtAuth, ShowsTheHeadersThatItIsToldTo) {
  ASSERT_TRUE(startWith(R"(, "request_headers": ["Authorization", "x-tag"])"));
  play(get("/", {{"authorization", "alice"}, {"cookie", "a"}, {"x-tag", "1"}, {"x-tag", "2"}}));
  ASSERT_THAT(host().callouts(), SizeIs(1));
  EXPECT_THAT(host().callouts()[0].request.headers, HasHeaderValues("x-tag", {"1", "2"}));
  EXPECT_THAT(host().callouts()[0].request.headers, HasNoHeader("cookie"));
}

TEST_F(ExtAuth, TheRequestWaitsForTheReply) {
  ASSERT_TRUE(startWith());
  auto& stream = openStream();
  stream.respondWith(ok());
  stream.request(by("alice"));
  EXPECT_TRUE(stream.requestPaused());
  EXPECT_FALSE(stream.received().started);
  advance(kDelay);
  EXPECT_TRUE(stream.received().complete);
  EXPECT_EQ(stream.received().arrivals, 1u);
}

TEST_F(ExtAuth, OnlyTheServiceSaysWhoItIs) {
  ASSERT_TRUE(startWith());
  auto request = by("bob");
  request.headers.emplace_back("x-user", "root");
  request.headers.emplace_back("X-Group", "wheel");
  const auto exchange = play(request);
  EXPECT_THAT(exchange.request.headers, HasHeaderValues("x-user", {"bob"}));
  EXPECT_THAT(exchange.request.headers, HasHeaderValues("x-group", {"a", "b"}));
}

TEST_F(ExtAuth, TheClientGetsTheServicesRefusal) {
  ASSERT_TRUE(startWith());
  const auto exchange = play(get("/"));
  EXPECT_THAT(exchange, IsLocalResponse(401, "not you\n"));
  EXPECT_THAT(exchange.response.headers, HasHeader("www-authenticate", "Token"));
  EXPECT_THAT(exchange.response.headers, HasNoHeader("x-secret"));
  EXPECT_EQ(exchange.details, "ext_auth_refused");
  EXPECT_FALSE(exchange.request.started);
  EXPECT_THAT(play(post("/", "x", {{"authorization", "bob"}})), IsLocalResponse(403));
  failure_ = CalloutReply::of(respond(302, "", {{"location", "/login"}}));
  EXPECT_THAT(play(get("/")).response.headers, HasHeader("location", "/login"));
}

// Every way in which a service can fail, with the time until the failure appears.
class ExtAuthFailures : public ExtAuth, public ::testing::WithParamInterface<int> {
 protected:
  ExtAuthFailures() {
    const CalloutReply failures[] = {CalloutReply::connectionFailure(), CalloutReply::reset(), CalloutReply::never(),
                                     CalloutReply::of(respond(500, "oops")), CalloutReply::of({})};
    failure_ = failures[GetParam()];
  }
};
INSTANTIATE_TEST_SUITE_P(Each, ExtAuthFailures, ::testing::Range(0, 5));

TEST_P(ExtAuthFailures, RefuseTheRequest) {
  ASSERT_TRUE(startWith(R"(, "cache_seconds": 60)"));
  for (int i = 1; i <= 2; ++i) {
    auto& stream = openStream();
    stream.request(by("alice"));
    advance(seconds(1));
    EXPECT_THAT(stream.exchange(), IsLocalResponse(503, "the authorization service does not answer\n"));
    EXPECT_EQ(calls(), static_cast<size_t>(i)) << "a failure is no decision to be kept";
  }
  EXPECT_THAT(logs(), Contains(LogLine(LogLevel::Warn, HasSubstr("the authorization service failed: "))));
}

TEST_P(ExtAuthFailures, LetTheRequestPassIfToldTo) {
  ASSERT_TRUE(startWith(R"(, "on_failure": "pass")"));
  auto& stream = openStream();
  auto request = by("alice");
  request.headers.emplace_back("x-user", "root");
  stream.request(request);
  advance(seconds(1));
  EXPECT_TRUE(stream.received().complete);
  EXPECT_THAT(stream.received().headers, HasNoHeader("x-user"));
  EXPECT_THAT(logs(), Contains(LogLine(LogLevel::Warn, HasSubstr("the authorization service failed: "))));
}

TEST_F(ExtAuth, AnUnknownClusterIsAFailure) {
  ASSERT_TRUE(start({.configuration = R"({"cluster": "nowhere"})"}));
  EXPECT_THAT(play(by("alice")), IsLocalResponse(503));
  EXPECT_THAT(logs(), Contains(LogLine(LogLevel::Warn, HasSubstr("the authorization service failed: BadArgument"))));
}

TEST_F(ExtAuth, TheClientMayGoAway) {
  ASSERT_TRUE(startWith(R"(, "cache_seconds": 60)"));
  {
    auto stream = plugin().openStream();
    stream->request(by("alice"));
  }
  advance(kDelay);
  EXPECT_TRUE(play(by("alice")).request.complete);
  EXPECT_EQ(calls(), 2u) << "nobody was there to keep the first decision";
}

TEST_F(ExtAuth, KeepsNoDecisionUnlessToldTo) {
  ASSERT_TRUE(startWith());
  for (int i = 0; i < 3; ++i) play(by("alice"));
  EXPECT_EQ(calls(), 3u);
  EXPECT_EQ(host().hostcalls("proxy_set_shared_data"), 0u);
}

TEST_F(ExtAuth, KeepsDecisionsForTheirTime) {
  ASSERT_TRUE(startWith(R"(, "cache_seconds": 60)"));
  for (int i = 0; i < 3; ++i) {
    const auto exchange = play(by("alice"));
    EXPECT_THAT(exchange.request.headers, HasHeaderValues("x-user", {"alice"}));
    EXPECT_THAT(exchange.request.headers, HasHeaderValues("x-group", {"a", "b"}));
    EXPECT_THAT(play(by("eve")), IsLocalResponse(403, "not you\n"));
  }
  EXPECT_EQ(calls(), 2u);
  advance(seconds(60));
  play(by("alice"));
  EXPECT_EQ(calls(), 3u);
}

TEST_F(ExtAuth, AnotherQuestionIsAnotherDecision) {
  ASSERT_TRUE(startWith(R"(, "cache_seconds": 60)"));
  EXPECT_TRUE(play(by("bob")).request.started);
  EXPECT_FALSE(play(by("bo")).request.started);
  EXPECT_FALSE(play(post("/", "", {{"authorization", "bob"}})).request.started);
  EXPECT_TRUE(play(by("bob", "/other")).request.started);
  auto elsewhere = by("bob");
  for (auto& [name, value] : elsewhere.headers) {
    if (name == ":authority") value = "other.test";
  }
  EXPECT_TRUE(play(elsewhere).request.started);
  EXPECT_TRUE(play(get("/", {{"authorization", "bob"}, {"cookie", "a"}})).request.started);
  EXPECT_EQ(calls(), 6u);
}

TEST_F(ExtAuth, VmsShareDecisions) {
  ASSERT_TRUE(startWith(R"(, "cache_seconds": 60)", {.vmId = "shared"}));
  auto& first = plugin();
  ASSERT_TRUE(startWith(R"(, "cache_seconds": 60)", {.vmId = "shared", .vmConfiguration = "another VM"}));
  playThrough(first, by("alice"));
  EXPECT_THAT(playThrough(plugin(), by("alice")).request.headers, HasHeaderValues("x-user", {"alice"}));
  EXPECT_EQ(calls(), 1u);
}

TEST_F(ExtAuth, ConfigurationsDoNotShareDecisions) {
  ASSERT_TRUE(startWith(R"(, "cache_seconds": 60)", {.vmId = "shared"}));
  play(by("alice"));
  ASSERT_TRUE(startWith(R"(, "cache_seconds": 61)", {.vmId = "shared"}));
  play(by("alice"));
  EXPECT_EQ(calls(), 2u);
}

TEST_F(ExtAuth, DecisionsTakeEachOthersPlaces) {
  ASSERT_TRUE(startWith(R"(, "cache_seconds": 60, "cache_entries": 1)"));
  for (int i = 0; i < 3; ++i) {
    EXPECT_TRUE(play(by("alice")).request.started);
    EXPECT_FALSE(play(by("eve")).request.started);
  }
  EXPECT_EQ(calls(), 6u);
}

TEST_F(ExtAuth, LargeDecisionsAreNotKept) {
  ASSERT_TRUE(startWith(R"(, "cache_seconds": 60)"));
  failure_ = CalloutReply::of(respond(403, std::string(10'000, 'x')));
  for (int i = 0; i < 2; ++i) EXPECT_THAT(play(by("eve")), IsLocalResponse(403, std::string(8192, 'x')));
  EXPECT_EQ(calls(), 2u);
}

// Two clients may have the same question; one must not get what the service gave the other.
TEST_F(ExtAuth, WhatWasMeantForOneClientIsNotKept) {
  const std::pair<Headers, bool> answers[] = {
      {{{"set-cookie", "session=1"}}, false},
      {{{"location", "/login?state=1"}}, false},
      {{{"www-authenticate", "Digest nonce=1"}}, false},
      {{{"x-a", "1"}, {"Set-Cookie", "session=1"}}, false},
      {{{"cache-control", "no-store"}}, false},
      {{{"cache-control", "max-age=60, PRIVATE"}}, false},
      {{{"cache-control", "max-age=60"}, {"cache-control", "no-cache"}}, false},
      {{{"cache-control", "max-age=60"}}, true},
      {{{"content-type", "text/plain"}}, true},
  };
  for (const int status : {200, 302, 403}) {
    for (const auto& [headers, isKept] : answers) {
      ASSERT_TRUE(startWith(R"(, "cache_seconds": 60)"));
      failure_ = CalloutReply::of(respond(status, "", headers));
      const auto before = calls();
      for (int i = 0; i < 3; ++i) play(get("/"));
      EXPECT_EQ(calls() - before, isKept ? 1u : 3u) << status << ' ' << headers[0].first << ' ' << headers[0].second;
      advance(seconds(60));
    }
  }
}

// Headers with which a client imitates this filter or the service.
TEST_F(ExtAuth, IsNotToldWhoItIsByTheClient) {
  ASSERT_TRUE(startWith());
  const Headers attempts[] = {{{"x-user", "root"}},
                              {{"X-USER", "root"}},
                              {{"x-user", "root"}, {"x-user", "admin"}},
                              {{"x-user", ""}},
                              {{"x-group", "wheel"}, {"x-user", "root"}}};
  for (const auto& attempt : attempts) {
    auto request = by("bob");
    request.headers.insert(request.headers.end(), attempt.begin(), attempt.end());
    const auto exchange = play(request);
    EXPECT_THAT(exchange.request.headers, HasHeaderValues("x-user", {"bob"}));
    EXPECT_THAT(exchange.request.headers, HasHeaderValues("x-group", {"a", "b"}));
  }
}

TEST_F(ExtAuth, ShowsTheServiceTheRequestsOwnTarget) {
  ASSERT_TRUE(startWith());
  auto request = by("bob", "/secret");
  const Headers forged = {{"x-forwarded-uri", "/"}, {"x-forwarded-method", "HEAD"}, {"x-forwarded-host", "other"}};
  request.headers.insert(request.headers.end(), forged.begin(), forged.end());
  play(request);
  const auto& asked = host().callouts()[0].request.headers;
  EXPECT_THAT(asked, HasHeaderValues("x-forwarded-uri", {"/secret"}));
  EXPECT_THAT(asked, HasHeaderValues("x-forwarded-method", {"GET"}));
  EXPECT_THAT(asked, HasHeaderValues("x-forwarded-host", {"example.com"}));
}

// The service sees both values and may refuse; the upstream sees both, too.
TEST_F(ExtAuth, ShowsTheServiceEveryValue) {
  ASSERT_TRUE(startWith());
  auto request = by("alice");
  request.headers.emplace_back("authorization", "bob");
  play(request);
  EXPECT_THAT(host().callouts()[0].request.headers, HasHeader("authorization"));
  std::string all;
  for (const auto& [name, value] : host().callouts()[0].request.headers) all += name == "authorization" ? value : "";
  EXPECT_THAT(all, HasSubstr("alice"));
  EXPECT_THAT(all, HasSubstr("bob"));
}

TEST_F(ExtAuth, NonsenseInSharedDataIsNoDecision) {
  ASSERT_TRUE(startWith(R"(, "cache_seconds": 60)"));
  EXPECT_FALSE(play(by("eve")).request.started);
  for (const std::string& nonsense : {std::string(), std::string("x"), std::string(39, '\0'), std::string(40, '\xff'),
                                      std::string(44, '\xff'), std::string(5000, '\xff')}) {
    host().answerHostcall("proxy_get_shared_data", nonsense);
    EXPECT_FALSE(play(by("eve")).request.started);
  }
}

TEST_F(ExtAuth, RefusesABadConfiguration) {
  const auto with = [](const std::string& more) { return R"({"cluster": "auth", )" + more + "}"; };
  expectBadConfiguration("", "configuration:1:1: The document is empty.");
  expectBadConfiguration("[]", "configuration: must be an object");
  expectBadConfiguration("{}", "configuration: missing \"cluster\"");
  expectBadConfiguration(R"({"cluster": ""})", "cluster: is empty");
  expectBadConfiguration(R"({"cluster": 1})", "cluster: must be a string");
  expectBadConfiguration(with(R"("authority": "")"), "authority: is no authority");
  expectBadConfiguration(with(R"("path": "check")"), "path: must begin with a slash, and have no spaces");
  expectBadConfiguration(with(R"("path": "/a b")"), "path: must begin with a slash, and have no spaces");
  expectBadConfiguration(with(R"("request_headers": "a")"), "request_headers: must be an array");
  expectBadConfiguration(with(R"("request_headers": [1])"), "request_headers[0]: must be a string");
  expectBadConfiguration(with(R"("request_headers": [""])"), "request_headers[0]: \"\" is not a header's name");
  expectBadConfiguration(with(R"("request_headers": ["a", ":path"])"),
                         "request_headers[1]: \":path\" is not a header's name");
  expectBadConfiguration(with(R"("request_headers": ["Content-Length"])"),
                         "request_headers[0]: \"Content-Length\" cannot be passed on");
  expectBadConfiguration(with(R"("response_headers": ["host"])"), "response_headers[0]: \"host\" cannot be passed on");
  expectBadConfiguration(with(R"("on_failure": "maybe")"), "on_failure: must be refuse or pass");
  EXPECT_FALSE(start({.configuration = with(R"("timeout_ms": 0)")}));
  EXPECT_FALSE(start({.configuration = with(R"("cache_seconds": 86401)")}));
  EXPECT_FALSE(start({.configuration = with(R"("cache_entries": 0)")}));
  EXPECT_FALSE(start({.configuration = with(R"("casche_seconds": 1)")}));
  EXPECT_THAT(logs(), Contains(LogLine(LogLevel::Error, HasSubstr("casche_seconds"))));
  expectBadConfiguration(std::string(70'000, ' '),
                         "configuration: 70000 bytes are more than the 65536 that are allowed");
}

// A host that returns invalid results: no request passes that the service does not allow.
TEST_F(ExtAuth, PassesNobodyWhateverHostcallsAnswer) {
  ASSERT_TRUE(startWith(R"(, "cache_seconds": 60)"));
  withEveryAnswerOfEveryHostcall(host(), [&](std::string_view hostcall, Status status) {
    const auto what = std::string(hostcall) + ' ' + std::string(toString(status));
    auto forged = by("eve");
    forged.headers.emplace_back("x-user", "root");
    EXPECT_FALSE(play(forged).request.started) << what;
    auto request = by("alice");
    request.headers.emplace_back("x-user", "root");
    const auto exchange = play(request);
    if (exchange.request.started) {
      EXPECT_THAT(exchange.request.headers, HasHeaderValues("x-user", {"alice"})) << what;
    }
    advance(seconds(61));  // the cached decisions have expired
  });
}

TEST_F(ExtAuth, PassesNobodyWhenMemoryRunsOut) {
  withEachAllocationFailing(host(), [&](const std::string& what) {
    if (!startWith(R"(, "cache_seconds": 60)")) {
      EXPECT_THAT(logs(), Contains(LogLine(LogLevel::Error, HasSubstr("cannot be read")))) << what;
      return false;
    }
    advance(seconds(61));
    EXPECT_FALSE(play(by("eve")).request.started) << what;
    const bool passes = play(by("alice")).request.started;
    if (!passes) {
      EXPECT_THAT(logs(), Contains(LogLine(LogLevel::Warn))) << what;
    }
    return passes && play(by("eve")).details == "ext_auth_refused";
  });
}

TEST_F(ExtAuth, MemoryDoesNotGrow) {
  ASSERT_TRUE(startWith(R"(, "cache_seconds": 1)"));
  const auto many = [&](int times) {
    for (int i = 0; i < times; ++i) {
      play(by("alice", "/" + std::to_string(i)));
      play(by("eve"));
      auto stream = plugin().openStream();
      stream->request(by("alice", "/gone" + std::to_string(i)));
    }
  };
  many(20);
  const auto pages = plugin().memoryPages();
  many(300);
  EXPECT_EQ(plugin().memoryPages(), pages);
}
