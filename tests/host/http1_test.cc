// What HTTP/1.1 carries: messages as each end reads them, and the lines that say what a filter did wrong.
#include "guest_test.h"

namespace sluice::host {
namespace {

using namespace test;
using ::testing::StartsWith;

// The bytes that the snippets below refer to: "x-a" at 0, "v" at 3, ":status" at 4.
constexpr char kTexts[] = R"((data (i32.const 0) "x-av:status")
  (data (i32.const 100) "a\0d\0ab: c")
  (data (i32.const 120) "LONG-BODY"))";

// Code that replaces the :status of the response by `status`.
std::string replaceStatus(std::string_view status) {
  std::string code;
  for (size_t i = 0; i < status.size(); ++i) {
    code +=
        "(i32.store8 (i32.const " + std::to_string(200 + i) + ") (i32.const " + std::to_string(int{status[i]}) + "))";
  }
  return code + "(drop (call $replace_value (i32.const 2) (i32.const 4) (i32.const 7) (i32.const 200) (i32.const " +
         std::to_string(status.size()) + "))) (i32.const 0)";
}

std::string setBody(int buffer, int size) {
  return "(drop (call $set_buffer (i32.const " + std::to_string(buffer) +
         ") (i32.const 0) (i32.const 1000) (i32.const 120) (i32.const " + std::to_string(size) + "))) (i32.const 0)";
}

class Http1Test : public GuestTest {
 protected:
  Exchange send(const std::map<std::string, std::string>& bodies, const Message& request, const Message& response) {
    return trace(bodies, kTexts)->send(request, response);
  }
};

TEST_F(Http1Test, AMessageThatIsRightHasNoProblem) {
  const Exchange exchange = send({}, post("/", "abc"), ok("hello"));
  EXPECT_THAT(exchange.request.problems, IsEmpty());
  EXPECT_THAT(exchange.response.problems, IsEmpty());
  EXPECT_EQ(exchange.response.body(), "hello");
  EXPECT_THAT(exchange.response.headers, testing::HasHeader("date", "Mon, 01 Jan 2024 00:00:00 GMT"));
}

TEST_F(Http1Test, ALongerBodyIsCutOff) {
  const Exchange exchange =
      send({{"request_body", setBody(0, 9)}, {"response_body", setBody(1, 9)}}, post("/", "abc"), ok("hello"));
  EXPECT_EQ(exchange.request.body(), "LON");
  EXPECT_THAT(
      exchange.request.problems,
      ElementsAre("the body of the request has 9 bytes, but its content-length is 3: the upstream reads the first "
                  "3 bytes, and the rest breaks the next exchange on the connection"));
  EXPECT_EQ(exchange.response.body(), "LONG-");
  EXPECT_THAT(exchange.response.problems, ElementsAre(StartsWith("the body of the response has 9 bytes")));
  EXPECT_TRUE(exchange.response.complete);
}

TEST_F(Http1Test, AShorterBodyLetsTheReaderWait) {
  const Exchange exchange = send({{"response_body", setBody(1, 1)}}, get("/"), ok("hello"));
  EXPECT_EQ(exchange.response.body(), "L");
  EXPECT_FALSE(exchange.response.complete);
  EXPECT_THAT(exchange.response.problems,
              ElementsAre("the body of the response has 1 byte, but its content-length is 5: "
                          "the client waits for the rest"));
}

TEST_F(Http1Test, AFailedMatchShowsTheProblem) {
  const Exchange exchange = send({{"response_body", setBody(1, 1)}}, get("/"), ok("hello"));
  EXPECT_THAT(::testing::PrintToString(exchange.response), HasSubstr("! the body of the response has 1 byte"));
  const Exchange refused = send({{"response_headers", replaceStatus("42")}}, get("/"), ok());
  EXPECT_THAT(::testing::PrintToString(refused.response), HasSubstr("! the status 42 has not three digits"));
}

TEST_F(Http1Test, ABodyWhereThereIsNone) {
  for (const char* status : {"204", "304"}) {
    auto plugin = trace({{"response_headers", replaceStatus(status)}}, kTexts);
    auto stream = plugin->openStream();
    stream->requestHeaders(get("/").headers, true);
    stream->responseHeaders({{":status", "200"}});
    EXPECT_TRUE(stream->answer().complete);
    stream->responseBody("hello", true);  // The client has closed the connection.
    EXPECT_TRUE(stream->closed());
    EXPECT_EQ(stream->answer().status(), status[0] == '2' ? 204 : 304);
    EXPECT_THAT(said(), Not(Contains(StartsWith("response_body"))));
  }
}

TEST_F(Http1Test, StatusesThatNoClientTakes) {
  for (const char* status : {"0", "42", "1000"}) {
    const Exchange exchange = send({{"response_headers", replaceStatus(status)}}, get("/"), ok("hello"));
    EXPECT_FALSE(exchange.response.started) << status;
    EXPECT_TRUE(exchange.response.reset) << status;
    EXPECT_THAT(exchange.response.problems,
                ElementsAre("the status " + std::string(status) + " has not three digits",
                            "the client refuses the response: the status has not three digits"));
  }
  const Exchange interim = send({{"response_headers", replaceStatus("100")}}, get("/"), ok());
  EXPECT_FALSE(interim.response.started);
  EXPECT_THAT(interim.response.problems, ElementsAre(HasSubstr("is for interim responses")));
}

TEST_F(Http1Test, ALineBreakMakesAHeader) {
  const Exchange exchange = send({{"response_headers",
                                   "(drop (call $add_value (i32.const 2) (i32.const 0) (i32.const 3) (i32.const 100) "
                                   "(i32.const 7))) (i32.const 0)"}},
                                 get("/"), ok());
  EXPECT_THAT(exchange.response.headers, testing::HasHeader("x-a", "a"));
  EXPECT_THAT(exchange.response.headers, testing::HasHeader("b", "c"));
  EXPECT_THAT(exchange.response.problems, ElementsAre(HasSubstr("has a line break")));
}

TEST_F(Http1Test, TheClientsAndTheUpstreamsPathsAreChecked) {
  Exchange exchange = send({}, get("relative"), ok());
  EXPECT_EQ(exchange.response.status(), 404);
  EXPECT_THAT(exchange.request.problems, ElementsAre(HasSubstr("\"relative\" does not begin with a slash")));
  exchange = send({}, get("/a b"), ok());
  EXPECT_EQ(exchange.response.status(), 503);
  EXPECT_FALSE(exchange.request.started);
  EXPECT_THAT(exchange.request.problems, ElementsAre("the upstream refuses the request: the path has a space"));
}

TEST_F(Http1Test, ATunnelHasBytesOfBothEnds) {
  auto stream = trace()->openStream();
  stream->requestHeaders(get("/", {{"connection", "Upgrade"}, {"upgrade", "websocket"}}).headers);
  stream->requestBody("ping");
  stream->responseHeaders({{":status", "101"}, {"connection", "upgrade"}, {"upgrade", "websocket"}});
  stream->responseBody("pong");
  EXPECT_EQ(stream->received().body(), "ping");
  EXPECT_EQ(stream->answer().status(), 101);
  EXPECT_EQ(stream->answer().body(), "pong");
  EXPECT_THAT(stream->answer().headers, testing::HasHeader("upgrade", "websocket"));
  EXPECT_THAT(stream->answer().problems, IsEmpty());
}

TEST_F(Http1Test, WhatIsContinuedDoesNotComeAgainWithTheNextPiece) {
  auto plugin =
      trace({{"request_body", "(i32.eq (local.get 1) (i32.const 3))"},  // Holds back "abc" alone.
             {"tick", "(drop (call $set_effective_context (i32.const 2))) (drop (call $continue (i32.const 0)))"}});
  auto stream = plugin->openStream();
  stream->requestHeaders(post("/", "").headers);
  stream->requestBody("abc");
  EXPECT_EQ(stream->received().body(), "");
  plugin->callback("proxy_on_tick", {1});
  EXPECT_EQ(stream->received().body(), "abc");
  stream->requestBody("defg", true);
  EXPECT_EQ(stream->received().body(), "abcdefg");
  EXPECT_THAT(said(), Contains("request_body 4 1"));
}

TEST_F(Http1Test, AFullBufferKeepsTheSenderFromSending) {
  Host limited(Profile{.bufferLimit = 4});
  auto plugin = limited.loadModule(
      tracer({{"request_body", "(i32.const 2)"},
              {"tick", "(drop (call $set_effective_context (i32.const 2))) (drop (call $continue (i32.const 0)))"}}),
      "a.wasm");
  auto stream = plugin->openStream();
  stream->requestHeaders(post("/", "").headers);
  for (const char* piece : {"abc", "def", "ghi"}) stream->requestBody(piece);
  stream->requestBody("", true);
  const auto pieces = [&] {
    size_t count = 0;
    for (const auto& line : limited.logs()) count += line.text.starts_with("request_body") ? 1 : 0;
    return count;
  };
  EXPECT_EQ(pieces(), 2u);
  plugin->callback("proxy_on_tick", {1});
  EXPECT_EQ(pieces(), 4u);
  EXPECT_EQ(stream->received().body(), "abcdef");
}

TEST_F(Http1Test, OneMebibyteIsTheLimit) {
  EXPECT_EQ(Profile::envoy().bufferLimit, 1024u * 1024);
  auto plugin = trace({{"request_body", "(i32.const 1)"}});
  Message request = post("/", "");
  request.chunks = {std::string(1024 * 1024, 'x'), "y"};
  EXPECT_THAT(plugin->send(request, ok()), testing::IsLocalResponse(413, "Payload Too Large"));
  request.chunks.pop_back();
  EXPECT_FALSE(plugin->send(request, ok()).localResponse);
}

}  // namespace
}  // namespace sluice::host
