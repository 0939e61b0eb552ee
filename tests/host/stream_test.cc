// HTTP streams: order of callbacks, pausing and continuing, bodies, local responses, ends.
#include "guest_test.h"

namespace sluice::host {
namespace {

using namespace test;

using StreamTest = GuestTest;

Message chunked(Message message, std::vector<std::string> chunks, Headers trailers = {}) {
  message.chunks = std::move(chunks);
  message.trailers = std::move(trailers);
  return message;
}

TEST_F(StreamTest, CallbacksComeInEnvoysOrder) {
  auto plugin = load(tracer());
  EXPECT_THAT(said(), ElementsAre("context_create 1 0", "vm_start 0", "configure 0"));
  plugin->send(chunked(post("/", ""), {"abc", "de"}, {{"t", "1"}}), chunked(ok(), {"x", "yz"}));
  EXPECT_THAT(said(), ElementsAre("context_create 2 1", "request_headers 4 0", "request_body 3 0", "request_body 2 0",
                                  "request_trailers 1", "response_headers 1 0", "response_body 1 0",
                                  "response_body 2 1", "log", "done", "delete"));
  plugin->send(get("/"), ok());
  EXPECT_THAT(said(), ElementsAre("context_create 3 1", "request_headers 4 1", "response_headers 1 1", "log", "done",
                                  "delete"));
  plugin.reset();
  EXPECT_THAT(said(), ElementsAre("done", "delete"));
}

TEST_F(StreamTest, ChunkedMessagesEndInAPieceOfTheirOwn) {
  auto plugin = trace();
  Message request = chunked(post("/", ""), {"abc"});
  Message response = chunked(ok(), {"x", "yz"});
  request.chunked = response.chunked = true;
  auto exchange = plugin->send(request, response);
  EXPECT_THAT(said(), ElementsAre("context_create 2 1", "request_headers 4 0", "request_body 3 0", "request_body 0 1",
                                  "response_headers 1 0", "response_body 1 0", "response_body 2 0", "response_body 0 1",
                                  "log", "done", "delete"));
  EXPECT_EQ(exchange.request.body(), "abc");
  EXPECT_EQ(exchange.response.body(), "xyz");
  Message empty = get("/");
  empty.chunked = true;
  exchange = plugin->send(empty, chunked(ok(), {}, {{"t", "1"}}));
  EXPECT_THAT(said(), ElementsAre("context_create 3 1", "request_headers 4 0", "request_body 0 1",
                                  "response_headers 1 0", "response_trailers 1", "log", "done", "delete"));
  EXPECT_TRUE(exchange.request.complete);
}

TEST_F(StreamTest, TheSpecificationEndsStreamsInAnotherOrder) {
  Host strict(Profile::specification());
  auto plugin = strict.loadModule(tracer(), "a.wasm");
  strict.clearLogs();
  plugin->send(get("/"), ok());
  std::vector<std::string> lines;
  for (const auto& line : strict.logs()) lines.push_back(line.text);
  EXPECT_THAT(
      lines, ElementsAre("context_create 2 1", "request_headers 4 1", "response_headers 1 1", "done", "log", "delete"));
}

TEST_F(StreamTest, EachEndGetsWhatTheOtherSent) {
  auto plugin = trace();
  auto exchange = plugin->send(chunked(post("/p", "", {{"A-Name", "v"}}), {"ab", "c"}, {{"T", "1"}}),
                               chunked(ok("", {{"x", "1"}, {"x", "2"}}), {"d", "ef"}, {{"u", "2"}}));
  EXPECT_THAT(exchange.request.headers, testing::HasHeader("a-name", "v"));
  EXPECT_THAT(exchange.request.chunks, ElementsAre("ab", "c"));
  EXPECT_EQ(exchange.request.trailers, (Headers{{"t", "1"}}));
  EXPECT_TRUE(exchange.request.complete);
  EXPECT_THAT(exchange.response.headers, testing::HasHeaderValues("x", {"1", "2"}));
  EXPECT_THAT(exchange.response.chunks, ElementsAre("d", "ef"));
  EXPECT_EQ(exchange.response.trailers, (Headers{{"u", "2"}}));
  EXPECT_TRUE(exchange.response.complete);
  EXPECT_TRUE(exchange.closed);
  EXPECT_FALSE(exchange.localResponse);
  EXPECT_EQ(exchange.details, "via_upstream");
}

TEST_F(StreamTest, PausedHeadersHoldEverythingBackUntilContinued) {
  for (const char* status : {"1", "3", "4", "9"}) {  // StopIteration, both StopAll, and an unknown one.
    auto plugin =
        trace({{"request_headers", std::string("(i32.const ") + status + ")"},
               {"tick", "(drop (call $set_effective_context (i32.const 2))) (drop (call $continue (i32.const 0)))"}});
    auto stream = plugin->openStream();
    stream->respondWith(ok());
    stream->request(chunked(post("/", ""), {"abc", "de"}));
    EXPECT_TRUE(stream->requestPaused());
    EXPECT_FALSE(stream->received().started);
    EXPECT_THAT(said(), ElementsAre("context_create 2 1", "request_headers 4 0"));
    plugin->callback("proxy_on_tick", {1});
    EXPECT_THAT(said(), ElementsAre("tick", "request_body 5 1", "response_headers 1 1", "log", "done", "delete"));
    EXPECT_EQ(stream->received().body(), "abcde");
    EXPECT_TRUE(stream->answer().complete);
  }
}

TEST_F(StreamTest, WithHeadersStopIterationTheBodyComesWhileHeadersWait) {
  Host other(Profile::envoyWithHeadersStopIteration());
  auto plugin = other.loadModule(tracer({{"request_headers", "(i32.const 1)"}}), "a.wasm");
  other.clearLogs();
  auto stream = plugin->openStream();
  stream->requestHeaders(post("/", "").headers);
  EXPECT_FALSE(stream->received().started);
  stream->requestBody("abc");  // Continue passes the headers on first.
  EXPECT_EQ(other.logs().back().text, "request_body 3 0");
  EXPECT_TRUE(stream->received().started);
  EXPECT_EQ(stream->received().body(), "abc");
}

TEST_F(StreamTest, BufferedBodyGrowsFromCallbackToCallback) {
  auto plugin = trace({{"request_body", "(if (result i32) (local.get 2) (then (i32.const 0)) (else (i32.const 1)))"}});
  auto exchange = plugin->send(chunked(post("/", ""), {"abc", "de", "f"}), ok());
  EXPECT_THAT(said(), ElementsAre("context_create 2 1", "request_headers 4 0", "request_body 3 0", "request_body 5 0",
                                  "request_body 6 1", "response_headers 1 1", "log", "done", "delete"));
  EXPECT_THAT(exchange.request.chunks, ElementsAre("abcdef"));
}

TEST_F(StreamTest, WatermarkedBodyComesInPieces) {
  auto plugin = trace({{"response_body", "(if (result i32) (local.get 2) (then (i32.const 0)) (else (i32.const 2)))"}});
  auto exchange = plugin->send(get("/"), chunked(ok(), {"abc", "de", "f"}));
  EXPECT_THAT(said(), Contains("response_body 1 1"));
  EXPECT_EQ(exchange.response.body(), "abcdef");
}

TEST_F(StreamTest, UnbufferedBodyIsDropped) {
  auto plugin = trace({{"response_body", "(if (result i32) (local.get 2) (then (i32.const 0)) (else (i32.const 3)))"}});
  auto exchange = plugin->send(get("/"), chunked(ok(), {"abc", "de", "f"}));
  EXPECT_EQ(exchange.response.body(), "f");
  EXPECT_TRUE(exchange.response.complete);
}

TEST_F(StreamTest, PausedTrailersHoldTheEndBack) {
  auto plugin =
      trace({{"request_trailers", "(i32.const 1)"},
             {"tick", "(drop (call $set_effective_context (i32.const 2))) (drop (call $continue (i32.const 0)))"}});
  auto stream = plugin->openStream();
  stream->request(chunked(post("/", ""), {"abc"}, {{"t", "1"}}));
  EXPECT_EQ(stream->received().body(), "abc");
  EXPECT_FALSE(stream->received().complete);
  plugin->callback("proxy_on_tick", {1});
  EXPECT_TRUE(stream->received().complete);
  EXPECT_EQ(stream->received().trailers, (Headers{{"t", "1"}}));
}

constexpr char kEdit[] = R"((data (i32.const 0) "NEW")
  (func $edit (param $start i32) (param $size i32)
    (call $digit (call $set_buffer (i32.const 1) (local.get $start) (local.get $size) (i32.const 0) (i32.const 3)))))";

// The reference host reads a list of more than 1,024 pairs or more than 1 MiB as an empty list.
TEST_F(StreamTest, AMapOfTooManyPairsIsTakenForAnEmptyOne) {
  for (const int count : {1024, 1025}) {
    // `:status: 204`, followed by empty pairs, `count` pairs in all.
    std::string wat = "(i32.store (i32.const 40000) (i32.const " + std::to_string(count) + "))";
    wat += "(i32.store (i32.const 40004) (i32.const 7)) (i32.store (i32.const 40008) (i32.const 3))";
    const int texts = 40004 + 8 * count;
    for (int i = 0; i < 12; ++i) {
      wat += "(i32.store8 (i32.const " + std::to_string(texts + i) + ") (i32.const " +
             std::to_string(int{":status\000204"[i]}) + "))";
    }
    const std::string size = std::to_string(4 + 10 * count + 10);
    wat += "(drop (call $set_pairs (i32.const 2) (i32.const 40000) (i32.const " + size + "))) (i32.const 0)";
    auto plugin = trace({{"response_headers", wat}});
    const Exchange exchange = plugin->send(get("/"), ok());
    EXPECT_EQ(exchange.response.status(), count <= 1024 ? 0 : 502) << count;
    const char* problem = count <= 1024 ? "a header's name is not a token" : "the :status is missing";
    EXPECT_THAT(exchange.response.problems, ElementsAre(HasSubstr(problem)));
  }
}

TEST_F(StreamTest, BodiesAreEdited) {
  struct Case {
    const char* start;
    const char* size;
    std::string body;
    const char* status;
  };
  for (const Case& c : {Case{"0", "0", "NEWabcdef", "0"}, Case{"0", "6", "NEW", "0"}, Case{"0", "99", "NEW", "0"},
                        Case{"6", "0", "abcdefNEW", "0"}, Case{"99", "1", "abcdefNEW", "0"},
                        Case{"0", "2", "NEWcdef", "0"}, Case{"2", "2", "abcdef", "2"}, Case{"0", "-1", "NEW", "0"}}) {
    auto plugin = trace({{"response_body", std::string("(call $edit (i32.const ") + c.start + ") (i32.const " + c.size +
                                               ")) (i32.const 0)"}},
                        kEdit);
    auto exchange = plugin->send(get("/"), chunked(ok(), {"abcdef"}));
    EXPECT_EQ(exchange.response.body(), c.body) << c.start << " " << c.size;
    EXPECT_THAT(said(), Contains(c.status));
  }
}

TEST_F(StreamTest, TheSpecificationSplices) {
  Host strict(Profile::specification());
  auto plugin = strict.loadModule(
      tracer({{"response_body", "(call $edit (i32.const 2) (i32.const 2)) (i32.const 0)"}}, kEdit), "a.wasm");
  EXPECT_EQ(plugin->send(get("/"), chunked(ok(), {"abcdef"})).response.body(), "abNEWef");
}

TEST_F(StreamTest, PartsOfBodiesAreRead) {
  auto read = [&](const char* start, const char* size) {
    auto plugin =
        trace({{"response_body", std::string("(call $digit (call $get_buffer (i32.const 1) (i32.const ") + start +
                                     ") (i32.const " + size +
                                     ") (i32.const 1008) (i32.const 1012))) (call $say_result) (i32.const 0)"}});
    plugin->send(get("/"), chunked(ok(), {"abcdef"}));
    auto lines = said();
    return lines[4] + lines[5];
  };
  EXPECT_EQ(read("0", "6"), "0abcdef");
  EXPECT_EQ(read("2", "2"), "0cd");
  EXPECT_EQ(read("4", "100"), "0ef");
  EXPECT_EQ(read("6", "1"), "0");
  EXPECT_EQ(read("100", "1"), "0");
  EXPECT_EQ(read("3", "-1"), "0def");
}

TEST_F(StreamTest, AbsentBodiesAndMapsReadAsEmpty) {
  auto plugin = trace({{"response_headers", R"(
      (call $digit (call $get_buffer (i32.const 0) (i32.const 0) (i32.const 9) (i32.const 1008) (i32.const 1012)))
      (call $put_digits (i32.load (i32.const 1012))) (call $flush)
      (call $digit (call $set_buffer (i32.const 0) (i32.const 0) (i32.const 9) (i32.const 0) (i32.const 1)))
      (call $digit (call $get_pairs (i32.const 0) (i32.const 1008) (i32.const 1012)))
      (call $put_digits (i32.load (i32.const 1012))) (call $flush)
      (call $digit (call $get_value (i32.const 0) (i32.const 0) (i32.const 5) (i32.const 1008) (i32.const 1012)))
      (call $digit (call $set_pairs (i32.const 0) (i32.const 0) (i32.const 0)))
      (call $digit (call $map_size (i32.const 0) (i32.const 1008)))
      (call $digit (call $get_buffer (i32.const 7) (i32.const 0) (i32.const 9) (i32.const 1008) (i32.const 1012)))
      (call $digit (call $get_buffer (i32.const 9) (i32.const 0) (i32.const 9) (i32.const 1008) (i32.const 1012)))
      (call $digit (call $get_pairs (i32.const 8) (i32.const 1008) (i32.const 1012)))
      (i32.const 0))"}});
  plugin->send(get("/"), ok());
  auto lines = said();
  lines.erase(lines.begin(), lines.begin() + 3);
  lines.resize(lines.size() - 3);
  EXPECT_THAT(lines, ElementsAre("0", "0", "2", "0", "0", "2", "2", "2", "1", "2", "2"));
}

TEST_F(StreamTest, RequestHeadersAreClosedInTheResponseAndBackInTheLog) {
  const std::string read =
      "(call $digit (call $get_value (i32.const 0) (i32.const 0) (i32.const 5) (i32.const 1008) (i32.const 1012)))"
      "(call $digit (call $get_property (i32.const 5) (i32.const 12) (i32.const 1008) (i32.const 1012)))";
  auto plugin =
      trace({{"request_headers", read + "(i32.const 0)"}, {"response_headers", read + "(i32.const 0)"}, {"log", read}},
            R"((data (i32.const 0) ":pathrequest\00path"))");
  plugin->send(get("/"), ok());
  EXPECT_THAT(said(), ElementsAre("context_create 2 1", "request_headers 4 1", "0", "0", "response_headers 1 1", "2",
                                  "1", "log", "0", "0", "done", "delete"));
}

TEST_F(StreamTest, ABodyOf16MiBWaitsForAPausedRequest) {
  Host unlimited(Profile{.bufferLimit = 0});
  auto plugin = unlimited.loadModule(
      tracer({{"request_headers", "(i32.const 4)"},
              {"tick", "(drop (call $set_effective_context (i32.const 2))) (drop (call $continue (i32.const 0)))"}}),
      "a.wasm");
  auto stream = plugin->openStream();
  stream->requestHeaders(post("/", "").headers);
  const std::string chunk(1024 * 1024, 'x');
  for (int i = 0; i < 16; ++i) stream->requestBody(chunk, i == 15);
  EXPECT_FALSE(stream->received().started);
  plugin->callback("proxy_on_tick", {1});
  EXPECT_EQ(stream->received().body().size(), 16u * 1024 * 1024);
  EXPECT_EQ(unlimited.logs().back().text, "request_body 16777216 1");
}

TEST_F(StreamTest, ABufferAboveTheLimitIsAnswered) {
  Host limited(Profile{.bufferLimit = 4});
  auto requests = limited.loadModule(tracer({{"request_body", "(i32.const 1)"}}), "a.wasm");
  auto exchange = requests->send(chunked(post("/", ""), {"abc", "def"}), ok());
  EXPECT_THAT(exchange, testing::IsLocalResponse(413, "Payload Too Large"));
  auto responses = limited.loadModule(tracer({{"response_headers", "(i32.const 3)"}}), "b.wasm");
  exchange = responses->send(get("/"), chunked(ok(), {"abc", "def"}));
  EXPECT_THAT(exchange, testing::IsLocalResponse(500, "Internal Server Error"));
}

constexpr char kRefuse[] = R"((data (i32.const 0) "no way" "nope" "\01\00\00\00\03\00\00\00\03\00\00\00why\00not\00")
  (func $refuse (param $code i32)
    (call $digit (call $send_local_response (local.get $code) (i32.const 0) (i32.const 6) (i32.const 6) (i32.const 4)
      (i32.const 10) (i32.const 20) (i32.const -1)))))";

TEST_F(StreamTest, ALocalResponsePassesTheResponseCallbacks) {
  auto plugin = trace({{"request_headers", "(call $refuse (i32.const 403)) (i32.const 0)"}}, kRefuse);
  auto exchange = plugin->send(post("/", "body"), ok("never"));
  EXPECT_THAT(said(), ElementsAre("context_create 2 1", "request_headers 5 0", "0", "response_headers 4 0",
                                  "response_body 4 1", "log", "done", "delete"));
  EXPECT_THAT(exchange, testing::IsLocalResponse(403, "nope"));
  EXPECT_EQ(exchange.response.headers, (Headers{{":status", "403"},
                                                {"why", "not"},
                                                {"content-length", "4"},
                                                {"content-type", "text/plain"},
                                                {"date", "Mon, 01 Jan 2024 00:00:00 GMT"},
                                                {"connection", "close"}}));  // The request has not ended.
  EXPECT_FALSE(exchange.request.started);
  EXPECT_EQ(exchange.details, "no_way");
  EXPECT_TRUE(exchange.closed);
}

TEST_F(StreamTest, ALocalResponseToGrpcIsATrailersOnlyResponse) {
  auto plugin = trace({{"request_headers", "(call $refuse (i32.const 403)) (i32.const 0)"}}, kRefuse);
  auto exchange = plugin->send(post("/", "", {{"content-type", "application/grpc"}}), ok());
  EXPECT_EQ(exchange.response.headers, (Headers{{":status", "200"},
                                                {"why", "not"},
                                                {"content-type", "application/grpc"},
                                                {"grpc-status", "7"},
                                                {"grpc-message", "nope"},
                                                {"date", "Mon, 01 Jan 2024 00:00:00 GMT"},
                                                {"content-length", "0"}}));
  EXPECT_EQ(exchange.response.body(), "");
}

TEST_F(StreamTest, ALocalResponseToHeadHasNoBody) {
  auto plugin = trace({{"request_headers", "(call $refuse (i32.const 403)) (i32.const 0)"}}, kRefuse);
  Message head = get("/");
  for (auto& [name, value] : head.headers) {
    if (name == ":method") value = "HEAD";
  }
  auto exchange = plugin->send(head, ok());
  EXPECT_EQ(exchange.response.body(), "");
  EXPECT_THAT(exchange.response.headers, testing::HasHeader("content-length", "4"));
}

TEST_F(StreamTest, ALocalResponseInTheResponseGoesAroundTheFilters) {
  auto plugin = trace({{"response_headers", "(call $refuse (i32.const 500)) (i32.const 0)"}}, kRefuse);
  auto exchange = plugin->send(get("/"), ok("body"));
  EXPECT_THAT(exchange, testing::IsLocalResponse(500, "nope"));
  EXPECT_THAT(said(), ElementsAre("context_create 2 1", "request_headers 4 1", "response_headers 2 0", "0", "log",
                                  "done", "delete"));
}

TEST_F(StreamTest, ALocalResponseAfterTheHeadersAreSentResets) {
  auto plugin = trace({{"response_body", "(call $refuse (i32.const 500)) (i32.const 0)"}}, kRefuse);
  auto exchange = plugin->send(get("/"), chunked(ok(), {"a", "b"}));
  EXPECT_EQ(exchange.response.status(), 200);
  EXPECT_TRUE(exchange.response.reset);
  EXPECT_FALSE(exchange.response.complete);
}

TEST_F(StreamTest, CloseStreamResets) {
  auto plugin = trace({{"request_headers", "(call $digit (call $close (i32.const 0))) (i32.const 0)"}});
  auto exchange = plugin->send(get("/"), ok());
  EXPECT_TRUE(exchange.response.reset);
  EXPECT_FALSE(exchange.response.started);
  EXPECT_EQ(exchange.details, "wasm_close_stream");
  EXPECT_THAT(said(), ElementsAre("context_create 2 1", "request_headers 4 1", "0", "log", "done", "delete"));
}

TEST_F(StreamTest, ContinuingWhatIsNotPausedSendsItTwiceAsEnvoyDoes) {
  auto plugin = trace({{"request_headers", "(drop (call $continue (i32.const 0))) (i32.const 0)"}});
  EXPECT_EQ(plugin->send(get("/"), ok()).request.arrivals, 2u);
}

struct Crash {
  std::string callback;
  std::string body;
  std::string why;
};

std::vector<Crash> crashes() {
  const std::string refuse = "(call $refuse (i32.const 403))";
  const std::string close = "(drop (call $close (i32.const 0)))";
  const std::string resume = "(drop (call $continue (i32.const 1)))";
  const std::string pass = "(i32.const 0)";
  const std::string over = "the stream is over";
  const std::string closed = "has closed the stream in the same callback";
  const std::string answered = "has sent a local response in the same callback";
  return {{"log", refuse, over},
          {"log", close, over},
          {"done", close + "(i32.const 1)", over},
          {"delete", refuse, over},
          {"request_headers", close + close + pass, closed},
          {"request_headers", close + refuse + pass, closed},
          {"request_headers", refuse + close + pass, answered},
          {"response_headers", refuse + refuse + pass, answered},
          {"response_headers", refuse + close + pass, answered},
          {"response_body", refuse + refuse + pass, answered},
          {"request_headers", resume + pass, "the response has no headers yet"},
          {"response_trailers", close + pass, "lets the trailers of the response pass"},
          {"response_trailers", resume + pass, "lets the trailers of the response pass"}};
}

TEST_F(StreamTest, WhatCrashesEnvoyEndsTheFilterByName) {
  for (const auto& [callback, body, why] : crashes()) {
    Host envoy;
    auto plugin = envoy.loadModule(tracer({{callback, body}}, kRefuse), "crash.wasm");
    plugin->send(get("/"), chunked(ok(), {"a"}, {{"x-t", "v"}}));
    ASSERT_FALSE(envoy.errors().empty()) << callback << body;
    EXPECT_EQ(envoy.errors().front().kind(), ErrorKind::EnvoyCrash);
    EXPECT_THAT(envoy.errors().front().what(), HasSubstr(why));
    EXPECT_THAT(envoy.errors().front().what(), HasSubstr("a real Envoy 1.40 crashes here"));
    Host another(Profile::specification());
    another.loadModule(tracer({{callback, body}}, kRefuse), "crash.wasm")
        ->send(get("/"), chunked(ok(), {"a"}, {{"x-t", "v"}}));
    EXPECT_THAT(another.errors(), IsEmpty()) << callback << body;
  }
}

TEST_F(StreamTest, ContinuingACompleteResponseAndThenMoreCrashesEnvoy) {
  const std::string resume = "(drop (call $continue (i32.const 1)))";
  const std::map<std::string, std::string> crashes = {
      {"", "lets the headers pass at the same time"},
      {"(drop (call $close (i32.const 0)))", "has continued the complete response"},
      {"(call $refuse (i32.const 403))", "has continued the complete response"}};
  for (const auto& [then, why] : crashes) {
    Host envoy;
    auto plugin = envoy.loadModule(tracer({{"response_headers", resume + then + "(i32.const 0)"}}, kRefuse), "a.wasm");
    plugin->send(get("/"), ok());
    ASSERT_FALSE(envoy.errors().empty()) << then;
    EXPECT_EQ(envoy.errors().front().kind(), ErrorKind::EnvoyCrash);
    EXPECT_THAT(envoy.errors().front().what(), HasSubstr(why));
  }
  Host envoy;
  const std::string addTrailer =
      "(if (local.get 2) (then (drop (call $add_value (i32.const 3) (i32.const 0) (i32.const 1) (i32.const 1) "
      "(i32.const 1)))))";
  const auto adds = envoy.loadModule(tracer({{"response_body", addTrailer + resume + "(i32.const 0)"}}), "a.wasm");
  adds->send(get("/"), chunked(ok(), {"a"}));
  ASSERT_FALSE(envoy.errors().empty());
  EXPECT_THAT(envoy.errors().front().what(), HasSubstr("has added trailers"));
  auto plugin = trace({{"response_headers", resume + "(i32.const 4)"}});
  EXPECT_EQ(plugin->send(get("/"), ok()).response.status(), 200);
}

TEST_F(StreamTest, ABodyThatIsNotBufferedIsGoneAfterItsCallback) {
  auto plugin = trace({{"response_body", "(i32.const 3)"},
                       {"log", "(drop (call $buffer_status (i32.const 1) (i32.const 1008) (i32.const 1012)))"}});
  auto stream = plugin->openStream();
  stream->request(get("/"));
  stream->response(ok("hello"));
  stream.reset();
  ASSERT_EQ(host.errors().size(), 1u);
  EXPECT_EQ(host.errors()[0].kind(), ErrorKind::EnvoyCrash);
  EXPECT_THAT(host.errors()[0].what(), HasSubstr("StopIterationNoBuffer"));
}

TEST_F(StreamTest, ALocalResponseReplacesAnotherThatIsNotSentYet) {
  auto plugin = trace({{"request_headers", "(call $refuse (i32.const 403)) (i32.const 0)"},
                       {"response_headers", "(call $refuse (i32.const 404)) (i32.const 0)"}},
                      kRefuse);
  EXPECT_THAT(plugin->send(get("/"), ok()), testing::IsLocalResponse(404, "nope"));
  plugin = trace({{"request_headers", "(call $refuse (i32.const 403)) (i32.const 0)"},
                  {"response_body", "(call $refuse (i32.const 404)) (call $refuse (i32.const 405)) (i32.const 0)"}},
                 kRefuse);
  plugin->send(get("/"), ok());
  ASSERT_EQ(host.errors().size(), 1u);
  EXPECT_EQ(host.errors().front().kind(), ErrorKind::EnvoyCrash);
}

TEST_F(StreamTest, TrailersCanBeAddedToTheLastPiece) {
  auto plugin = trace({{"response_body", R"(
      (if (local.get 2) (then
        (drop (call $add_value (i32.const 3) (i32.const 0) (i32.const 1) (i32.const 1) (i32.const 1)))))
      (i32.const 0))"}},
                      R"((data (i32.const 0) "tv"))");
  auto exchange = plugin->send(get("/"), chunked(ok(), {"a", "b"}));
  EXPECT_EQ(exchange.response.trailers, (Headers{{"t", "v"}}));
  EXPECT_TRUE(exchange.response.complete);
}

TEST_F(StreamTest, ATrapAnswersWith503AndLaterRequestsByPolicy) {
  const std::map<std::string, std::string> trap = {{"request_headers", "(unreachable)"}};
  auto send = [&](FailPolicy policy) {
    auto plugin = trace(trap, {}, {.vmId = std::to_string(static_cast<int>(policy)), .failPolicy = policy});
    auto first = plugin->send(get("/"), ok());
    EXPECT_THAT(first, testing::IsLocalResponse(503, ""));
    EXPECT_EQ(first.details, "wasm_fail_stream");
    EXPECT_THAT(said(), ElementsAre("context_create 2 1", "request_headers 4 1"));
    return plugin;
  };
  EXPECT_THAT(send(FailPolicy::Closed)->send(get("/"), ok()), testing::IsLocalResponse(503));
  EXPECT_EQ(send(FailPolicy::Open)->send(get("/"), ok()).response.status(), 200);

  auto plugin = send(FailPolicy::Reload);
  EXPECT_THAT(plugin->send(get("/"), ok()), testing::IsLocalResponse(503));
  EXPECT_THAT(said(), IsEmpty());
  host.advance(std::chrono::seconds(1));
  plugin->send(get("/"), ok());
  EXPECT_THAT(said(), ElementsAre("context_create 1 0", "vm_start 0", "configure 0", "context_create 2 1",
                                  "request_headers 4 1"));
  EXPECT_EQ(host.errors().size(), 4u);
}

TEST_F(StreamTest, ATrapInTheResponseAnswersWith503) {
  auto plugin = trace({{"response_headers", "(unreachable)"}});
  EXPECT_EQ(plugin->send(get("/"), ok()).response.status(), 503);
}

TEST_F(StreamTest, WhatOneFilterHoldsBackTheNextDoesNotSee) {
  auto first =
      load(tracer({{"request_body", "(if (result i32) (local.get 2) (then (i32.const 0)) (else (i32.const 1)))"}}),
           {.name = "a", .vmId = "a"});
  auto second = load(tracer(), {.name = "b", .vmId = "b"});
  host.clearLogs();
  auto stream = host.openStream({first, second});
  stream->request(chunked(post("/", ""), {"ab", "cd"}));
  EXPECT_THAT(said(), ElementsAre("context_create 2 1", "request_headers 4 0", "context_create 2 1",
                                  "request_headers 4 0", "request_body 2 0", "request_body 4 1", "request_body 4 1"));
}

TEST_F(StreamTest, MisuseByATestIsAnError) {
  auto plugin = trace();
  auto stream = plugin->openStream();
  EXPECT_THROW(stream->requestBody("x"), Error);
  EXPECT_THROW(stream->responseHeaders({{":status", "200"}}), Error);
  stream->requestHeaders(get("/").headers, true);
  EXPECT_THROW(stream->requestHeaders(get("/").headers, true), Error);
  EXPECT_THROW(stream->requestBody("x"), Error);
  stream->close();
  stream->requestBody("x");  // The host drops what a client sends after the end.
}

// A response that the filter has seen is replaced: its headers live, and can be written, until the stream's end.
TEST_F(StreamTest, ALocalResponseLeavesTheFilterTheHeadersThatItReplaces) {
  const std::string look = R"(
      (call $digit (call $get_value (i32.const 2) (i32.const 0) (i32.const 7) (i32.const 1008) (i32.const 1012)))
      (call $digit (call $add_value (i32.const 2) (i32.const 10) (i32.const 3) (i32.const 10) (i32.const 3))))";
  auto plugin = trace({{"response_headers", R"(
      (drop (call $send_local_response (i32.const 403) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 4)
        (i32.const 0) (i32.const 0) (i32.const -1))) (i32.const 0))"},
                       {"log", look},
                       {"done", look + "(i32.const 1)"}},
                      R"((data (i32.const 0) ":status") (data (i32.const 10) "x-a"))");
  const Exchange exchange = plugin->send(get("/"), ok());
  EXPECT_THAT(exchange.response.headers, Contains(std::pair<std::string, std::string>(":status", "403")));
  EXPECT_THAT(said(), ElementsAre("context_create 2 1", "request_headers 4 1", "response_headers 1 1", "log", "0", "0",
                                  "done", "0", "0", "delete"));
}

TEST_F(StreamTest, APausedResponseWhoseUpstreamBreaksOffLeavesItsHeaders) {
  auto plugin = trace({{"response_headers", "(i32.const 4)"}, {"done", R"(
      (call $digit (call $get_value (i32.const 2) (i32.const 0) (i32.const 7) (i32.const 1008) (i32.const 1012)))
      (i32.const 1))"}},
                      R"((data (i32.const 0) ":status"))");
  auto stream = plugin->openStream();
  stream->request(get("/"));
  stream->responseHeaders(ok().headers);
  EXPECT_TRUE(stream->responsePaused());
  stream->upstreamReset();
  EXPECT_THAT(stream->answer().headers, Contains(std::pair<std::string, std::string>(":status", "502")));
  EXPECT_THAT(said(), AllOf(Contains("0"), Not(Contains("2"))));
}

}  // namespace
}  // namespace sluice::host
