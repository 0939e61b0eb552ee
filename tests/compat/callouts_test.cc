// Old-style calls to other services: HTTP with a callback, gRPC with callbacks, handlers and streams.
#include "sluice/testing.h"

namespace sluice::testing {
namespace {

using host::CalloutReply;
using host::GrpcReply;
using host::GrpcStream;
using ::testing::Contains;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;
using namespace std::chrono_literals;

class OldCallouts : public FilterTest {
 protected:
  void SetUp() override { ASSERT_TRUE(start()); }
  void TearDown() override {
    EXPECT_THAT(logs(), Not(Contains(LogLine(LogLevel::Error))));
    FilterTest::TearDown();
  }
  /// Sends a request that makes the filter call `service`.
  HttpStream& call(const std::string& path, const std::string& service, const std::string& message = "question") {
    auto& stream = openStream();
    stream.requestHeaders(get(path, {{"x-service", service}, {"x-message", message}}).headers, true);
    return stream;
  }
  [[nodiscard]] bool said(const std::string& text) const {
    for (const auto& line : logs()) {
      if (line.text == text) return true;
    }
    return false;
  }
};

TEST_F(OldCallouts, HttpWithACallback) {
  auto answer = host::respond(200, "fine");
  answer.trailers = {{"t", "3"}};
  host().addCluster("service", CalloutReply::of(answer));
  auto& stream = call("/http", "service");
  host().runPending();
  EXPECT_THAT(stream.received().headers, HasHeader("x-http", "200 fine 1 3"));
  ASSERT_EQ(host().callouts().size(), 1u);
  const auto& request = host().callouts().front().request;
  EXPECT_THAT(request.headers, HasHeader("x-a", "1"));
  EXPECT_EQ(request.body(), "question");
  EXPECT_THAT(request.trailers, IsEmpty()) << "Envoy's router sends none";
}

TEST_F(OldCallouts, AnAnswerMayRefuseTheRequest) {
  host().addCluster("service", CalloutReply::of(host::respond(403)));
  auto& stream = call("/http", "service");
  host().runPending();
  EXPECT_THAT(stream.exchange(), IsLocalResponse(403, "not you\n"));
}

TEST_F(OldCallouts, NoAnswerIsToldToo) {
  host().addCluster("service", CalloutReply::reset());
  auto& stream = call("/http", "service");
  host().runPending();
  EXPECT_THAT(stream.received().headers, HasHeader("x-http", "no answer"));
}

TEST_F(OldCallouts, ACallThatTheHostRefuses) {
  EXPECT_TRUE(call("/http", "nobody").exchange().localResponse);
  EXPECT_TRUE(call("/simple", "nobody").exchange().localResponse);
  EXPECT_TRUE(call("/handler", "nobody").exchange().localResponse);
  EXPECT_TRUE(said("call handler deleted"));
  EXPECT_TRUE(call("/stream", "nobody").exchange().localResponse);
  EXPECT_TRUE(said("stream handler deleted"));
}

TEST_F(OldCallouts, TheStreamMayGoBeforeTheAnswer) {
  host().addCluster("service", CalloutReply::of(ok(), 10ms));
  auto& stream = call("/http", "service");
  stream.close();
  advance(10ms);
  EXPECT_TRUE(said("the stream has gone"));
}

TEST_F(OldCallouts, GrpcWithACallback) {
  host().addGrpcService("service", GrpcReply::of("answer"));
  auto& stream = call("/simple", "service");
  host().runPending();
  EXPECT_THAT(stream.received().headers, HasHeader("x-grpc", "0 answer"));
  ASSERT_EQ(host().grpcCalls().size(), 1u);
  EXPECT_EQ(host().grpcCalls().front().message, "question");
  EXPECT_THAT(host().grpcCalls().front().metadata, HasHeader("x-meta", "1"));
}

TEST_F(OldCallouts, GrpcErrorsReachTheCallback) {
  host().addGrpcService("service", GrpcReply::error(GrpcStatus::NotFound));
  auto& stream = call("/simple", "service");
  host().runPending();
  EXPECT_THAT(stream.received().headers, HasHeader("x-grpc", "5"));
}

TEST_F(OldCallouts, GrpcWithTwoCallbacks) {
  host().addGrpcService("good", GrpcReply::of("answer"));
  host().addGrpcService("bad", GrpcReply::error(GrpcStatus::Internal));
  auto& first = call("/two-callbacks", "good");
  auto& second = call("/two-callbacks", "bad");
  host().runPending();
  EXPECT_THAT(first.received().headers, HasHeader("x-grpc", "success answer"));
  EXPECT_THAT(second.received().headers, HasHeader("x-grpc", "failure"));
}

TEST_F(OldCallouts, GrpcWithAHandler) {
  host().addGrpcService("good", GrpcReply::of("typed"));
  host().addGrpcService("bad", GrpcReply::error(GrpcStatus::Unavailable));
  auto& first = call("/handler", "good");
  auto& second = call("/handler", "bad");
  host().runPending();
  EXPECT_THAT(first.received().headers, HasHeader("x-grpc", "typed"));
  EXPECT_THAT(second.received().headers, HasHeader("x-grpc", "failed with 14"));
  EXPECT_TRUE(said("call handler deleted"));
}

TEST_F(OldCallouts, AHandlerMayCancelItselfInItsCallback) {
  host().addGrpcService("service", GrpcReply::of("cancel me"));
  auto& stream = call("/handler", "service");
  host().runPending();
  EXPECT_THAT(stream.received().headers, HasHeader("x-grpc", "cancel me"));
}

class OldGrpcStreams : public OldCallouts {
 protected:
  void SetUp() override {
    OldCallouts::SetUp();
    host().addGrpcService("service", host::GrpcService{});
    stream_ = &call("/stream", "service");
    host().runPending();
    ASSERT_EQ(host().grpcStreams().size(), 1u);
    service_ = host().grpcStreams().front().get();
  }
  void arrive() { host().runPending(); }

  HttpStream* stream_ = nullptr;
  GrpcStream* service_ = nullptr;
};

TEST_F(OldGrpcStreams, MessagesBothWays) {
  EXPECT_THAT(service_->received(), ::testing::ElementsAre("question"));
  EXPECT_TRUE(said("send: Ok"));
  EXPECT_TRUE(said("send: SerializationFailure"));
  service_->sendInitialMetadata({{"x-initial", "first of all"}});
  service_->send("one ");
  service_->send("two");
  arrive();
  EXPECT_TRUE(said("message: one "));
  EXPECT_TRUE(said("message: two"));
  auto end = GrpcReply::error(GrpcStatus::Aborted, "enough");
  end.trailingMetadata = {{"x-trailing", "last of all"}};
  service_->end(end);
  arrive();
  EXPECT_TRUE(said("trailing metadata: last of all"));
  EXPECT_THAT(stream_->received().headers, HasHeader("x-stream", StartsWith("one two closed with 10 10 enough")));
}

TEST_F(OldGrpcStreams, BothSidesClose) {
  service_->send("half-close");
  arrive();
  EXPECT_TRUE(service_->halfClosed());
  EXPECT_FALSE(said("stream handler deleted"));
  service_->end();
  arrive();
  EXPECT_TRUE(said("stream handler deleted"));
}

TEST_F(OldGrpcStreams, TheLastMessageClosesToo) {
  service_->send("last");
  arrive();
  EXPECT_THAT(service_->received(), Contains("goodbye"));
  EXPECT_TRUE(service_->halfClosed());
  service_->end();
  arrive();
  EXPECT_TRUE(said("stream handler deleted"));
}

TEST_F(OldGrpcStreams, AHandlerMayResetItselfInItsCallbacks) {
  service_->send("reset");
  service_->send("never seen");
  arrive();
  EXPECT_TRUE(said("stream handler deleted"));
  EXPECT_TRUE(service_->canceled());
  EXPECT_FALSE(said("message: never seen"));
  EXPECT_THAT(stream_->received().headers, HasHeader("x-stream", "reset"));
}

TEST_F(OldGrpcStreams, AHandlerMayResetItselfWhenTheOtherSideCloses) {
  service_->end(GrpcReply::error(GrpcStatus::Unavailable));
  arrive();
  EXPECT_TRUE(said("stream handler deleted"));
}

TEST_F(OldCallouts, AnswersThatNobodyWaitsForAreIgnored) {
  host().addCluster("service", CalloutReply::of(ok(), 10ms));
  auto& stream = call("/http", "service");
  const uint64_t root = plugin().rootContextId();
  const uint64_t id = host().callouts().front().id;
  const auto reply = [&](uint64_t context, uint64_t token) {
    plugin().callback("proxy_on_http_call_response", {context, token, 0, 0, 0});
  };
  reply(root, id + 1);
  reply(root + 1000, id);
  for (const auto* callback : {"proxy_on_grpc_receive", "proxy_on_grpc_close", "proxy_on_grpc_receive_initial_metadata",
                               "proxy_on_grpc_receive_trailing_metadata"}) {
    plugin().callback(callback, {root, id, 0});  // The id of an HTTP call.
    plugin().callback(callback, {root + 1000, id, 0});
  }
  EXPECT_TRUE(stream.requestPaused());
  reply(root, id);
  EXPECT_THAT(stream.received().headers, HasHeader("x-http", "no answer"));
  reply(root, id);  // A second reply to the same call.
  advance(10ms);
}

TEST_F(OldCallouts, OnlyWhatIsCalledIsExported) {
  EXPECT_TRUE(plugin().exports("proxy_on_http_call_response"));
  EXPECT_TRUE(plugin().exports("proxy_on_grpc_receive_trailing_metadata"));
  EXPECT_FALSE(plugin().exports("proxy_on_queue_ready"));
}

}  // namespace
}  // namespace sluice::testing
