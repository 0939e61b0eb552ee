// HTTP callouts with a handler: which context gets the reply, what the reply holds and for how long, and unexpected
// replies.
#include "script_test.h"

namespace sluice::testing {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr std::chrono::milliseconds kDelay(10);

host::CalloutReply answer() {
  auto message = respond(201, "a body", {{"name", "value"}});
  message.trailers = {{"t", "1"}};
  return host::CalloutReply::of(message, kDelay);
}

const std::vector<ScriptCall> kAskAndWait = {{"onRequestHeaders", "httpCall", {"service"}},
                                             {"onRequestHeaders", "return", {"4"}}};

/// A script that makes a callout in onRequestHeaders, pauses, and makes `calls` when the reply comes.
std::vector<ScriptCall> askAndThen(std::vector<ScriptCall> calls) {
  calls.insert(calls.begin(), kAskAndWait.begin(), kAskAndWait.end());
  return calls;
}

class Callouts : public ScriptTest {
 protected:
  explicit Callouts(Profile profile = Profile::envoy()) : ScriptTest(std::move(profile)) {
    host().addCluster("service", answer());
  }
  /// Waits until the replies arrive.
  void wait() { advance(kDelay); }
  /// Delivers another reply to the latest callout, which no host should do.
  void replyAgain(uint64_t headers = 3) {
    plugin().callback("proxy_on_http_call_response",
                      {plugin().rootContextId(), host().callouts().back().id, headers, 0, 0});
  }
};

class CalloutsWithoutRouter : public Callouts {
 protected:
  CalloutsWithoutRouter() : Callouts(envoyWithoutRouter()) {}
};

TEST_F(CalloutsWithoutRouter, TheServiceGetsWhatWasSent) {
  ASSERT_TRUE(startScript({{"onRequestHeaders",
                            "httpCall",
                            {"service", "250", "a question", ":method", "POST", ":path", "/ask", ":authority",
                             "service.example", "x-last", "also the trailer"}}}));
  send(get("/"));
  ASSERT_EQ(host().callouts().size(), 1u);
  const auto& callout = host().callouts().front();
  EXPECT_EQ(callout.cluster, "service");
  EXPECT_EQ(callout.timeout, std::chrono::milliseconds(250));
  EXPECT_THAT(callout.request, HasBody("a question"));
  EXPECT_THAT(callout.request.headers, HasHeader(":path", "/ask"));
  EXPECT_THAT(callout.request.trailers, HasHeader("x-last", "also the trailer"));
}

TEST_F(Callouts, TheReplyHasStatusHeadersBodyAndTrailers) {
  ASSERT_TRUE(startScript(askAndThen({{"onReply", "reply.ok"},
                                      {"onReply", "reply.error"},
                                      {"onReply", "reply.errorMessage"},
                                      {"onReply", "reply.statusCode"},
                                      {"onReply", "reply.header", {"name"}},
                                      {"onReply", "reply.header", {"other"}},
                                      {"onReply", "reply.headers"},
                                      {"onReply", "reply.body"},
                                      {"onReply", "reply.trailers"}})));
  openStream().request(get("/"));
  wait();
  EXPECT_THAT(said(),
              ElementsAre("httpCall: Ok", "reply.ok = true", "reply.error: Ok", "reply.errorMessage: NotFound",
                          "reply.statusCode = 201", "reply.header = value", "reply.header: NotFound",
                          "reply.headers = 4 :status=201 name=value content-length=6 x-envoy-upstream-service-time=10",
                          "reply.body = a body", "reply.trailers = 1 t=1"));
}

TEST_F(Callouts, AReplyWithoutBodyAndTrailersHasEmptyOnes) {
  host().addCluster("service", host::CalloutReply::of(respond(204)));
  ASSERT_TRUE(startScript(askAndThen({{"onReply", "reply.body"}, {"onReply", "reply.trailers"}})));
  openStream().request(get("/"));
  wait();
  EXPECT_THAT(said(), ElementsAre("httpCall: Ok", "reply.body = ", "reply.trailers = 0"));
}

TEST_F(Callouts, AKeptReplyIsACopy) {
  ASSERT_TRUE(startScript(askAndThen({{"onReply", "reply.keep"}})));
  openStream().request(get("/"));
  wait();
  EXPECT_THAT(said(),
              ElementsAre("httpCall: Ok", "reply.keep = Ok 201 201 0",
                          "reply.keep = 4 :status=201 name=value content-length=6 x-envoy-upstream-service-time=10",
                          "reply.keep = a body", "reply.keep = 1 t=1", "reply.keep: NotFound"));
}

TEST_F(Callouts, TheStreamThatAskedIsTheEffectiveContext) {
  ASSERT_TRUE(startScript(
      askAndThen({{"onReply", "requestHeaders.add", {"x-user", "alice"}}, {"onReply", "continueRequest"}})));
  auto& first = openStream();
  auto& second = openStream();
  first.request(get("/first"));
  second.request(get("/second"));
  EXPECT_TRUE(first.requestPaused());
  wait();
  for (const auto* stream : {&first, &second}) {
    EXPECT_TRUE(stream->received().complete);
    EXPECT_THAT(stream->received().headers, HasHeaderValues("x-user", {"alice"}));
  }
}

TEST_F(Callouts, AHandlerMayAnswerInPlaceOfTheUpstream) {
  ASSERT_TRUE(startScript(askAndThen(
      {{"onReply", "sendLocalResponse", {"403", "no\n"}}, {"onReply", "sendLocalResponse", {"404", "again"}}})));
  auto& stream = openStream();
  stream.request(get("/"));
  wait();
  EXPECT_THAT(stream.exchange(), IsLocalResponse(403, "no\n"));
  EXPECT_FALSE(stream.received().started);
  EXPECT_TRUE(stream.closed());
  EXPECT_THAT(said(), ElementsAre("httpCall: Ok", "sendLocalResponse: Ok", "sendLocalResponse: BadArgument"));
}

TEST_F(Callouts, AHandlerMayCloseTheStream) {
  ASSERT_TRUE(startScript(askAndThen({{"onReply", "closeRequest"}, {"onReply", "sendLocalResponse", {"403"}}})));
  auto& stream = openStream();
  stream.request(get("/"));
  wait();
  EXPECT_TRUE(stream.closed());
  EXPECT_THAT(said(), ElementsAre("httpCall: Ok", "closeRequest: Ok", "sendLocalResponse: BadArgument"));
}

TEST_F(Callouts, AResponseCanWaitToo) {
  ASSERT_TRUE(startScript({{"onResponseHeaders", "httpCall", {"service"}},
                           {"onResponseHeaders", "return", {"4"}},
                           {"onReply", "responseHeaders.add", {"x-checked", "yes"}},
                           {"onReply", "continueResponse"},
                           {"onReply", "continueRequest"}}));
  auto& stream = openStream();
  stream.request(get("/"));
  stream.response(ok("hello"));
  EXPECT_TRUE(stream.responsePaused());
  wait();
  EXPECT_THAT(stream.answer(), HasBody("hello"));
  EXPECT_THAT(stream.answer().headers, HasHeader("x-checked", "yes"));
  EXPECT_THAT(said(), ElementsAre("httpCall: Ok", "responseHeaders.add: Ok", "continueResponse: Ok",
                                  "continueRequest: BadArgument"));
}

TEST_F(Callouts, ARootContextHearsOfItsOwn) {
  ASSERT_TRUE(startScript({{"onTick", "httpCall", {"service"}}, {"root.onReply", "reply.body"}}));
  plugin().callback("proxy_on_tick", {plugin().rootContextId()}, plugin().rootContextId());
  wait();
  EXPECT_THAT(said(), ElementsAre("httpCall: Ok", "reply.body = a body"));
}

TEST_F(Callouts, AReplyReadAfterItsCallbackIsAnErrorAndNotTheNextOnes) {
  ASSERT_TRUE(startScript(askAndThen({{"onReply", "continueRequest"},
                                      {"onResponseHeaders", "reply.ok"},
                                      {"onResponseHeaders", "reply.statusCode"},
                                      {"onResponseHeaders", "reply.header", {"name"}},
                                      {"onResponseHeaders", "reply.headers"},
                                      {"onResponseHeaders", "reply.body"},
                                      {"onResponseHeaders", "reply.trailers"},
                                      {"onResponseHeaders", "reply.keep"}})));
  auto& stream = openStream();
  stream.request(get("/"));
  stream.respondWith(ok());
  wait();
  EXPECT_THAT(said(), ElementsAre("httpCall: Ok", "continueRequest: Ok", "reply.ok = true", "reply.statusCode = 0",
                                  "reply.header: NotFound", "reply.headers: NotFound", "reply.body: NotFound",
                                  "reply.trailers: NotFound", "reply.keep = NotFound 0 0 0", "reply.keep: NotFound",
                                  "reply.keep: NotFound", "reply.keep: NotFound", "reply.keep: NotFound"));
}

struct FailureCase {
  std::string name;
  host::CalloutReply reply;
  std::vector<std::string> expected;
};

void PrintTo(const FailureCase& failure, std::ostream* out) { *out << failure.name; }

class Failures : public Callouts, public ::testing::WithParamInterface<FailureCase> {};

INSTANTIATE_TEST_SUITE_P(
    Kinds, Failures,
    ::testing::Values(FailureCase{"reset",
                                  host::CalloutReply::reset(),
                                  {"reply.ok = false", "reply.error: BrokenConnection", "reply.errorMessage = reset",
                                   "reply.statusCode = 0", "reply.body: BrokenConnection"}},
                      FailureCase{"timeout",
                                  host::CalloutReply::never(),
                                  {"reply.ok = true", "reply.error: Ok", "reply.errorMessage: NotFound",
                                   "reply.statusCode = 504", "reply.body = upstream request timeout"}},
                      FailureCase{"no connection",
                                  host::CalloutReply::connectionFailure(),
                                  {"reply.ok = true", "reply.error: Ok", "reply.errorMessage: NotFound",
                                   "reply.statusCode = 503",
                                   "reply.body = upstream connect error or disconnect/reset before headers. reset "
                                   "reason: remote connection failure"}}));

TEST_P(Failures, AreTold) {
  host().addCluster("service", GetParam().reply);
  ASSERT_TRUE(startScript(askAndThen({{"onReply", "reply.ok"},
                                      {"onReply", "reply.error"},
                                      {"onReply", "reply.errorMessage"},
                                      {"onReply", "reply.statusCode"},
                                      {"onReply", "reply.body"}})));
  openStream().request(get("/"));
  advance(std::chrono::milliseconds(1000));
  auto expected = GetParam().expected;
  expected.insert(expected.begin(), "httpCall: Ok");
  EXPECT_EQ(said(), expected);
}

TEST_F(Callouts, AHostThatDoesNotSayWhyItFailed) {
  host().addCluster("service", host::CalloutReply::reset());
  ASSERT_TRUE(startScript(askAndThen({{"onReply", "reply.error"}, {"onReply", "reply.errorMessage"}})));
  host().failHostcall("proxy_get_status", Status::Unimplemented);
  openStream().request(get("/"));
  wait();
  EXPECT_THAT(said(), ElementsAre("httpCall: Ok", "reply.error: InternalFailure", "reply.errorMessage: Unimplemented"));
}

TEST_F(Callouts, ACallThatCannotBeMadeIsRefusedAndItsHandlerNotCalled) {
  ASSERT_TRUE(startScript({{"onRequestHeaders", "httpCall", {"unknown"}},
                           {"onRequestHeaders", "httpCall", {"service", "-1"}},
                           {"onRequestHeaders", "httpCall", {"service", "2147483648"}},
                           {"onRequestHeaders", "httpCall", {"service", "0", "", "name", "no pseudo-headers"}},
                           {"onReply", "reply.ok"}}));
  send(get("/"));
  wait();
  EXPECT_THAT(said(), ElementsAre("httpCall: BadArgument", "httpCall: BadArgument", "httpCall: BadArgument",
                                  "httpCall: BadArgument"));
  EXPECT_EQ(host().hostcalls("proxy_http_call"), 2u);
}

TEST_F(Callouts, TheClientGoesAwayFirst) {
  ASSERT_TRUE(startScript(askAndThen({{"onReply", "reply.ok"}})));
  auto& stream = openStream();
  stream.request(get("/"));
  stream.close();
  host().clearLogs();
  wait();
  EXPECT_THAT(said(), IsEmpty());
  EXPECT_THAT(logs(), ElementsAre(LogLine(LogLevel::Debug, HasSubstr("nobody waits any more for the reply"))));
}

TEST_F(Callouts, TheRootGoesAwayFirst) {
  ASSERT_TRUE(startScript({{"onTick", "httpCall", {"service"}}, {"root.onReply", "reply.ok"}}));
  const uint64_t root = plugin().rootContextId();
  plugin().callback("proxy_on_tick", {root}, plugin().rootContextId());
  plugin().callback("proxy_on_delete", {root});
  host().clearLogs();
  replyAgain();
  EXPECT_THAT(said(), IsEmpty());
}

TEST_F(Callouts, ADuplicateReplyIsIgnored) {
  ASSERT_TRUE(startScript(askAndThen({{"onReply", "reply.ok"}})));
  openStream().request(get("/"));
  wait();
  replyAgain();
  EXPECT_THAT(said(), ElementsAre("httpCall: Ok", "reply.ok = true",
                                  HasSubstr("sluice: ignored a reply: no callout has the id")));
}

TEST_F(Callouts, UnknownRepliesAreIgnored) {
  ASSERT_TRUE(startScript(askAndThen({{"onReply", "reply.ok"}})));
  openStream().request(get("/"));
  host().clearLogs();
  const uint64_t root = plugin().rootContextId();
  const uint64_t id = host().callouts().back().id;
  for (const auto& [context, call] : std::vector<std::pair<uint64_t, uint64_t>>{{root, id + 1},
                                                                                {root, id + 256},
                                                                                {root, 0},
                                                                                {root, 0xffffffff},
                                                                                {root + 1, id},
                                                                                {root + 7000, id},
                                                                                {0, id},
                                                                                {0xffffffff, id}})
    plugin().callback("proxy_on_http_call_response", {context, call, 3, 10, 2});
  EXPECT_THAT(said(), Each(HasSubstr("sluice: ignored a reply")));
  host().clearLogs();
  wait();
  EXPECT_THAT(said(), ElementsAre("reply.ok = true"));
}

// A reply to the first stream's call must not reach the second one, which has the same id.
TEST_F(Callouts, AHostThatUsesAnIdAgainFindsTheRightHandler) {
  host().addCluster("service", host::CalloutReply::never());
  ASSERT_TRUE(startScript(askAndThen({{"onReply", "requestHeaders.get", {":path"}}})));
  auto& first = openStream();
  first.request(get("/first"));
  first.close();
  auto& second = openStream();
  second.request(get("/second"));
  host().clearLogs();
  replyAgain();
  EXPECT_THAT(said(), ElementsAre("requestHeaders.get = /second"));
}

TEST_F(Callouts, WhatTheHostSaysOfAReplyNeedNotBeTrue) {
  ASSERT_TRUE(startScript(askAndThen({{"onReply", "reply.statusCode"},
                                      {"onReply", "reply.headers"},
                                      {"onReply", "reply.body"},
                                      {"onReply", "reply.trailers"},
                                      {"onReply", "reply.keep"}})));
  const uint64_t root = plugin().rootContextId();
  for (const uint64_t count : {1ull, 3ull, 0xffffffffull}) {
    openStream().request(get("/"));
    EXPECT_NO_THROW(
        plugin().callback("proxy_on_http_call_response", {root, host().callouts().back().id, count, count, count}));
  }
  for (const auto* bytes : {"", "\1", "\xff\xff\xff\xff", "200 ", "2x0", "20", "\2\0\0\0", "999999999999"}) {
    openStream().request(get("/"));
    host().answerHostcall("proxy_get_header_map_value", bytes);
    host().answerHostcall("proxy_get_header_map_pairs", bytes);
    replyAgain();
    host().clearFaults();
  }
  EXPECT_THAT(said(), Contains("reply.headers: ParseFailure"));
  EXPECT_THAT(said(), Not(Contains(HasSubstr("statusCode = 2"))));
  EXPECT_FALSE(plugin().failure().has_value());
}

TEST_F(Callouts, AHandlerRunsEvenWhereTheHostKnowsItsStreamNoMore) {
  ASSERT_TRUE(startScript(askAndThen({{"onReply", "continueRequest"}})));
  openStream().request(get("/"));
  host().failHostcall("proxy_set_effective_context", Status::BadArgument);
  wait();
  EXPECT_THAT(said(), Contains("sluice: making the caller the effective context: status 2"));
  EXPECT_THAT(said(), Contains(HasSubstr("continueRequest")));
}

TEST_F(Callouts, ManyAtOnceEachFindTheirOwn) {
  host().addCluster("service", [](const host::Callout& callout) {
    return host::CalloutReply::of(ok(callout.request.body()), std::chrono::milliseconds(1000 - callout.id % 997));
  });
  constexpr int kStreams = 300;
  std::vector<ScriptCall> script = kAskAndWait;
  script.push_back({"onReply", "continueRequest"});
  ASSERT_TRUE(startScript(script));
  std::vector<HttpStream*> streams;
  for (int i = 0; i < kStreams; ++i) {
    streams.push_back(&openStream());
    streams.back()->request(get("/"));
  }
  for (size_t i = 0; i < streams.size(); i += 3) streams[i]->close();
  advance(std::chrono::seconds(2));
  for (size_t i = 0; i < streams.size(); ++i) EXPECT_EQ(streams[i]->received().complete, i % 3 != 0) << i;
}

TEST_F(Callouts, OnlyAFilterThatCallsOutTakesReplies) {
  ASSERT_TRUE(start());
  EXPECT_TRUE(plugin().exports("proxy_on_http_call_response"));
  const auto bare = host().load(siblingFilter("sdk_bare_stream"));
  EXPECT_FALSE(bare->exports("proxy_on_http_call_response"));
}

}  // namespace
}  // namespace sluice::testing
