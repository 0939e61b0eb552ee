// HttpContext: pausing and continuing, closing, local responses, views.
#include "script_test.h"

namespace sluice::testing {
namespace {

using ::testing::ElementsAre;

class Streams : public ScriptTest {};

TEST_F(Streams, ARequestThatIsNotPausedIsNotContinuedAndTheHostNotAsked) {
  ASSERT_TRUE(startScript({{"onRequestHeaders", "continueRequest"},
                           {"onResponseHeaders", "continueResponse"},
                           {"onResponseHeaders", "continueRequest"}}));
  send(get("/"));
  EXPECT_THAT(said(), ElementsAre("continueRequest: BadArgument", "continueResponse: BadArgument",
                                  "continueRequest: BadArgument"));
  EXPECT_EQ(host().hostcalls("proxy_continue_stream"), 0u);
}

struct PauseCase {
  std::string callback;
  std::string status;  // The status that the callback returns.
  bool pauses;
};

void PrintTo(const PauseCase& pauseCase, std::ostream* out) {
  *out << pauseCase.callback << " returns " << pauseCase.status;
}

class Pausing : public Streams, public ::testing::WithParamInterface<PauseCase> {};

INSTANTIATE_TEST_SUITE_P(
    Statuses, Pausing,
    ::testing::Values(PauseCase{"onRequestHeaders", "1", true}, PauseCase{"onRequestHeaders", "2", false},
                      PauseCase{"onRequestHeaders", "3", true}, PauseCase{"onRequestHeaders", "4", true},
                      PauseCase{"onRequestBody", "1", true}, PauseCase{"onRequestBody", "2", true},
                      PauseCase{"onRequestBody", "3", true}, PauseCase{"onRequestTrailers", "1", true},
                      PauseCase{"onResponseHeaders", "1", true}, PauseCase{"onResponseHeaders", "2", false},
                      PauseCase{"onResponseHeaders", "3", true}, PauseCase{"onResponseHeaders", "4", true},
                      PauseCase{"onResponseBody", "1", true}, PauseCase{"onResponseBody", "2", true},
                      PauseCase{"onResponseBody", "3", true}, PauseCase{"onResponseTrailers", "1", true}));

// The filter continues in a later callback of the same stream.
TEST_P(Pausing, OnlyAPausedStreamIsContinued) {
  const auto& [callback, status, pauses] = GetParam();
  const bool request = callback.starts_with("onRequest");
  const std::string continuing = request ? "continueRequest" : "continueResponse";
  ASSERT_TRUE(startScript(
      {{callback, "return", {status}}, {"onRequestMetadata", continuing}, {"onRequestMetadata", continuing}}));
  auto& stream = openStream();
  Message message = request ? post("/", "") : ok();  // With trailers there is no content-length.
  std::erase_if(message.headers, [](const auto& field) { return field.first == "content-length"; });
  message.trailers = {{"t", "1"}};
  if (!request) stream.requestHeaders(get("/").headers, true);
  if (request) {
    stream.requestHeaders(message.headers);
    if (callback != "onRequestHeaders") stream.requestBody("body");
    if (callback == "onRequestTrailers") stream.requestTrailers(message.trailers);
  } else {
    stream.responseHeaders(message.headers);
    if (callback != "onResponseHeaders") stream.responseBody("body");
    if (callback == "onResponseTrailers") stream.responseTrailers(message.trailers);
  }
  EXPECT_EQ(request ? stream.requestPaused() : stream.responsePaused(), pauses);
  const uint32_t id = stream.contextId();
  host().clearLogs();
  plugin().callback("proxy_on_request_metadata", {id, 1}, id);
  EXPECT_THAT(said(), ElementsAre(continuing + (pauses ? ": Ok" : ": BadArgument"), continuing + ": BadArgument"));
  EXPECT_EQ(host().hostcalls("proxy_continue_stream"), pauses ? 1u : 0u);
  EXPECT_FALSE(request ? stream.requestPaused() : stream.responsePaused());
}

TEST_F(Streams, WhatWasPausedArrivesOnceItContinues) {
  ASSERT_TRUE(startScript({{"onRequestHeaders", "return", {"1"}}, {"onRequestMetadata", "continueRequest"}}));
  auto& stream = openStream();
  stream.request(post("/", "body"));
  EXPECT_FALSE(stream.received().started);
  plugin().callback("proxy_on_request_metadata", {stream.contextId(), 1}, stream.contextId());
  EXPECT_TRUE(stream.received().complete);
  EXPECT_EQ(stream.received().body(), "body");
}

TEST_F(Streams, AHostThatCannotContinueMayBeAskedAgain) {
  ASSERT_TRUE(startScript({{"onRequestHeaders", "return", {"1"}}, {"onRequestMetadata", "continueRequest"}}));
  auto& stream = openStream();
  stream.request(get("/"));
  host().failHostcall("proxy_continue_stream", Status::InternalFailure, 1);
  plugin().callback("proxy_on_request_metadata", {stream.contextId(), 1}, stream.contextId());
  plugin().callback("proxy_on_request_metadata", {stream.contextId(), 1}, stream.contextId());
  EXPECT_THAT(said(), ElementsAre("continueRequest: InternalFailure", "continueRequest: Ok"));
}

TEST_F(Streams, ClosingResetsTheStream) {
  ASSERT_TRUE(startScript({{"onRequestHeaders", "closeRequest"}, {"onRequestHeaders", "return", {"1"}}}));
  auto& request = openStream();
  request.request(get("/"));
  EXPECT_TRUE(request.closed());
  ASSERT_TRUE(startScript({{"onResponseHeaders", "closeResponse"}}));
  auto& response = openStream();
  response.request(get("/"));
  response.response(ok());
  EXPECT_TRUE(response.closed());
  EXPECT_THAT(said(), ElementsAre("closeRequest: Ok", "closeResponse: Ok"));
}

TEST_F(Streams, ALocalResponseReachesTheClient) {
  ASSERT_TRUE(
      startScript({{"onRequestHeaders", "sendLocalResponse", {"403", "no\n", "some_details", "7", "x-why", "because"}},
                   {"onRequestHeaders", "return", {"1"}}}));
  const auto exchange = send(get("/"), ok("from the upstream"));
  EXPECT_THAT(exchange, IsLocalResponse(403, "no\n"));
  EXPECT_THAT(exchange.response.headers, HasHeader("x-why", "because"));
  EXPECT_EQ(exchange.details, "some_details");
  EXPECT_FALSE(exchange.request.started);
  EXPECT_THAT(said(), ElementsAre("sendLocalResponse: Ok"));
}

TEST_F(Streams, AGrpcClientGetsTheGrpcStatus) {
  ASSERT_TRUE(startScript(
      {{"onRequestHeaders", "sendLocalResponse", {"403", "no", "", "7"}}, {"onRequestHeaders", "return", {"1"}}}));
  const auto exchange = send(get("/service/method", {{"content-type", "application/grpc"}}));
  EXPECT_THAT(exchange.response.headers, HasHeader("grpc-status", "7"));
}

TEST_F(Streams, ALocalResponseNeedsOnlyAStatus) {
  ASSERT_TRUE(
      startScript({{"onRequestHeaders", "sendBareLocalResponse", {"404"}}, {"onRequestHeaders", "return", {"1"}}}));
  EXPECT_THAT(send(get("/")), IsLocalResponse(404, ""));
}

TEST_F(Streams, ALocalResponseMayTakeTheUpstreamsPlace) {
  ASSERT_TRUE(startScript(
      {{"onResponseHeaders", "sendLocalResponse", {"502", "bad"}}, {"onResponseHeaders", "return", {"1"}}}));
  EXPECT_THAT(send(get("/"), ok("good")), IsLocalResponse(502, "bad"));
}

TEST_F(Streams, TheSecondLocalResponseOfAStreamIsRefusedAndTheHostNotAsked) {
  ASSERT_TRUE(startScript({{"onRequestHeaders", "sendLocalResponse", {"403", "first"}},
                           {"onRequestHeaders", "sendLocalResponse", {"404", "second"}},
                           {"onRequestHeaders", "return", {"1"}},
                           {"onLog", "sendLocalResponse", {"404", "third"}}}));
  EXPECT_THAT(send(get("/")), IsLocalResponse(403, "first"));
  EXPECT_THAT(said(),
              ElementsAre("sendLocalResponse: Ok", "sendLocalResponse: BadArgument", "sendLocalResponse: BadArgument"));
  EXPECT_EQ(host().hostcalls("proxy_send_local_response"), 1u);
}

TEST_F(Streams, AfterALocalResponseThatFailedAnotherMayBeSent) {
  ASSERT_TRUE(startScript({{"onRequestHeaders", "sendLocalResponse", {"403", "first"}},
                           {"onRequestHeaders", "sendLocalResponse", {"404", "second"}},
                           {"onRequestHeaders", "return", {"1"}}}));
  host().failHostcall("proxy_send_local_response", Status::InternalFailure, 1);
  EXPECT_THAT(send(get("/")), IsLocalResponse(404, "second"));
}

TEST_F(Streams, AViewLivesUntilItsCallbackReturns) {
  ASSERT_TRUE(startScript({{"onRequestHeaders", "keepView", {":path"}}, {"onRequestHeaders", "useView"}}));
  send(get("/kept"));
  EXPECT_THAT(said(), ElementsAre("useView = /kept"));
}

TEST_F(Streams, AViewKeptForLongerIsCaughtByTheAddressSanitizer) {
#if SLUICE_TEST_HAS_ASAN
  if (isWasmRun()) GTEST_SKIP() << "Only the native run sees stale views.";
  ASSERT_TRUE(startScript({{"onRequestHeaders", "keepView", {":path"}}, {"onResponseHeaders", "useView"}}));
  EXPECT_DEATH(send(get("/kept")), "heap-use-after-free");
#else
  GTEST_SKIP() << "Built without the address sanitizer.";
#endif
}

}  // namespace
}  // namespace sluice::testing
