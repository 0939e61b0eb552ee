// HTTP callouts: replies, failures, timeouts, late and unknown replies.
#include "guest_test.h"

namespace sluice::host {
namespace {

using namespace test;
using std::chrono::milliseconds;

class CalloutTest : public GuestTest {
 protected:
  // A guest whose on_request_headers calls the cluster named at byte 200 with the pair list at byte 0 and holds the
  // request back. When the reply comes, it logs it and continues the request of context 2.
  std::shared_ptr<Plugin> caller(int timeout, std::string_view cluster = "auth") {
    return trace(
        {{"request_headers", "(call $digit (call $call (i32.const " + std::to_string(timeout) + "))) (i32.const 4)"},
         {"http_call_response", R"(
            (drop (call $get_value (i32.const 6) (i32.const 210) (i32.const 7) (i32.const 1008) (i32.const 1012)))
            (if (local.get 2) (then (call $say_result)))
            (call $digit (call $get_buffer (i32.const 4) (i32.const 0) (i32.const 99) (i32.const 1008) (i32.const 1012)))
            (call $say_result)
            (drop (call $get_status (i32.const 1004) (i32.const 1008) (i32.const 1012)))
            (if (i32.load (i32.const 1012)) (then (call $say_result)))
            (drop (call $set_effective_context (i32.const 2)))
            (drop (call $continue (i32.const 0))))"}},
        std::string(
            "(data (i32.const 0) \"\\03\\00\\00\\00\\07\\00\\00\\00\\03\\00\\00\\00\\05\\00\\00\\00\\02\\00\\00\\00") +
            "\\0a\\00\\00\\00\\04\\00\\00\\00:method\\00GET\\00:path\\00/a\\00:authority\\00auth\\00\")" +
            "(data (i32.const 200) \"" + std::string(cluster) + "\") (data (i32.const 210) \":status\")" + R"(
        (func $call (param $timeout i32) (result i32)
          (call $http_call (i32.const 200) (i32.const 4) (i32.const 0) (i32.const 65) (i32.const 210) (i32.const 3)
            (i32.const 0) (i32.const 0) (local.get $timeout) (i32.const 996))))");
  }
};

TEST_F(CalloutTest, AnUnknownClusterIsRefused) {
  caller(0)->send(get("/"), ok());
  EXPECT_THAT(said(), Contains("2"));
  EXPECT_THAT(host.callouts(), IsEmpty());
}

TEST_F(CalloutTest, AnUnknownClusterIsNamedWithThoseThereAre) {
  host.addCluster("other", CalloutReply::of(ok()));
  host.addCluster("third", CalloutReply::of(ok()));
  auto plugin = caller(0);
  EXPECT_THAT(host.unknownClusters(), IsEmpty());
  for (int i = 0; i < 2; ++i) plugin->send(get("/"), ok());
  EXPECT_THAT(host.unknownClusters(),
              ElementsAre("the filter called the cluster \"auth\", which is not declared; declared: other, third"));
}

TEST_F(CalloutTest, SendWaitsForADelayedReply) {
  host.addCluster("auth", CalloutReply::of(ok(), std::chrono::seconds(5)));
  const uint64_t start = host.now();
  const auto exchange = caller(0)->send(get("/"), ok());
  EXPECT_EQ(exchange.response.status(), 200);
  EXPECT_EQ(exchange.response.waiting, "");
  EXPECT_EQ(host.now() - start, 5'000'000'000U);
}

TEST_F(CalloutTest, SendSaysWhoWaitsForWhat) {
  host.addCluster("auth", CalloutReply::never());
  auto plugin = caller(0);
  auto exchange = plugin->send(get("/"), ok());
  EXPECT_FALSE(exchange.response.started);
  EXPECT_EQ(exchange.response.waiting, "the filter holds the request back; there is no reply yet to callout 4 to auth");
  EXPECT_THAT(::testing::PrintToString(exchange.response), HasSubstr("nothing (the filter holds the request back; "));
  host.addCluster("auth", CalloutReply::of(ok(), std::chrono::hours(1)));
  const uint64_t start = host.now();
  exchange = plugin->send(get("/"), ok());
  EXPECT_THAT(exchange.response.waiting, HasSubstr("there is no reply yet to callout"));
  EXPECT_EQ(host.now(), start) << "nothing happens within a minute";
}

TEST_F(CalloutTest, SendSaysThatNothingIsAwaited) {
  const auto exchange = trace({{"response_headers", "(i32.const 1)"}})->send(get("/"), ok());
  EXPECT_EQ(exchange.response.waiting, "the filter holds the response back; no callout waits for a reply");
}

TEST_F(CalloutTest, TheReplyArrivesAndTheRequestGoesOn) {
  host.addCluster("auth", CalloutReply::of(respond(201, "yes")));
  auto plugin = caller(0);
  auto exchange = plugin->send(get("/"), ok());
  EXPECT_THAT(said(), ElementsAre("context_create 2 1", "request_headers 4 1", "0", "http_call_response 4 3 3 0", "201",
                                  "0", "yes", "response_headers 1 1", "log", "done", "delete"));
  EXPECT_TRUE(exchange.response.complete);
  ASSERT_EQ(host.callouts().size(), 1u);
  const Callout& callout = host.callouts()[0];
  EXPECT_EQ(callout.cluster, "auth");
  EXPECT_EQ(callout.request.header(":path"), "/a");
  EXPECT_EQ(callout.request.header("content-length"), "3");
  EXPECT_EQ(callout.request.header("x-envoy-internal"), "true");
  EXPECT_EQ(callout.request.body(), ":st");
}

TEST_F(CalloutTest, ADelayedReplyComesByTheClock) {
  host.addCluster("auth",
                  [](const Callout& callout) { return CalloutReply::of(ok(callout.cluster), milliseconds(30)); });
  auto plugin = caller(100);
  auto stream = plugin->openStream();
  stream->request(get("/"));
  host.advance(milliseconds(29));
  EXPECT_FALSE(stream->received().started);
  host.advance(milliseconds(1));
  EXPECT_TRUE(stream->received().started);
  EXPECT_THAT(said(), Contains("auth"));
  host.advance(milliseconds(1000));  // The reply cancelled the timeout.
  EXPECT_THAT(said(), IsEmpty());
}

TEST_F(CalloutTest, ATimeoutIsA504) {
  host.addCluster("auth", CalloutReply::never());
  auto plugin = caller(50);
  auto stream = plugin->openStream();
  stream->request(get("/"));
  host.advance(milliseconds(50));
  EXPECT_THAT(said(), AllOf(Contains("504"), Contains("upstream request timeout")));
  EXPECT_TRUE(stream->received().started);
}

TEST_F(CalloutTest, AReplyAfterTheTimeoutIsDropped) {
  host.addCluster("auth", CalloutReply::of(ok("late"), milliseconds(60)));
  auto plugin = caller(50);
  auto stream = plugin->openStream();
  stream->request(get("/"));
  host.advance(milliseconds(100));
  EXPECT_THAT(said(), AllOf(Contains("504"), Not(Contains("late"))));
}

TEST_F(CalloutTest, AConnectionFailureIsA503AndAResetHasNoHeaders) {
  host.addCluster("auth", CalloutReply::connectionFailure());
  caller(0)->send(get("/"), ok());
  EXPECT_THAT(said(), AllOf(Contains("503"), Contains(HasSubstr("reset reason: remote connection failure"))));
  host.addCluster("auth", CalloutReply::connectionTermination());
  caller(0)->send(get("/"), ok());
  EXPECT_THAT(said(), AllOf(Contains("503"), Contains(HasSubstr("reset reason: connection termination"))));
  host.addCluster("auth", CalloutReply::reset());
  auto plugin = caller(0);
  plugin->send(get("/"), ok());
  EXPECT_THAT(said(), AllOf(Contains("http_call_response 4 0 0 0"), Contains("reset")));
}

TEST_F(CalloutTest, ANegativeTimeoutIsRefused) {
  host.addCluster("auth", CalloutReply::of(ok()));
  caller(-1)->send(get("/"), ok());
  EXPECT_THAT(said(), Contains("2"));
}

TEST_F(CalloutTest, AReplyOutlivesItsStreamButNotItsPlugin) {
  host.addCluster("auth", CalloutReply::of(ok("late"), milliseconds(10)));
  auto plugin = caller(0);
  plugin->send(get("/"), ok());  // The stream ends before the reply.
  host.advance(milliseconds(10));
  EXPECT_THAT(said(), Contains("late"));
  plugin->send(get("/"), ok());
  said();
  plugin.reset();
  host.advance(milliseconds(10));
  EXPECT_THAT(said(), ElementsAre("done", "delete"));
}

}  // namespace
}  // namespace sluice::host
