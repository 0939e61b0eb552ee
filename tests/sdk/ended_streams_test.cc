// Hostcalls about a stream that has ended. A real Envoy crashes at most of them, so the SDK returns BadArgument and the
// host is not asked.
#include "script_test.h"

namespace sluice::testing {
namespace {

using ::testing::Contains;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::EndsWith;

class EndedStreams : public ScriptTest {
 protected:
  /// Plays a whole exchange: headers, body and trailers in both directions.
  void play() {
    auto request = post("/", "body");
    auto response = ok("body");
    request.trailers = response.trailers = {{"t", "1"}};
    send(request, response);
  }
};

struct EndCase {
  std::string name;
  std::vector<ScriptCall> script;
  std::vector<std::string> said;
  std::string hostcall;
  uint64_t asked;  // how often the filter made the hostcall
};

void PrintTo(const EndCase& endCase, std::ostream* out) { *out << endCase.name; }

const ScriptCall kPause = {"onRequestHeaders", "return", {"1"}};

const EndCase kCases[] = {
    {"CloseTwice",
     {{"onRequestHeaders", "closeRequest"}, {"onRequestHeaders", "closeResponse"}, kPause},
     {"closeRequest: Ok", "closeResponse: BadArgument"},
     "proxy_close_stream",
     1},
    {"CloseTwiceInTheResponse",
     {{"onResponseHeaders", "closeResponse"},
      {"onResponseHeaders", "closeRequest"},
      {"onResponseHeaders", "return", {"1"}}},
     {"closeResponse: Ok", "closeRequest: BadArgument"},
     "proxy_close_stream",
     1},
    {"CloseAfterALocalResponse",
     {{"onRequestHeaders", "sendLocalResponse", {"403"}}, {"onRequestHeaders", "closeRequest"}, kPause},
     {"sendLocalResponse: Ok", "closeRequest: BadArgument"},
     "proxy_close_stream",
     0},
    {"CloseTheLocalResponseItself",
     {{"onRequestHeaders", "sendLocalResponse", {"403"}}, {"onResponseHeaders", "closeResponse"}, kPause},
     {"sendLocalResponse: Ok", "closeResponse: BadArgument"},
     "proxy_close_stream",
     0},
    {"LocalResponseAfterAClose",
     {{"onRequestHeaders", "closeRequest"}, {"onRequestHeaders", "sendLocalResponse", {"403"}}, kPause},
     {"closeRequest: Ok", "sendLocalResponse: BadArgument"},
     "proxy_send_local_response",
     0},
    {"TwoLocalResponsesInTheResponse",
     {{"onResponseHeaders", "sendLocalResponse", {"502"}},
      {"onResponseHeaders", "sendLocalResponse", {"503"}},
      {"onResponseHeaders", "return", {"1"}}},
     {"sendLocalResponse: Ok", "sendLocalResponse: BadArgument"},
     "proxy_send_local_response",
     1},
    {"LocalResponseToALocalResponse",
     {{"onRequestHeaders", "sendLocalResponse", {"403"}}, {"onResponseHeaders", "sendLocalResponse", {"404"}}, kPause},
     {"sendLocalResponse: Ok", "sendLocalResponse: BadArgument"},
     "proxy_send_local_response",
     1},
    {"ContinueAfterALocalResponse",
     {{"onRequestBody", "return", {"1"}},
      {"onRequestTrailers", "sendLocalResponse", {"403"}},
      {"onRequestTrailers", "continueRequest"},
      {"onRequestTrailers", "return", {"1"}}},
     {"sendLocalResponse: Ok", "continueRequest: BadArgument"},
     "proxy_continue_stream",
     0},
    {"ContinueAfterAClose",
     {{"onRequestBody", "return", {"1"}},
      {"onRequestTrailers", "closeRequest"},
      {"onRequestTrailers", "continueRequest"},
      {"onRequestTrailers", "return", {"1"}}},
     {"closeRequest: Ok", "continueRequest: BadArgument"},
     "proxy_continue_stream",
     0},
    {"ContinueTheResponseEarly",
     {{"onRequestHeaders", "continueResponse"}},
     {"continueResponse: BadArgument"},
     "proxy_continue_stream",
     0},
    // The body is paused, but to return Continue continues it, too.
    {"ContinueTheResponseInItsTrailers",
     {{"onResponseBody", "return", {"1"}}, {"onResponseTrailers", "continueResponse"}},
     {"continueResponse: BadArgument"},
     "proxy_continue_stream",
     0},
};

class EachEnd : public EndedStreams, public ::testing::WithParamInterface<EndCase> {};
INSTANTIATE_TEST_SUITE_P(Ends, EachEnd, ::testing::ValuesIn(kCases), [](const auto& info) { return info.param.name; });

TEST_P(EachEnd, IsRefusedAndTheHostIsNotAsked) {
  ASSERT_TRUE(startScript(GetParam().script));
  play();
  EXPECT_EQ(said(), GetParam().said);
  EXPECT_EQ(host().hostcalls(GetParam().hostcall), GetParam().asked);
}

class EachLastCallback : public EndedStreams, public ::testing::WithParamInterface<std::string> {
 protected:
  /// A script that calls each function in the callback.
  static std::vector<ScriptCall> calls(const std::vector<ScriptCall>& functions) {
    auto script = functions;
    for (auto& call : script) call.callback = GetParam();
    return script;
  }
};
INSTANTIATE_TEST_SUITE_P(Callbacks, EachLastCallback, ::testing::Values("onLog", "onDone", "onDelete"));

TEST_P(EachLastCallback, EndsAndContinuesNothing) {
  ASSERT_TRUE(startScript(calls({{"", "closeRequest"},
                                 {"", "closeResponse"},
                                 {"", "sendLocalResponse", {"403"}},
                                 {"", "continueRequest"},
                                 {"", "continueResponse"}})));
  play();
  EXPECT_EQ(said().size(), 5u);
  EXPECT_THAT(said(), Each(EndsWith(": BadArgument")));
  for (const auto* hostcall : {"proxy_close_stream", "proxy_send_local_response", "proxy_continue_stream"})
    EXPECT_EQ(host().hostcalls(hostcall), 0u) << hostcall;
}

TEST_P(EachLastCallback, ContinuesNoStreamThatEndedWhilePaused) {
  for (const bool inResponse : {false, true}) {
    auto script = calls({{"", "continueRequest"}, {"", "continueResponse"}});
    script.push_back({inResponse ? "onResponseHeaders" : "onRequestHeaders", "return", {"1"}});
    ASSERT_TRUE(startScript(script));
    host().clearLogs();
    auto& stream = openStream();
    stream.requestHeaders(get("/").headers, true);
    if (inResponse) stream.responseHeaders(ok().headers);
    EXPECT_TRUE(inResponse ? stream.responsePaused() : stream.requestPaused());
    stream.close();
    EXPECT_THAT(said(), ElementsAre("continueRequest: BadArgument", "continueResponse: BadArgument"));
    EXPECT_EQ(host().hostcalls("proxy_continue_stream"), 0u);
  }
}

TEST_P(EachLastCallback, ChangesNoHeadersAndHasNoBody) {
  ASSERT_TRUE(startScript(calls({{"", "requestHeaders.add", {"a", "b"}},
                                 {"", "requestTrailers.replace", {"a", "b"}},
                                 {"", "responseHeaders.remove", {"a"}},
                                 {"", "responseTrailers.setAll", {"a", "b"}},
                                 {"", "requestBody.size"},
                                 {"", "responseBody.get", {"0", "10"}},
                                 {"", "requestBody.replace", {"x"}},
                                 {"", "responseBody.drain", {"1"}}})));
  const auto buffers = host().hostcalls("proxy_get_buffer_bytes");
  play();
  EXPECT_EQ(said().size(), 8u);
  EXPECT_THAT(said(), Each(EndsWith(": BadArgument")));
  EXPECT_EQ(host().hostcalls("proxy_get_buffer_bytes"), buffers);
  for (const auto* hostcall :
       {"proxy_add_header_map_value", "proxy_replace_header_map_value", "proxy_remove_header_map_value",
        "proxy_set_header_map_pairs", "proxy_get_buffer_status", "proxy_set_buffer_bytes"})
    EXPECT_EQ(host().hostcalls(hostcall), 0u) << hostcall;
}

TEST_P(EachLastCallback, ReadsHeadersInOnLogAlone) {
  ASSERT_TRUE(startScript(calls(
      {{"", "requestHeaders.get", {":method"}}, {"", "responseHeaders.getAll"}, {"", "requestTrailers.byteSize"}})));
  play();
  ASSERT_EQ(said().size(), 3u);
  if (GetParam() == "onLog")
    EXPECT_EQ(said().front(), "requestHeaders.get = POST");
  else
    EXPECT_THAT(said(), Each(EndsWith(": BadArgument")));
  EXPECT_EQ(host().hostcalls("proxy_get_header_map_value"), GetParam() == "onLog" ? 1u : 0u);
}

// In its own last callback a stream stays what it is, also as the effective context; another stream is not affected.
TEST_P(EachLastCallback, MayContinueAnotherStream) {
  auto script =
      calls({{"", "asLatest", {"requestHeaders.add", "x-after", "another"}}, {"", "asLatest", {"continueRequest"}}});
  script.push_back(kPause);
  ASSERT_TRUE(startScript(script));
  auto ended = plugin().openStream();
  ended->requestHeaders(get("/").headers, true);
  auto& other = openStream();
  other.requestHeaders(get("/").headers, true);
  host().clearLogs();
  ended->close();
  EXPECT_THAT(said(), ElementsAre("asLatest: Ok", "requestHeaders.add: Ok", "asLatest: Ok", "continueRequest: Ok"));
  EXPECT_THAT(other.received().headers, HasHeader("x-after", "another"));
  host().clearLogs();
  other.close();
  EXPECT_THAT(said(), Contains("continueRequest: BadArgument"));
}

// Envoy crashes when the callback closes the stream and returns Continue.
TEST_F(EndedStreams, ClosingInTheResponsesTrailersAlsoStopsThem) {
  ASSERT_TRUE(startScript({{"onResponseTrailers", "closeResponse"}}));
  auto& stream = openStream();
  stream.requestHeaders(get("/").headers, true);
  stream.responseHeaders(ok().headers);
  const uint32_t id = stream.contextId();
  EXPECT_EQ(plugin().callback("proxy_on_response_trailers", {id, 1}, id), 1u);
  EXPECT_THAT(said(), ElementsAre("closeResponse: Ok"));
  EXPECT_TRUE(stream.closed());
}

// Envoy sends the response when the callback returns; if the response is complete, Envoy then crashes.
TEST_F(EndedStreams, AResponseThatTheCallbackHasContinuedIsNotClosed) {
  ASSERT_TRUE(startScript({{"onResponseHeaders", "return", {"1"}},
                           {"onTick", "asLatest", {"continueResponse"}},
                           {"onTick", "asLatest", {"closeResponse"}},
                           {"onTick", "asLatest", {"sendLocalResponse", "403"}}}));
  auto& stream = openStream();
  stream.requestHeaders(get("/").headers, true);
  stream.responseHeaders(ok().headers);
  plugin().callback("proxy_on_tick", {plugin().rootContextId()}, plugin().rootContextId());
  EXPECT_THAT(said(), ElementsAre("asLatest: Ok", "continueResponse: Ok", "asLatest: Ok", "closeResponse: BadArgument",
                                  "asLatest: Ok", "sendLocalResponse: BadArgument"));
  host().clearLogs();
  plugin().callback("proxy_on_tick", {plugin().rootContextId()}, plugin().rootContextId());
  EXPECT_THAT(said(), ElementsAre("asLatest: Ok", "continueResponse: BadArgument", "asLatest: Ok", "closeResponse: Ok",
                                  "asLatest: Ok", "sendLocalResponse: BadArgument"));
}

TEST_F(EndedStreams, AHostThatCannotCloseMayBeAskedAgain) {
  ASSERT_TRUE(startScript({{"onRequestHeaders", "closeRequest"}, {"onRequestHeaders", "closeRequest"}, kPause}));
  host().failHostcall("proxy_close_stream", Status::InternalFailure, 1);
  send(get("/"));
  EXPECT_THAT(said(), ElementsAre("closeRequest: InternalFailure", "closeRequest: Ok"));
}

// A local response passes the response callbacks, which may pause and continue it.
TEST_F(EndedStreams, ALocalResponseCanBePausedAndContinued) {
  ASSERT_TRUE(startScript({{"onRequestHeaders", "sendLocalResponse", {"403", "no"}},
                           kPause,
                           {"onResponseHeaders", "return", {"1"}},
                           {"onTick", "asLatest", {"continueResponse"}}}));
  auto& stream = openStream();
  stream.requestHeaders(get("/").headers, true);
  EXPECT_TRUE(stream.responsePaused());
  plugin().callback("proxy_on_tick", {plugin().rootContextId()}, plugin().rootContextId());
  EXPECT_THAT(said(), ElementsAre("sendLocalResponse: Ok", "asLatest: Ok", "continueResponse: Ok"));
}

}  // namespace
}  // namespace sluice::testing
