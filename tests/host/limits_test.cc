// Everything that a guest can make the host keep or do has a limit, and the error names it.
#include "guest_test.h"

namespace sluice::host {
namespace {

using namespace test;

class LimitsTest : public GuestTest {
 protected:
  /// What ended the filter, which must be an error of this kind; "" if nothing did.
  std::string failure(const std::shared_ptr<Plugin>& plugin, ErrorKind kind) {
    if (!plugin->failure()) return "";
    EXPECT_EQ(plugin->failure()->kind(), kind) << plugin->failure()->what();
    return plugin->failure()->what();
  }
};

/// `code` without end.
std::string forever(std::string_view code) { return "(loop $for_ever " + std::string(code) + " (br $for_ever))"; }

// --- Steps

TEST_F(LimitsTest, InstructionsThatMoveMemoryAreStepsBySize) {
  const std::map<std::string, std::string> instructions = {
      {"fill", "(memory.fill (i32.const 0) (i32.const 1) (i32.const 1000000))"},
      {"copy", "(memory.copy (i32.const 0) (i32.const 8) (i32.const 1000000))"},
      {"init", "(memory.init $bytes (i32.const 0) (i32.const 0) (i32.const 60000))"},
      {"table fill", "(table.fill $table (i32.const 0) (ref.null func) (i32.const 20000))"},
      {"table copy", "(table.copy $table $table (i32.const 0) (i32.const 8) (i32.const 20000))"},
      {"table init", "(table.init $table $entries (i32.const 0) (i32.const 0) (i32.const 600))"}};
  std::string entries;
  for (int i = 0; i < 600; ++i) entries += " $nothing";
  const std::string head = R"((table $table 30000 funcref) (func $nothing)
      (elem $entries func )" +
                           entries + ") (data $bytes \"" + std::string(60'000, 'x') + "\")";
  for (const auto& [name, code] : instructions) {
    auto plugin = load(guest(head + R"((func (export "proxy_on_configure") (param i32 i32) (result i32)
        (drop (memory.grow (i32.const 31))) )" +
                             forever(code) + "(i32.const 1))"),
                       {.limits = {.instructions = 1'000'000}});
    EXPECT_THAT(failure(plugin, ErrorKind::OutOfSteps), HasSubstr("Limits::instructions")) << name;
    EXPECT_LT(plugin->counts().instructions, 20'000u) << name;  // Those that were executed.
  }
}

TEST_F(LimitsTest, BytesAndHeadersThatHostcallsHandleAreSteps) {
  const std::map<std::string, std::string> hostcalls = {
      {"log", "(drop (call $log (i32.const 0) (i32.const 0) (i32.const 60000)))"},
      {"headers",
       "(drop (call $get_value (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 1008) (i32.const 1012)))"},
      {"pairs", "(drop (call $map_size (i32.const 0) (i32.const 1008)))"}};
  host.setLogLevel(LogLevel::Info);
  Message request = get("/");
  for (int i = 0; i < 2000; ++i) request.headers.emplace_back("x-" + std::to_string(i), "v");
  for (const auto& [name, code] : hostcalls) {
    auto plugin =
        trace({{"request_headers", forever(code) + "(i32.const 0)"}}, "", {.limits = {.instructions = 500'000}});
    plugin->send(request, ok());
    EXPECT_THAT(failure(plugin, ErrorKind::OutOfSteps), HasSubstr("Limits::instructions")) << name;
    EXPECT_LT(plugin->counts().instructions, 20'000u) << name;
  }
}

// --- The stack and tables

TEST_F(LimitsTest, RecursionWithManyLocalsExhaustsTheStack) {
  std::string locals;
  for (int i = 0; i < 2000; ++i) locals += " i64";
  const std::string guestText = "(func $again (local" + locals + R"() (call $again))
      (func $on_configure (export "proxy_on_configure") (param i32 i32) (result i32) (call $again) (i32.const 1)))";
  EXPECT_THAT(failure(load(guest(guestText)), ErrorKind::Trap),
              AllOf(HasSubstr("call stack exhausted"), HasSubstr("Limits::stackValues"), HasSubstr("at again")));
  // With room for the locals, the depth is what counts.
  EXPECT_THAT(failure(load(guest(guestText), {.limits = {.callDepth = 30}}), ErrorKind::Trap),
              AllOf(HasSubstr("more than 30 calls (Limits::callDepth)"), HasSubstr("at on_configure")));
}

TEST_F(LimitsTest, OperandsCountOnTheStackToo) {
  std::string push;
  std::string drop;
  for (int i = 0; i < 2000; ++i) {
    push += "(i32.const 1)";
    drop += "(drop)";
  }
  EXPECT_THAT(failure(load(guest("(func $again " + push + "(call $again)" + drop + ")" + R"(
      (func (export "proxy_on_configure") (param i32 i32) (result i32) (call $again) (i32.const 1)))")),
                      ErrorKind::Trap),
              HasSubstr("Limits::stackValues"));
}

TEST_F(LimitsTest, TablesGrowUpToTheirLimit) {
  load(guest(R"((table $table 4 funcref)
    (func (export "proxy_on_configure") (param i32 i32) (result i32)
      (call $put_number (table.grow $table (ref.null func) (i32.const 6)))
      (call $put_number (i32.add (table.grow $table (ref.null func) (i32.const 1)) (i32.const 1)))
      (call $put_number (i32.add (table.grow $table (ref.null func) (i32.const 0x3fffffff)) (i32.const 1)))
      (call $flush) (i32.const 1)))"),
       {.limits = {.tableElements = 10}});
  EXPECT_THAT(said(), ElementsAre(" 4 0 0"));
}

// --- What the host keeps

// Each of these is called for ever; the number at byte 0 is another one each time.
struct Flood {
  std::string name;
  std::string callback;
  std::string code;
  std::string what;  // In the error.
};

void PrintTo(const Flood& flood, std::ostream* out) { *out << flood.name; }

class Floods : public GuestTest, public ::testing::WithParamInterface<Flood> {};

TEST_P(Floods, EndWithAnErrorThatNamesTheLimit) {
  const Flood& flood = GetParam();
  host.addCluster("svc", CalloutReply::never());
  host.addGrpcService("svc", GrpcReply::never());
  // At byte 200: ":method", ":path" and ":authority" as a pair list of 65 bytes. At byte 300: a
  // DeclarePropertyArguments whose name is the number at byte 0, and a GrpcService that names the cluster.
  const std::string next =
      "(i32.store (i32.const 0) (i32.add (i32.load (i32.const 0)) (i32.const 1)))"
      "(i32.store (i32.const 302) (i32.load (i32.const 0)))";
  const std::string data =
      std::string(
          "(data (i32.const 200) \"\\03\\00\\00\\00\\07\\00\\00\\00\\03\\00\\00\\00\\05\\00\\00\\00\\02\\00\\00\\00") +
      "\\0a\\00\\00\\00\\04\\00\\00\\00:method\\00GET\\00:path\\00/a\\00:authority\\00auth\\00\")" +
      R"((data (i32.const 280) "svc") (data (i32.const 290) "queue") (data (i32.const 300) "\0a\04....")
         (data (i32.const 320) "declare_property"))";
  const std::string body = flood.code.empty() ? "" : forever(next + "(drop " + flood.code + ")");
  const std::map<std::string, std::string> results = {
      {"tick", ""}, {"request_headers", "(i32.const 0)"}, {"request_body", "(i32.const 0)"}};
  auto plugin = trace({{flood.callback, body + results.at(flood.callback)}}, data, {.limits = {.hostBytes = 100'000}});
  if (flood.callback == "tick") {
    EXPECT_THROW(plugin->callback("proxy_on_tick", {1}), Error);
  } else {
    plugin->send(post("/", "body"), ok());
  }
  ASSERT_TRUE(plugin->failure());
  EXPECT_EQ(plugin->failure()->kind(), ErrorKind::OutOfMemory);
  EXPECT_THAT(plugin->failure()->what(), AllOf(HasSubstr(flood.what), HasSubstr("100000 (Limits::hostBytes)")));
}

INSTANTIATE_TEST_SUITE_P(
    OfHostcalls, Floods,
    ::testing::Values(
        Flood{"Logs", "tick", "(call $log (i32.const 2) (i32.const 0) (i32.const 1000))", "log line"},
        Flood{"EmptyLogs", "tick", "(call $log (i32.const 0) (i32.const 0) (i32.const 0))", "log line"},
        Flood{"SharedData", "tick",
              "(call $set_shared (i32.const 0) (i32.const 4) (i32.const 0) (i32.const 100) (i32.const 0))",
              "shared data"},
        Flood{"Queues", "tick", "(call $register_queue (i32.const 0) (i32.const 4) (i32.const 1004))", "shared queue"},
        Flood{"QueueValues", "tick",
              "(call $register_queue (i32.const 290) (i32.const 5) (i32.const 1004))"
              "(call $enqueue (i32.load (i32.const 1004)) (i32.const 0) (i32.const 10)) (i32.add)",
              "shared queue"},
        Flood{"Notifications", "tick",
              "(call $register_queue (i32.const 290) (i32.const 5) (i32.const 1004))"
              "(call $enqueue (i32.load (i32.const 1004)) (i32.const 0) (i32.const 10)) (i32.add)"
              "(call $dequeue (i32.load (i32.const 1004)) (i32.const 1008) (i32.const 1012)) (i32.add)",
              "shared queue"},
        Flood{"Metrics", "tick", "(call $define (i32.const 0) (i32.const 0) (i32.const 4) (i32.const 1004))", "metric"},
        Flood{"Samples", "tick",
              "(if (result i32) (i32.eqz (i32.load (i32.const 1004)))"
              "(then (call $define (i32.const 2) (i32.const 0) (i32.const 4) (i32.const 1004)))"
              "(else (call $record (i32.load (i32.const 1004)) (i64.const 1))))",
              "sample"},
        Flood{
            "Declarations", "tick",
            "(call $foreign (i32.const 320) (i32.const 16) (i32.const 300) (i32.const 6) (i32.const 0) (i32.const 0))",
            "properties"},
        Flood{"Properties", "request_headers",
              "(call $set_property (i32.const 0) (i32.const 4) (i32.const 0) (i32.const 100))", "properties"},
        Flood{"Headers", "request_headers",
              "(call $add_value (i32.const 0) (i32.const 0) (i32.const 4) (i32.const 0) (i32.const 100))",
              "header map"},
        Flood{"JoinedHeaders", "request_headers",
              "(call $add_value (i32.const 0) (i32.const 240) (i32.const 5) (i32.const 0) (i32.const 1000))",
              "header map"},
        Flood{"Body", "request_body",
              "(call $set_buffer (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 1000))", "a body"},
        Flood{"Callouts", "tick",
              "(call $http_call (i32.const 280) (i32.const 3) (i32.const 200) (i32.const 65) (i32.const 0)"
              "(i32.const 500) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 1004))",
              "a call to another service"},
        Flood{"GrpcCalls", "tick",
              "(call $grpc_call (i32.const 280) (i32.const 3) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0)"
              "(i32.const 0) (i32.const 0) (i32.const 0) (i32.const 500) (i32.const 0) (i32.const 1004))",
              "a call to another service"},
        Flood{"GrpcMessages", "tick",
              "(if (result i32) (i32.eqz (i32.load (i32.const 1004)))"
              "(then (call $grpc_stream (i32.const 280) (i32.const 3) (i32.const 0) (i32.const 0) (i32.const 0)"
              "(i32.const 0) (i32.const 0) (i32.const 0) (i32.const 1004)))"
              "(else (call $grpc_send (i32.load (i32.const 1004)) (i32.const 0) (i32.const 500) (i32.const 0))))",
              "a message to a gRPC service"}),
    [](const auto& test) { return test.param.name; });

TEST_F(LimitsTest, PartsOfOneLogLineMayOverlapOnlyUpToTheLimit) {
  auto plugin = load(assemble(R"((module
    (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
    (memory 1)
    (func (export "proxy_abi_version_0_2_1"))
    (func (export "proxy_on_memory_allocate") (param i32) (result i32) (i32.const 1024))
    (func (export "proxy_on_configure") (param i32 i32) (result i32) (local $part i32)
      (loop $more
        (i32.store offset=4 (local.get $part) (i32.const 65536))
        (br_if $more (i32.lt_u (local.tee $part (i32.add (local.get $part) (i32.const 8))) (i32.const 65528))))
      (call $write (i32.const 1) (i32.const 0) (i32.const 8190) (i32.const 65532)))))"),
                     {.limits = {.hostBytes = 1'000'000}});
  EXPECT_THAT(failure(plugin, ErrorKind::OutOfMemory), AllOf(HasSubstr("log line"), HasSubstr("Limits::hostBytes")));
}

TEST_F(LimitsTest, WhatIsRemovedIsNoLongerKept) {
  auto plugin = trace({{"tick", R"(
      (drop (call $register_queue (i32.const 290) (i32.const 5) (i32.const 1004)))
      (drop (call $enqueue (i32.load (i32.const 1004)) (i32.const 0) (i32.const 1000)))
      (drop (call $dequeue (i32.load (i32.const 1004)) (i32.const 1008) (i32.const 1012)))
      (drop (call $set_shared (i32.const 0) (i32.const 4) (i32.const 0) (i32.const 1000) (i32.const 0)))
      (drop (call $foreign (i32.const 320) (i32.const 17) (i32.const 0) (i32.const 1000) (i32.const 0) (i32.const 0)))
      (global.set $next (i32.const 16384)))"}},
                      R"((data (i32.const 320) "clear_route_cache"))", {.limits = {.hostBytes = 20'000}});
  for (int i = 0; i < 100; ++i) {
    plugin->callback("proxy_on_tick", {1});
    host.clearLogs();
  }
  EXPECT_FALSE(plugin->failure().has_value());
}

// --- Callbacks without end

TEST_F(LimitsTest, AReplyThatCallsAgainEnds) {
  host.addCluster("svc", CalloutReply::of(respond(200)));
  const std::string call =
      "(drop (call $http_call (i32.const 280) (i32.const 3) (i32.const 200) (i32.const 65) (i32.const 0) (i32.const 0)"
      "(i32.const 0) (i32.const 0) (i32.const 0) (i32.const 1004)))";
  auto plugin = trace(
      {{"tick", call}, {"http_call_response", call}},
      std::string(
          "(data (i32.const 200) \"\\03\\00\\00\\00\\07\\00\\00\\00\\03\\00\\00\\00\\05\\00\\00\\00\\02\\00\\00\\00") +
          "\\0a\\00\\00\\00\\04\\00\\00\\00:method\\00GET\\00:path\\00/a\\00:authority\\00auth\\00svc\")"
          "(data (i32.const 280) \"svc\")",
      {.limits = {.callbacks = 100}});
  plugin->callback("proxy_on_tick", {1});
  EXPECT_THAT(failure(plugin, ErrorKind::OutOfSteps), AllOf(HasSubstr("100"), HasSubstr("Limits::callbacks")));
  EXPECT_EQ(host.callouts().size(), 100u);
}

TEST_F(LimitsTest, QueuesThatFeedEachOtherEnd) {
  const std::string names = R"((data (i32.const 280) "ab"))";
  // Registers its queue, and puts into the other's what comes.
  auto feeder = [&](int own, int other, std::string name) {
    return trace({{"vm_start", "(drop (call $register_queue (i32.const " + std::to_string(own) +
                                   ") (i32.const 1) (i32.const 1004))) (i32.const 1)"},
                  {"queue_ready",
                   "(drop (call $dequeue (local.get 1) (i32.const 1008) (i32.const 1012)))"
                   "(drop (call $resolve_queue (i32.const 0) (i32.const 0) (i32.const " +
                       std::to_string(other) +
                       ") (i32.const 1) (i32.const 1004)))"
                       "(drop (call $enqueue (i32.load (i32.const 1004)) (i32.const 280) (i32.const 1)))"}},
                 names, {.name = std::move(name), .vmId = "", .limits = {.callbacks = 100}});
  };
  auto a = feeder(280, 281, "a");
  auto b = feeder(281, 280, "b");
  EXPECT_EQ(host.enqueue(host.sharedQueue("", "a").value(), "x"), Status::Ok);
  ASSERT_EQ(host.errors().size(), 1u);
  EXPECT_EQ(host.errors()[0].kind(), ErrorKind::OutOfSteps);
  EXPECT_THAT(host.errors()[0].what(), HasSubstr("Limits::callbacks"));
}

TEST_F(LimitsTest, ContinuingInACallbackOfTheContinuedStreamEnds) {
  auto plugin = trace({{"request_headers", "(i32.const 4)"},
                       {"request_body", "(drop (call $continue (i32.const 0))) (i32.const 0)"},
                       {"tick",
                        "(drop (call $set_effective_context (i32.const 2)))"
                        "(drop (call $continue (i32.const 0)))"}});
  auto stream = plugin->openStream();
  stream->requestHeaders(post("/", "").headers);
  stream->requestBody("abc");
  stream->requestTrailers({{"x-t", "v"}});
  plugin->callback("proxy_on_tick", {1});
  EXPECT_THAT(failure(plugin, ErrorKind::Trap),
              AllOf(HasSubstr("call stack exhausted"), HasSubstr("Limits::callbackDepth")));
  EXPECT_THAT(stream->answer().headers, Contains(std::pair<std::string, std::string>(":status", "503")));
}

TEST_F(LimitsTest, ContinuingWithoutEndInOneCallbackEnds) {
  auto plugin = trace({{"request_headers", forever("(drop (call $continue (i32.const 0)))") + "(i32.const 0)"}}, "",
                      {.limits = {.callbacks = 1000}});
  plugin->send(get("/"), ok());
  EXPECT_THAT(failure(plugin, ErrorKind::OutOfSteps), HasSubstr("Limits::callbacks"));
}

}  // namespace
}  // namespace sluice::host
