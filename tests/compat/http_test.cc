// An old-style HTTP filter: headers, bodies, trailers, local responses, configurations, ticks, kept data.
#include "sluice/testing.h"

namespace sluice::testing {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;
using namespace std::chrono_literals;

class OldHttp : public FilterTest {
 protected:
  void SetUp() override { ASSERT_TRUE(start({.vmConfiguration = "vm", .configuration = "hello"})); }
  void TearDown() override {
    EXPECT_THAT(logs(), Not(Contains(LogLine(LogLevel::Error))));
    FilterTest::TearDown();
  }
};

TEST_F(OldHttp, ReadsAndChangesRequestHeaders) {
  const auto exchange = send(get("/headers", {{"x-replaced", "1"}, {"x-removed", "1"}, {"x-value", "a"}}), ok("body"));
  EXPECT_THAT(exchange.request.headers,
              AllOf(HasHeader("x-replaced", "hello"), HasNoHeader("x-removed"), HasHeader("x-size-known", "yes"),
                    HasHeaderValues("x-twice", {"1", "2"})));
  EXPECT_THAT(exchange.response, AllOf(HasBody("body"), HasStatus(200)));
  EXPECT_THAT(exchange.response.headers, AllOf(HasHeader("x-path", "/headers"), HasHeader("content-type", "text/plain"),
                                               HasNoHeader("content-length")));
  EXPECT_THAT(logs(), Contains(LogLine(LogLevel::Trace, EndsWith("::onRequestHeaders() x-value -> a"))));
}

TEST_F(OldHttp, SetsAllHeaders) {
  EXPECT_THAT(send(get("/set", {{"x-kept", "1"}})).request.headers,
              AllOf(HasHeader("x-set", "a\tb"), HasHeader("x-kept", "1"), HasHeader(":path", "/set")));
}

TEST_F(OldHttp, AnswersByItself) {
  const auto exchange = send(get("/local"));
  EXPECT_THAT(exchange, IsLocalResponse(403, "no entry\n"));
  EXPECT_EQ(exchange.details, "refused_by_test");
  EXPECT_THAT(exchange.response.headers, HasHeaderValues("x-why", {"because", "so"}));
  EXPECT_TRUE(send(get("/grpc-local")).localResponse);
}

TEST_F(OldHttp, ClosesStreams) {
  EXPECT_TRUE(send(get("/close")).closed);
  EXPECT_TRUE(send(get("/response-close")).closed);
}

TEST_F(OldHttp, GoesOnInATick) {
  auto& stream = openStream();
  stream.requestHeaders(get("/pause").headers, true);
  EXPECT_TRUE(stream.requestPaused());
  auto& gone = openStream();
  gone.requestHeaders(get("/pause").headers, true);
  gone.close();
  advance(1s);
  EXPECT_FALSE(stream.requestPaused());
  EXPECT_THAT(stream.received().headers, HasHeader("x-paused"));
  EXPECT_THAT(logs(), Contains(LogLine(LogLevel::Warn, EndsWith("a paused stream has gone"))));
}

TEST_F(OldHttp, BuffersAndReplacesBodies) {
  auto& stream = openStream();
  stream.requestHeaders(post("/body", "").headers);
  stream.requestBody("hel");
  stream.requestBody("lo", true);
  stream.response(ok("world"));
  EXPECT_EQ(stream.received().body(), "[hello]");
  EXPECT_EQ(stream.answer().body(), "before world");
  EXPECT_THAT(logs(), Contains(LogLine(LogLevel::Info, EndsWith("the new size is 7"))));
}

TEST_F(OldHttp, ChangesTrailers) {
  auto request = post("/", "");  // A message with trailers has no content-length.
  request.chunks = {"body"};
  request.trailers = {{"x-removed", "1"}, {"x-replaced", "1"}};
  auto response = ok();
  response.chunks = {"body"};
  response.trailers = {{"t", "1"}};
  const auto exchange = send(request, response);
  EXPECT_THAT(exchange.request.trailers,
              AllOf(HasHeader("x-replaced", "1!"), HasHeader("x-count", "2"), HasNoHeader("x-removed")));
  EXPECT_EQ(exchange.response.trailers, (Headers{{"x-only", "yes"}}));
  EXPECT_THAT(logs(), Contains(LogLine(LogLevel::Info, EndsWith("trailer x-removed=1"))));
}

TEST_F(OldHttp, KeepsWhatItReadPastTheCallback) {
  send(get("/headers"));
  send(get("/other"));
  EXPECT_THAT(logs(), Contains(LogLine(LogLevel::Info, EndsWith("log of /headers"))));
  EXPECT_THAT(logs(), Contains(LogLine(LogLevel::Info, EndsWith("log of /other"))));
  EXPECT_THAT(logs(), Contains(LogLine(LogLevel::Info,
                                       EndsWith("kept " + std::to_string(get("/").headers.size()) + " headers"))));
}

TEST_F(OldHttp, LogsWithThePlaceAndOnlyWhatTheHostShows) {
  send(get("/"));
  EXPECT_THAT(logs(), Contains(LogLine(LogLevel::Debug, AllOf(StartsWith("["), HasSubstr("/http.cc:"),
                                                              HasSubstr("]::onCreate() create ")))));
  EXPECT_THAT(logs(), Contains(LogLine(LogLevel::Debug, "vm configuration: vm")));
  host().setLogLevel(LogLevel::Warn);
  const auto before = host().hostcalls("proxy_log");
  send(get("/"));
  EXPECT_EQ(host().hostcalls("proxy_log"), before);
}

TEST_F(OldHttp, ChecksItsConfiguration) {
  const auto validate = [this] {
    return plugin().callback("proxy_validate_configuration", {plugin().rootContextId(), 3});
  };
  EXPECT_EQ(validate(), 1u);
  host().clearLogs();
  EXPECT_FALSE(start({.configuration = "bad"}));
  EXPECT_THAT(logs(), Contains(LogLine(LogLevel::Error, EndsWith("::onConfigure() a bad configuration"))));
  host().answerHostcall("proxy_get_buffer_bytes", "bad");
  EXPECT_EQ(validate(), 0u);
  host().clearLogs();
}

TEST_F(OldHttp, EndsWithThePlugin) {
  EXPECT_TRUE(plugin().shutdown());
  EXPECT_THAT(logs(), Contains(LogLine(LogLevel::Info, EndsWith("::onDone() root done"))));
}

TEST_F(OldHttp, ExportsWhatItOverridesAndNothingElse) {
  for (const auto* name : {"proxy_on_request_headers", "proxy_on_request_body", "proxy_on_request_trailers",
                           "proxy_on_response_headers", "proxy_on_response_body", "proxy_on_response_trailers",
                           "proxy_on_vm_start", "proxy_on_configure", "proxy_validate_configuration", "proxy_on_tick",
                           "proxy_on_done", "proxy_on_log", "proxy_on_delete", "proxy_on_context_create"}) {
    EXPECT_TRUE(plugin().exports(name)) << name;
  }
  for (const auto* name :
       {"proxy_on_new_connection", "proxy_on_downstream_data", "proxy_on_upstream_data",
        "proxy_on_downstream_connection_close", "proxy_on_upstream_connection_close", "proxy_on_request_metadata",
        "proxy_on_response_metadata", "proxy_on_queue_ready", "proxy_on_foreign_function",
        "proxy_on_http_call_response", "proxy_on_grpc_receive", "proxy_on_grpc_close"}) {
    EXPECT_FALSE(plugin().exports(name)) << name;
  }
}

}  // namespace
}  // namespace sluice::testing
