// gRPC calls and streams: replies, failures, metadata, cancelling, ids and statuses. The expected callbacks were
// observed in a real Envoy.
#include "guest_test.h"

namespace sluice::host {
namespace {

using namespace test;
using std::chrono::milliseconds;

// Calls "svc.Name/Method" of the cluster named at byte 200 with the metadata x-a: 1.
constexpr char kData[] = R"(
    (data (i32.const 300) "svc.NameMethod")
    (data (i32.const 400) "\01\00\00\00\03\00\00\00\01\00\00\00x-a\001\00")
    (data (i32.const 500) "first" "second"))";
constexpr char kShowStatus[] = R"(
    (drop (call $get_status (i32.const 1020) (i32.const 1008) (i32.const 1012)))
    (call $put_number (i32.load (i32.const 1020))) (call $flush)
    (if (i32.load (i32.const 1012)) (then (call $say_result))))";
constexpr char kShowMessage[] = R"(
    (call $digit (call $get_buffer (i32.const 5) (i32.const 0) (i32.const 99) (i32.const 1008) (i32.const 1012)))
    (call $say_result))";

class GrpcTest : public GuestTest {
 protected:
  using Bodies = std::map<std::string, std::string>;

  std::shared_ptr<Plugin> guestFor(std::string_view target, Bodies bodies) {
    const std::string size = std::to_string(target.size());
    bodies.try_emplace("grpc_receive", kShowMessage);
    bodies.try_emplace("grpc_close", kShowStatus);
    std::string data = kData;
    data += "(data (i32.const 200) \"";
    for (char c : target) {
      constexpr char kDigits[] = "0123456789abcdef";
      const auto byte = static_cast<unsigned char>(c);
      data += {'\\', kDigits[byte >> 4], kDigits[byte & 15]};
    }
    data += "\")";
    data +=
        "(func $call (param $timeout i32) (result i32)"
        "  (call $grpc_call (i32.const 200) (i32.const " +
        size +
        ") (i32.const 300) (i32.const 8) (i32.const 308)"
        "    (i32.const 6) (i32.const 400) (i32.const 18) (i32.const 500) (i32.const 5) (local.get $timeout)"
        "    (i32.const 1016)))"
        "(func $open (result i32)"
        "  (call $grpc_stream (i32.const 200) (i32.const " +
        size +
        ") (i32.const 300) (i32.const 8) (i32.const 308)"
        "    (i32.const 6) (i32.const 400) (i32.const 18) (i32.const 1016)))"
        "(func $send (param $size i32) (param $end i32) (result i32)"
        "  (call $grpc_send (i32.load (i32.const 1016)) (i32.const 500) (local.get $size) (local.get $end)))";
    return trace(bodies, data);
  }
  /// A guest that makes a unary call at each tick and logs the status and the id.
  std::shared_ptr<Plugin> caller(int timeout = 0, std::string_view target = "grpc") {
    return guestFor(target, {{"tick", "(call $digit (call $call (i32.const " + std::to_string(timeout) +
                                          "))) (call $put_number (i32.load (i32.const 1016))) (call $flush)"}});
  }
  /// A guest that opens a stream at its first tick, logs the status and the id, and then runs `then`.
  std::shared_ptr<Plugin> streamer(const std::string& then = "", Bodies bodies = {}, std::string_view target = "grpc") {
    bodies["tick"] = "(call $digit (call $open)) (call $put_number (i32.load (i32.const 1016))) (call $flush)" + then;
    return guestFor(target, bodies);
  }
  void tick(Plugin& plugin) { plugin.callback("proxy_on_tick", {1}); }
  std::vector<std::string> answersTo(GrpcReply reply, int timeout = 0) {
    host.addGrpcService("grpc", std::move(reply));
    auto plugin = caller(timeout);
    tick(*plugin);
    auto lines = said();
    return {lines.begin() + 3, lines.end()};
  }
  /// The callbacks of a stream that its service ends with `reply`.
  std::vector<std::string> streamEnds(GrpcReply reply) {
    host.addGrpcService("grpc", GrpcService{.onOpen = [reply](GrpcStream& stream) { stream.end(reply); }});
    auto plugin = streamer();
    tick(*plugin);
    auto lines = said();
    return {lines.begin() + 3, lines.end()};
  }
};

TEST_F(GrpcTest, ACallIsAnsweredWithAMessage) {
  host.addGrpcService("grpc", GrpcReply::of("reply"));
  auto plugin = caller(250);
  tick(*plugin);
  tick(*plugin);
  EXPECT_THAT(said(), ElementsAre("tick", "0", " 5", "grpc_receive 5 5", "0", "reply", "tick", "0", " 9",
                                  "grpc_receive 9 5", "0", "reply"));
  ASSERT_EQ(host.grpcCalls().size(), 2u);
  const GrpcCall& call = host.grpcCalls()[0];
  EXPECT_EQ(call.id, 5u);
  EXPECT_EQ(call.cluster, "grpc");
  EXPECT_EQ(call.service, "svc.Name");
  EXPECT_EQ(call.method, "Method");
  EXPECT_EQ(call.message, "first");
  EXPECT_EQ(call.timeout, milliseconds(250));
  EXPECT_FALSE(call.stream);
  const Headers expected = {
      {"te", "trailers"}, {"grpc-timeout", "250m"},     {"content-type", "application/grpc"},
      {"x-a", "1"},       {"x-envoy-internal", "true"}, {"x-envoy-expected-rq-timeout-ms", "250"}};
  EXPECT_EQ(call.metadata, expected);
  EXPECT_THAT(host.grpcStreams(), IsEmpty());
  host.advance(std::chrono::seconds(1));  // The reply cancelled the timeout.
  EXPECT_THAT(said(), IsEmpty());
}

TEST_F(GrpcTest, TheServiceSeesTheCallAndDecides) {
  host.addGrpcService("grpc", GrpcService{.onCall = [](const GrpcCall& call) {
                        return GrpcReply::of(call.method + " " + call.message, milliseconds(30));
                      }});
  auto plugin = caller(100);
  tick(*plugin);
  host.advance(milliseconds(29));
  EXPECT_THAT(said(), ElementsAre("tick", "0", " 5"));
  host.advance(milliseconds(1));
  EXPECT_THAT(said(), ElementsAre("grpc_receive 5 12", "0", "Method first"));
}

TEST_F(GrpcTest, ACallThatFailsSaysWhy) {
  EXPECT_THAT(answersTo(GrpcReply::error(GrpcStatus::NotFound, "not here")),
              ElementsAre("grpc_close 5 5", " 5", "not here{via_upstream}"));
  EXPECT_THAT(answersTo(GrpcReply::error(GrpcStatus::PermissionDenied)),
              ElementsAre("grpc_close 5 7", " 7", "via_upstream"));
  EXPECT_THAT(answersTo({.messages = {"dropped"}, .status = GrpcStatus::Aborted, .statusMessage = "50%"}),
              ElementsAre("grpc_close 5 10", " 10", "50%25{via_upstream}"));
  EXPECT_THAT(answersTo(GrpcReply{}), ElementsAre("grpc_close 5 13", " 13"));  // No message.
  EXPECT_THAT(answersTo({.messages = {"x"}, .status = GrpcStatus::None}),
              ElementsAre("grpc_close 5 2", " 2", "via_upstream"));
  EXPECT_THAT(answersTo({.messages = {"x"}, .status = static_cast<GrpcStatus>(99)}),
              ElementsAre("grpc_close 5 4294967295", " 4294967295", "via_upstream"));
  EXPECT_THAT(answersTo(GrpcReply::malformed()), ElementsAre("grpc_close 5 13", " 13", "via_upstream"));
  EXPECT_THAT(answersTo(GrpcReply::notGrpc(404)), ElementsAre("grpc_close 5 12", " 12", "via_upstream"));
  EXPECT_THAT(answersTo(GrpcReply::notGrpc(503)), ElementsAre("grpc_close 5 14", " 14", "via_upstream"));
  EXPECT_THAT(answersTo(GrpcReply::connectionFailure()),
              ElementsAre("grpc_close 5 14", " 14", HasSubstr("reset reason: remote connection failure{upstream_")));
  EXPECT_THAT(answersTo(GrpcReply::reset()),
              ElementsAre("grpc_close 5 14", " 14", HasSubstr("reset reason: remote reset{upstream_")));
  EXPECT_THAT(answersTo({.kind = GrpcReply::Kind::Reset, .initialMetadata = {{"a", "b"}}}),
              ElementsAre("grpc_close 5 13", " 13", "upstream_reset_after_response_started{remote_reset}"));
  host.addGrpcService("grpc", GrpcService{});
  auto plugin = caller();
  tick(*plugin);
  EXPECT_THAT(said(), Contains("grpc_close 5 12"));
}

TEST_F(GrpcTest, TheLastOfSeveralMessagesCountsAndAnEmptyOneIsOne) {
  EXPECT_THAT(answersTo({.messages = {"one", "second"}}), ElementsAre("grpc_receive 5 6", "0", "second"));
  EXPECT_THAT(answersTo(GrpcReply::of("")), ElementsAre("grpc_receive 5 0", "0", ""));
}

TEST_F(GrpcTest, ATimeoutEndsACallAndWhatComesLaterIsDropped) {
  host.addGrpcService("grpc", GrpcReply::of("late", milliseconds(60)));
  auto plugin = caller(50);
  tick(*plugin);
  host.advance(milliseconds(100));
  EXPECT_THAT(said(),
              ElementsAre("tick", "0", " 5", "grpc_close 5 14", " 14", "upstream request timeout{response_timeout}"));
  EXPECT_TRUE(host.grpcCalls().back().canceled);
  host.addGrpcService("grpc", GrpcReply::never());
  auto patient = caller(0);
  tick(*patient);
  host.advance(std::chrono::hours(1));
  EXPECT_THAT(said(), ElementsAre("tick", "0", " 5"));
}

TEST_F(GrpcTest, TheTargetIsAClusterOrASerializedService) {
  host.addGrpcService("grpc", GrpcReply::of("reply"));
  auto statusFor = [&](std::string_view target) {
    auto plugin = caller(0, target);
    tick(*plugin);
    auto lines = said();
    lines.erase(lines.begin());
    return lines;
  };
  EXPECT_THAT(statusFor("\x0a\x06\x0a\x04grpc"), ElementsAre("0", " 5", "grpc_receive 5 5", "0", "reply"));
  EXPECT_THAT(statusFor("\x12\x06\x0a\x04grpc"), ElementsAre("0", " 5", "grpc_receive 5 5", "0", "reply"));
  EXPECT_THAT(statusFor("unknown"), ElementsAre("4", " 0"));
  // The host refuses the call but still calls on_grpc_close.
  EXPECT_THAT(statusFor("\x0a\x06\x0a\x04nope"),
              ElementsAre(":", " 0", "grpc_close 5 14", " 14", "Cluster not available"));
  // Truncated, or with an invalid field: the bytes are neither a message nor the name of a cluster.
  EXPECT_THAT(statusFor("\x0a\x07\x0a\x04grpc"), ElementsAre("4", " 0"));
  EXPECT_THAT(statusFor("\x0a\x06\x0a\x04grpc\x07"), ElementsAre("4", " 0"));
  EXPECT_THAT(statusFor("\x0b\x0a"), ElementsAre("4", " 0"));
  // The host skips unknown fields: a number, a group, 8 and 4 bytes, bytes.
  using namespace std::string_literals;
  EXPECT_THAT(statusFor("\x40\x80\x01\x4b\x40\x01\x4c\x49"
                        "12345678\x45"
                        "1234\x4a\x01x\x0a\x06\x0a\x04grpc"s),
              Contains("grpc_receive 5 5"));
  // The service's metadata comes before the call's.
  EXPECT_THAT(statusFor("\x0a\x06\x0a\x04grpc\x2a\x06\x0a\x01k\x12\x01v"), Contains("grpc_receive 5 5"));
  const Headers& metadata = host.grpcCalls().back().metadata;
  ASSERT_GE(metadata.size(), 5u);
  EXPECT_EQ(Headers(metadata.begin() + 3, metadata.begin() + 5), (Headers{{"k", "v"}, {"x-a", "1"}}));
}

TEST_F(GrpcTest, ANameThatIsAMessageByAccidentIsAnError) {
  host.addGrpcService("hi", GrpcReply::of("reply"));
  for (const char* name : {"hi", ""}) {
    auto plugin = caller(0, name);
    EXPECT_THROW(tick(*plugin), Error);
    ASSERT_TRUE(plugin->failure());
    EXPECT_THAT(plugin->failure()->what(), HasSubstr("is a GrpcService message that names no service"));
  }
}

TEST_F(GrpcTest, CallsAreCancelled) {
  host.addGrpcService("grpc", GrpcReply::of("reply"));
  for (const char* cancel : {"grpc_cancel", "grpc_close"}) {
    auto plugin = guestFor("grpc", {{"tick", std::string("(drop (call $call (i32.const 9)))") + "(call $digit (call $" +
                                                 cancel + " (i32.load (i32.const 1016))))" + "(call $digit (call $" +
                                                 cancel + " (i32.load (i32.const 1016))))"}});
    tick(*plugin);
    host.advance(std::chrono::seconds(1));
    EXPECT_THAT(said(), ElementsAre("tick", "0", "1"));
  }
}

TEST_F(GrpcTest, UnknownIdsAreRefusedByTheirKind) {
  auto plugin = guestFor("grpc", {{"tick", R"(
      (call $digit (call $grpc_send (i32.const 4) (i32.const 0) (i32.const 0) (i32.const 0)))
      (call $digit (call $grpc_send (i32.const 5) (i32.const 0) (i32.const 0) (i32.const 0)))
      (call $digit (call $grpc_send (i32.const 6) (i32.const 0) (i32.const 0) (i32.const 0)))
      (call $digit (call $grpc_send (i32.const 6) (i32.const 65000) (i32.const 65000) (i32.const 0)))
      (call $digit (call $grpc_close (i32.const 4)))
      (call $digit (call $grpc_close (i32.const 5)))
      (call $digit (call $grpc_close (i32.const 6)))
      (call $digit (call $grpc_cancel (i32.const 4)))
      (call $digit (call $grpc_cancel (i32.const 5)))
      (call $digit (call $grpc_cancel (i32.const 6))))"}});
  tick(*plugin);
  EXPECT_THAT(said(), ElementsAre("tick", "2", "2", "1", "6", "2", "1", "1", "2", "1", "1"));
}

TEST_F(GrpcTest, AStreamCarriesMessagesBothWays) {
  std::vector<std::string> seen;
  host.addGrpcService("grpc",
                      GrpcService{.onOpen = [&](GrpcStream& stream) { seen.push_back("open " + stream.call().method); },
                                  .onMessage =
                                      [&](GrpcStream& stream, std::string_view message) {
                                        seen.emplace_back(message);
                                        stream.send("re " + std::string(message));
                                      },
                                  .onHalfClose =
                                      [&](GrpcStream& stream) {
                                        seen.emplace_back("half-closed");
                                        stream.end({.trailingMetadata = {{"x-t", "2"}}});
                                      }});
  auto plugin = streamer(
      "(call $digit (call $send (i32.const 5) (i32.const 0)))"
      "(call $digit (call $send (i32.const 11) (i32.const 1)))");
  tick(*plugin);
  EXPECT_THAT(seen, ElementsAre("open Method", "first", "firstsecond", "half-closed"));
  EXPECT_THAT(said(), ElementsAre("tick", "0", " 6", "0", "0", "grpc_receive_initial_metadata 6 3", "grpc_receive 6 8",
                                  "0", "re first", "grpc_receive 6 14", "0", "re firstsecond",
                                  "grpc_receive_trailing_metadata 6 2", "grpc_close 6 0", " 0", "via_upstream"));
  ASSERT_EQ(host.grpcStreams().size(), 1u);
  GrpcStream& stream = *host.grpcStreams()[0];
  EXPECT_THAT(stream.received(), ElementsAre("first", "firstsecond"));
  EXPECT_TRUE(stream.halfClosed());
  EXPECT_TRUE(stream.ended());
  EXPECT_FALSE(stream.canceled());
  EXPECT_TRUE(stream.call().stream);
  EXPECT_TRUE(host.grpcCalls()[0].stream);
}

TEST_F(GrpcTest, TheTestPlaysAStreamStepByStep) {
  host.addGrpcService("grpc", GrpcService{});
  auto plugin = streamer();
  tick(*plugin);
  said();
  GrpcStream& stream = *host.grpcStreams().at(0);
  stream.sendInitialMetadata({{"x-i", "1"}});
  EXPECT_THAT(said(), ElementsAre("grpc_receive_initial_metadata 6 3"));
  stream.send("one");
  EXPECT_THAT(said(), ElementsAre("grpc_receive 6 3", "0", "one"));
  stream.sendInitialMetadata();  // Ignored: already sent.
  stream.end({.messages = {"two"}, .status = GrpcStatus::DataLoss, .statusMessage = "gone", .delay = milliseconds(5)});
  EXPECT_THAT(said(), IsEmpty());
  host.advance(milliseconds(5));
  EXPECT_THAT(said(), ElementsAre("grpc_receive 6 3", "0", "two", "grpc_receive_trailing_metadata 6 2",
                                  "grpc_close 6 15", " 15", "gone{via_upstream}"));
  stream.send("late");
  stream.end();
  EXPECT_THAT(said(), IsEmpty());
}

TEST_F(GrpcTest, MetadataAndMessagesAreReadableInTheirCallbacks) {
  const std::string show = R"(
      (call $digit (call $get_value (i32.const $M) (i32.const 600) (i32.const 3) (i32.const 1008) (i32.const 1012)))
      (call $say_result)
      (call $digit (call $map_size (i32.const $M) (i32.const 1008)))
      (call $digit (call $add_value (i32.const $M) (i32.const 600) (i32.const 3) (i32.const 600) (i32.const 3))))";
  auto with = [](std::string text, const char* map) {
    for (size_t at = 0; (at = text.find("$M")) != std::string::npos;) text.replace(at, 2, map);
    return text;
  };
  host.addGrpcService(
      "grpc", GrpcService{.onOpen = [](GrpcStream& stream) {
        stream.end(
            {.initialMetadata = {{"x-m", "initial"}}, .messages = {"m"}, .trailingMetadata = {{"x-m", "trailing"}}});
      }});
  auto plugin = guestFor("grpc", {{"tick",
                                   "(drop (call $open)) (i32.store8 (i32.const 600) (i32.const 120))"
                                   "(i32.store8 (i32.const 601) (i32.const 45))"
                                   "(i32.store8 (i32.const 602) (i32.const 109))"},
                                  {"grpc_receive_initial_metadata", with(show, "4")},
                                  {"grpc_receive_trailing_metadata", with(show, "5")},
                                  {"grpc_receive", std::string(R"(
      (call $digit (call $set_buffer (i32.const 5) (i32.const 99) (i32.const 0) (i32.const 600) (i32.const 3))))") +
                                                       kShowMessage},
                                  {"grpc_close", R"(
      (call $digit (call $get_value (i32.const 4) (i32.const 600) (i32.const 3) (i32.const 1008) (i32.const 1012)))
      (call $digit (call $get_value (i32.const 5) (i32.const 600) (i32.const 3) (i32.const 1008) (i32.const 1012)))
      (call $digit (call $buffer_status (i32.const 5) (i32.const 1008) (i32.const 1012)))
      (call $digit (i32.load (i32.const 1008))))"}});
  tick(*plugin);
  EXPECT_THAT(said(), ElementsAre("tick", "grpc_receive_initial_metadata 6 3", "0", "initial", "2", "2",
                                  "grpc_receive 6 1", "0", "0", "mx-m", "grpc_receive_trailing_metadata 6 2", "0",
                                  "trailing", "2", "2", "grpc_close 6 0", "2", "2", "0", "0"));
}

TEST_F(GrpcTest, StreamsEndInManyWays) {
  EXPECT_THAT(streamEnds({}), ElementsAre("grpc_receive_initial_metadata 6 2", "grpc_receive_trailing_metadata 6 1",
                                          "grpc_close 6 0", " 0", "via_upstream"));
  EXPECT_THAT(streamEnds(GrpcReply::error(GrpcStatus::PermissionDenied, "denied")),
              ElementsAre("grpc_receive_initial_metadata 6 0", "grpc_receive_trailing_metadata 6 4", "grpc_close 6 7",
                          " 7", "denied{via_upstream}"));
  EXPECT_THAT(streamEnds(GrpcReply::malformed()),
              ElementsAre("grpc_receive_initial_metadata 6 2", "grpc_receive_trailing_metadata 6 0", "grpc_close 6 13",
                          " 13", "via_upstream"));
  EXPECT_THAT(streamEnds(GrpcReply::notGrpc(404)),
              ElementsAre("grpc_receive_initial_metadata 6 0", "grpc_receive_trailing_metadata 6 0", "grpc_close 6 12",
                          " 12", "via_upstream"));
  EXPECT_THAT(streamEnds(GrpcReply::reset()),
              ElementsAre("grpc_receive_initial_metadata 6 0", "grpc_receive_trailing_metadata 6 4", "grpc_close 6 14",
                          " 14", HasSubstr("remote reset")));
  EXPECT_THAT(streamEnds(GrpcReply::connectionFailure()),
              ElementsAre("grpc_receive_initial_metadata 6 0", "grpc_receive_trailing_metadata 6 4", "grpc_close 6 14",
                          " 14", HasSubstr("connection failure")));
  EXPECT_THAT(streamEnds({.messages = {"m"}, .status = GrpcStatus::None}),
              ElementsAre("grpc_receive_initial_metadata 6 2", "grpc_receive 6 1", "0", "m",
                          "grpc_receive_trailing_metadata 6 0", "grpc_close 6 2", " 2", "via_upstream"));
  EXPECT_THAT(streamEnds(GrpcReply::never()), IsEmpty());
}

TEST_F(GrpcTest, AResetAfterMessagesIsInternal) {
  host.addGrpcService("grpc", GrpcService{});
  auto plugin = streamer();
  tick(*plugin);
  host.grpcStreams()[0]->send("m");
  said();
  host.grpcStreams()[0]->end(GrpcReply::reset());
  EXPECT_THAT(said(), ElementsAre("grpc_receive_trailing_metadata 6 0", "grpc_close 6 13", " 13",
                                  "upstream_reset_after_response_started{remote_reset}"));
}

TEST_F(GrpcTest, AFilterHalfClosesAndStillReceives) {
  int halfCloses = 0;
  host.addGrpcService("grpc", GrpcService{.onHalfClose = [&](GrpcStream&) { ++halfCloses; }});
  auto plugin = streamer(
      "(call $digit (call $grpc_close (i32.load (i32.const 1016))))"
      "(call $digit (call $grpc_close (i32.load (i32.const 1016))))"
      "(call $digit (call $send (i32.const 5) (i32.const 0)))");
  tick(*plugin);
  EXPECT_EQ(halfCloses, 1);
  GrpcStream& stream = *host.grpcStreams()[0];
  EXPECT_THAT(stream.received(), IsEmpty());
  EXPECT_THAT(said(), ElementsAre("tick", "0", " 6", "0", "0", "0"));
  stream.send("more");
  stream.end();
  EXPECT_THAT(said(), AllOf(Contains("more"), Contains("grpc_close 6 0")));
  plugin->callback("proxy_on_tick", {1});
}

TEST_F(GrpcTest, AStreamThatTheServiceEndedIsKeptUntilTheFilterCloses) {
  host.addGrpcService("grpc", GrpcService{.onOpen = [](GrpcStream& stream) { stream.end(); }});
  auto plugin = streamer("", {{"grpc_close",
                               "(call $digit (call $send (i32.const 5) (i32.const 0)))"
                               "(call $digit (call $grpc_close (local.get 1)))"
                               "(call $digit (call $grpc_close (local.get 1)))"
                               "(call $digit (call $send (i32.const 5) (i32.const 0)))"}});
  tick(*plugin);
  EXPECT_THAT(said(), ElementsAre("tick", "0", " 6", "grpc_receive_initial_metadata 6 2",
                                  "grpc_receive_trailing_metadata 6 1", "grpc_close 6 0", "0", "0", "1", "1"));
  EXPECT_THAT(host.grpcStreams()[0]->received(), IsEmpty());
}

TEST_F(GrpcTest, ACancelledStreamHearsNothing) {
  host.addGrpcService("grpc", GrpcService{.onOpen = [](GrpcStream& stream) { stream.send("m"); }});
  auto plugin = streamer(
      "(call $digit (call $grpc_cancel (i32.load (i32.const 1016))))"
      "(call $digit (call $grpc_cancel (i32.load (i32.const 1016))))");
  tick(*plugin);
  EXPECT_THAT(said(), ElementsAre("tick", "0", " 6", "0", "1"));
  EXPECT_TRUE(host.grpcStreams()[0]->canceled());
  host.grpcStreams()[0]->send("m");
  host.grpcStreams()[0]->end();
  EXPECT_THAT(said(), IsEmpty());
}

TEST_F(GrpcTest, AStreamMayBeCancelledInAnyOfItsCallbacks) {
  for (const char* callback : {"grpc_receive_initial_metadata", "grpc_receive", "grpc_receive_trailing_metadata"}) {
    host.addGrpcService("grpc", GrpcService{.onOpen = [](GrpcStream& stream) { stream.end({.messages = {"m"}}); }});
    auto plugin = streamer("", {{callback, "(call $digit (call $grpc_cancel (local.get 1)))"}});
    tick(*plugin);
    auto lines = said();
    ASSERT_GE(lines.size(), 2u);
    EXPECT_EQ(lines.back(), "0") << callback;
    EXPECT_THAT(lines[lines.size() - 2], ::testing::StartsWith(callback));
  }
}

TEST_F(GrpcTest, DeletionCancelsCallsAndStreams) {
  host.addGrpcService("grpc",
                      GrpcService{.onCall = [](const GrpcCall&) { return GrpcReply::of("m", milliseconds(5)); }});
  auto plugin = streamer("(drop (call $call (i32.const 1000)))");
  tick(*plugin);
  said();
  EXPECT_TRUE(plugin->shutdown());
  EXPECT_TRUE(host.grpcStreams()[0]->canceled());
  host.grpcStreams()[0]->send("m");
  host.advance(std::chrono::seconds(2));
  EXPECT_THAT(said(), ElementsAre("done", "delete"));
}

TEST_F(GrpcTest, AStreamOutlivesItsHostHarmlessly) {
  auto other = std::make_unique<Host>();
  other->addGrpcService("grpc", GrpcService{});
  auto plugin = other->loadModule(
      tracer({{"configure",
               "(drop (call $grpc_stream (i32.const 0) (i32.const 4)"
               "(i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 1016)))"
               "(i32.const 1)"}},
             "(data (i32.const 0) \"grpc\")"),
      "a.wasm");
  auto stream = other->grpcStreams().at(0);
  plugin.reset();
  other.reset();
  stream->send("m");
  stream->end();
  EXPECT_TRUE(stream->canceled());
}

TEST_F(GrpcTest, CallsFromAStreamContextAnswerOnTheRoot) {
  host.addGrpcService("grpc", GrpcReply::of("m"));
  auto plugin = guestFor("grpc", {{"request_headers", "(drop (call $call (i32.const 0))) (i32.const 0)"}});
  plugin->send(get("/"), ok());
  EXPECT_THAT(said(), Contains("grpc_receive 5 1"));
  EXPECT_EQ(plugin->countsByCallback().find("proxy_on_grpc_receive")->second.calls, 1u);
}

TEST_F(GrpcTest, HostcallsCanFail) {
  host.addGrpcService("grpc", GrpcReply::of("m"));
  const std::map<std::string, std::string> uses = {
      {"proxy_grpc_call", "(call $digit (call $call (i32.const 0)))"},
      {"proxy_grpc_stream", "(call $digit (call $open))"},
      {"proxy_grpc_send", "(call $digit (call $send (i32.const 5) (i32.const 0)))"},
      {"proxy_grpc_cancel", "(call $digit (call $grpc_cancel (i32.const 6)))"},
      {"proxy_grpc_close", "(call $digit (call $grpc_close (i32.const 6)))"}};
  for (const auto& [name, use] : uses) {
    auto plugin = guestFor("grpc", {{"tick", use}});
    for (int status = 0; status <= 12; ++status) {
      host.failHostcall(name, static_cast<Status>(status), 1);
      tick(*plugin);
      EXPECT_THAT(said(), ElementsAre("tick", std::string(1, static_cast<char>('0' + status)))) << name;
    }
  }
  EXPECT_THAT(host.grpcCalls(), IsEmpty());
}

TEST_F(GrpcTest, AnswersThatNobodyAskedForCanBePlayed) {
  auto plugin = caller();
  host.answerHostcall("proxy_get_buffer_bytes", "forged");
  plugin->callback("proxy_on_grpc_receive", {1, 9999, 6});
  plugin->callback("proxy_on_grpc_receive", {77, 5, 6});  // A context that does not exist.
  plugin->callback("proxy_on_grpc_close", {1, 9999, 0});
  EXPECT_THAT(said(), ElementsAre("grpc_receive 9999 6", "0", "forged", "grpc_receive 5 6", "0", "forged",
                                  "grpc_close 9999 0", " 0"));
}

TEST_F(GrpcTest, AMebibyteArrivesWhateverThePieces) {
  host.addGrpcService("grpc", GrpcService{});
  // The guest adds up the message sizes.
  auto plugin = guestFor("grpc", {{"tick", "(drop (call $open))"},
                                  {"grpc_receive", R"(
      (i32.store (i32.const 700) (i32.add (i32.load (i32.const 700)) (local.get 2))))"},
                                  {"grpc_close", "(call $put_number (i32.load (i32.const 700))) (call $flush)"}});
  for (size_t piece : {size_t{1} << 6, size_t{1} << 16, size_t{1} << 20}) {
    tick(*plugin);
    GrpcStream& stream = *host.grpcStreams().back();
    for (size_t sent = 0; sent < (1u << 20); sent += piece) stream.send(std::string(piece, 'x'));
    host.clearLogs();
    stream.end();
  }
  EXPECT_THAT(said(), Contains(" 3145728"));
}

class GrpcSpecificationTest : public GuestTest {
 protected:
  GrpcSpecificationTest() : GuestTest(Profile::specification()) {}
};

TEST_F(GrpcSpecificationTest, TheMessageIsTheServicesAlone) {
  host.addGrpcService("grpc", GrpcReply::error(GrpcStatus::NotFound, "not here"));
  auto plugin = trace({{"tick", R"(
      (drop (call $grpc_call (i32.const 0) (i32.const 4) (i32.const 0) (i32.const 1) (i32.const 0) (i32.const 1)
        (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 1016))))"},
                       {"grpc_close", kShowStatus}},
                      "(data (i32.const 0) \"grpc\")");
  plugin->callback("proxy_on_tick", {1});
  EXPECT_THAT(said(), ElementsAre("tick", "grpc_close 5 5", " 5", "not here"));
}

}  // namespace
}  // namespace sluice::host
