// gRPC: unary calls with handlers and in tasks, streams, and callbacks for calls that nobody waits for.
#include "script_test.h"

namespace sluice::testing {
namespace {

using ::testing::Contains;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

constexpr std::chrono::milliseconds kDelay(10);

class Grpc : public ScriptTest {
 protected:
  Grpc() {
    host::GrpcService service;
    service.onCall = [](const host::GrpcCall& call) {
      if (call.message == "bad") return host::GrpcReply::error(GrpcStatus::PermissionDenied, "no", kDelay);
      return host::GrpcReply::of(call.message == "7" ? "8" : "answer to " + call.message, kDelay);
    };
    host().addGrpcService("service", service);
  }
  void SetUp() override { plugin_ = host().load(siblingFilter("sdk_grpc")); }
  std::unique_ptr<HttpStream> ask(std::string_view path) {
    auto stream = plugin_->openStream();
    stream->request(get(path));
    return stream;
  }
  void wait() { advance(kDelay); }
  void call(std::string_view callback, uint64_t id, std::vector<uint64_t> arguments) {
    arguments.insert(arguments.begin(), {plugin_->rootContextId(), id});
    plugin_->callback(callback, arguments);
  }

  std::shared_ptr<Plugin> plugin_;
};

TEST_F(Grpc, AServiceGetsTheCallAndTheStreamTheReply) {
  const auto stream = ask("/call");
  ASSERT_EQ(host().grpcCalls().size(), 1u);
  const auto& call = host().grpcCalls().front();
  EXPECT_EQ(call.cluster, "service");
  EXPECT_EQ(call.service, "package.Service");
  EXPECT_EQ(call.method, "Method");
  EXPECT_EQ(call.message, "question");
  EXPECT_EQ(call.timeout, std::chrono::milliseconds(1000));
  EXPECT_THAT(call.metadata, HasHeader("key", "value"));
  EXPECT_TRUE(stream->requestPaused());
  wait();
  EXPECT_TRUE(stream->received().complete);
  EXPECT_THAT(stream->received().headers, HasHeader("x-grpc", "Ok"));
  EXPECT_THAT(said(), ElementsAre("call: Ok", "reply: true Ok Ok answer to question no words"));
}

TEST_F(Grpc, AServiceThatRefuses) {
  host().addGrpcService("service", host::GrpcReply::error(GrpcStatus::PermissionDenied, "no", kDelay));
  const auto stream = ask("/call");
  wait();
  EXPECT_THAT(stream->received().headers, HasHeader("x-grpc", "PermissionDenied"));
  EXPECT_THAT(said(), ElementsAre("call: Ok", StartsWith("reply: false PermissionDenied Ok no message no")));
}

TEST_F(Grpc, AServiceThatDoesNotAnswer) {
  host().addGrpcService("service", host::GrpcReply::never());
  const auto stream = ask("/call");
  advance(std::chrono::milliseconds(1000));
  EXPECT_THAT(stream->received().headers, HasHeader("x-grpc", "Unavailable"));
}

TEST_F(Grpc, AnUnknownClusterIsRefusedAndItsEndNoSurprise) {
  const auto stream = ask("/unknown");
  EXPECT_TRUE(stream->received().complete);
  host().runPending();
  EXPECT_THAT(said(), ElementsAre("call: InternalFailure"));
  host().clearLogs();
  ask("/await/unknown");
  EXPECT_THAT(said(), ElementsAre("reply: false Unknown InternalFailure no message no words"));
}

TEST_F(Grpc, RepliesAreAwaited) {
  const auto stream = ask("/await");
  wait();
  EXPECT_TRUE(stream->requestPaused());
  wait();
  EXPECT_TRUE(stream->received().complete);
  EXPECT_THAT(said(), ElementsAre("reply: true Ok Ok answer to first no words", "the first one later: Ok NotFound",
                                  "reply: true Ok Ok answer to second no words"));
}

TEST_F(Grpc, AllAreAwaitedTogether) {
  const auto stream = ask("/all");
  wait();
  EXPECT_TRUE(stream->received().complete);
  EXPECT_THAT(said(), ElementsAre("kept: Ok answer to a ", StartsWith("kept: PermissionDenied no message no"),
                                  "kept: Ok answer to c "));
}

TEST_F(Grpc, MessagesOfATypeAreWrittenAndRead) {
  auto stream = ask("/number");
  wait();
  EXPECT_THAT(said(), ElementsAre("number: Ok 8", "number: SerializationFailure"));
  host().clearLogs();
  host().addGrpcService("service", host::GrpcReply::of("no number", kDelay));
  stream = ask("/number");
  wait();
  EXPECT_THAT(said(), Contains("number: ParseFailure 0"));
}

TEST_F(Grpc, ACallOfAStreamThatGoesIsCancelled) {
  for (const auto* path : {"/call", "/await", "/all"}) {
    auto stream = ask(path);
    const auto cancelled = host().hostcalls("proxy_grpc_cancel");
    host().clearLogs();
    stream->close();
    EXPECT_GT(host().hostcalls("proxy_grpc_cancel"), cancelled) << path;
    wait();
    EXPECT_THAT(logs(), IsEmpty()) << path;
  }
}

TEST_F(Grpc, LateDuplicateAndUnknownRepliesAreIgnored) {
  const auto stream = ask("/call");
  const uint64_t id = host().grpcCalls().back().id;
  wait();
  host().clearLogs();
  for (const uint64_t other : {id, id + 1, uint64_t{0}, uint64_t{0xffffffff}}) {
    call("proxy_on_grpc_receive", other, {5});
    call("proxy_on_grpc_close", other, {0});
  }
  EXPECT_EQ(said().size(), 8u);
  EXPECT_THAT(said(), Each(HasSubstr("sluice: ignored a reply")));
}

TEST_F(Grpc, ACloseThatSaysOkIsNoReply) {
  host().addGrpcService("service", host::GrpcReply::never());
  const auto stream = ask("/call");
  call("proxy_on_grpc_close", host().grpcCalls().back().id, {0});
  EXPECT_THAT(said(), Contains(StartsWith("reply: false Internal Ok no message")));
}

TEST_F(Grpc, AStreamSendsAndReceives) {
  const auto stream = ask("/stream");
  ASSERT_EQ(host().grpcStreams().size(), 1u);
  auto& service = *host().grpcStreams().front();
  EXPECT_THAT(service.received(), ElementsAre("one", "2", "three"));
  EXPECT_FALSE(service.halfClosed());
  service.sendInitialMetadata({{"name", "initial"}});
  service.send("a message");
  service.send("again!");
  service.send("");
  host().runPending();
  EXPECT_THAT(service.received(), ElementsAre("one", "2", "three", "again"));
  EXPECT_TRUE(stream->requestPaused());
  service.end({.trailingMetadata = {{"name", "trailing"}}, .status = GrpcStatus::Aborted, .statusMessage = "enough"});
  host().runPending();
  EXPECT_TRUE(stream->received().complete);
  EXPECT_THAT(stream->received().headers, HasHeader("x-closed", "Aborted"));
  EXPECT_THAT(
      said(),
      ElementsAre("before: false NotFound NotFound", "open: Ok", "send: Ok Ok Ok", HasSubstr("initial metadata: "),
                  "message: 9 a message", "message: 6 again!", "message: 0 ", HasSubstr("trailing metadata: "),
                  ::testing::AllOf(StartsWith("closed: Aborted enough"), HasSubstr(" false NotFound"))));
  EXPECT_THAT(said(), Contains(::testing::EndsWith(" initial")));
  EXPECT_THAT(said(), Contains(::testing::EndsWith(" trailing")));
}

TEST_F(Grpc, AStreamIsHalfClosed) {
  for (const auto* path : {"/stream/half", "/stream/last"}) {
    host().clearLogs();
    const auto stream = ask(path);
    auto& service = *host().grpcStreams().back();
    EXPECT_TRUE(service.halfClosed()) << path;
    EXPECT_THAT(said(), Contains("after: BadArgument BadArgument"));
    service.send("still heard");
    service.end();
    host().runPending();
    EXPECT_THAT(said(), Contains("message: 11 still heard"));
    EXPECT_THAT(said(), Contains(StartsWith("closed: Ok")));
    EXPECT_TRUE(stream->received().complete);
  }
}

TEST_F(Grpc, AStreamIsCancelledByTheFilterByItsEndAndInACallback) {
  auto stream = ask("/stream/cancel");
  EXPECT_TRUE(host().grpcStreams().back()->canceled());
  EXPECT_THAT(said(), Contains("cancelled: false"));
  stream = ask("/stream");
  stream->close();
  EXPECT_TRUE(host().grpcStreams().back()->canceled());
  stream = ask("/stream");
  host().grpcStreams().back()->send("cancel!");
  host().runPending();
  EXPECT_TRUE(host().grpcStreams().back()->canceled());
  EXPECT_THAT(said(), Not(Contains(StartsWith("closed: "))));
}

TEST_F(Grpc, AStreamThatCannotBeOpened) {
  EXPECT_TRUE(ask("/stream/unknown")->received().complete);
  EXPECT_THAT(said(), Contains("open: InternalFailure"));
}

TEST_F(Grpc, AMebibyteInPiecesOfAnySizeIsTheSame) {
  std::string all(1 << 20, '\0');
  for (size_t i = 0; i < all.size(); ++i) all[i] = static_cast<char>(i * 7 + i / 251);
  std::string sums;
  for (const size_t size : {size_t{1} << 16, size_t{1000}, size_t{1}}) {
    // Byte by byte only the first part, because each byte is a callback.
    const size_t end = size == 1 ? 4096 : all.size();
    host().clearLogs();
    const auto stream = ask("/read");
    auto& service = *host().grpcStreams().back();
    for (size_t at = 0; at < end; at += size) service.send(std::string_view(all).substr(at, std::min(size, end - at)));
    service.end();
    host().runPending();
    EXPECT_TRUE(stream->received().complete) << size;
    ASSERT_EQ(said().size(), 2u) << size;
    EXPECT_EQ(said().front(), "open: Ok BadArgument");
    EXPECT_THAT(said().back(), HasSubstr(" " + std::to_string(end) + " "));
    if (size == 1) continue;
    const auto sum = said().back().substr(said().back().find(" " + std::to_string(end)));
    if (!sums.empty()) {
      EXPECT_EQ(sum, sums);
    }
    sums = sum;
  }
}

TEST_F(Grpc, EveryAnswerOfEveryHostcall) {
  for (const auto* hostcall :
       {"proxy_grpc_call", "proxy_grpc_stream", "proxy_grpc_send", "proxy_grpc_cancel", "proxy_grpc_close",
        "proxy_get_status", "proxy_set_effective_context", "proxy_get_buffer_bytes", "proxy_get_header_map_value"}) {
    for (int status = 0; status <= 13; ++status) {
      for (const auto* path : {"/call", "/await", "/all", "/number", "/read", "/stream", "/stream/half"}) {
        host().failHostcall(hostcall, static_cast<Status>(status));
        const auto stream = ask(path);
        for (const auto& open : host().grpcStreams()) {
          open->send("a message");
          open->end();
        }
        wait();
        host().clearFaults();
      }
    }
    ASSERT_FALSE(plugin_->failure().has_value()) << hostcall << ": " << plugin_->failure()->what();
  }
}

TEST_F(Grpc, AnyAllocationFails) {
  for (const auto* path : {"/call", "/await", "/all", "/read", "/stream"}) {
    for (uint64_t n = 1; n <= 12; ++n) {
      host().failAllocation(n);
      const auto stream = ask(path);
      for (const auto& open : host().grpcStreams()) {
        open->send("a message");
        open->end();
      }
      wait();
      host().clearFaults();
      ASSERT_FALSE(plugin_->failure().has_value()) << path << ' ' << n;
    }
  }
}

TEST_F(Grpc, OnlyAFilterThatCallsTakesReplies) {
  for (const auto* callback : {"proxy_on_grpc_receive_initial_metadata", "proxy_on_grpc_receive",
                               "proxy_on_grpc_receive_trailing_metadata", "proxy_on_grpc_close"}) {
    EXPECT_TRUE(plugin_->exports(callback)) << callback;
    EXPECT_FALSE(host().load(siblingFilter("sdk_tasks"))->exports(callback)) << callback;
  }
  EXPECT_FALSE(plugin_->exports("proxy_on_http_call_response"));
}

}  // namespace
}  // namespace sluice::testing
