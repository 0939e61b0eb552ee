// Shared data, queues, metrics, properties, time, foreign functions, and the end of a plugin.
#include <cstring>

#include "guest_test.h"

namespace sluice::host {
namespace {

using namespace test;

using StateTest = GuestTest;

// The strings that the guests below use, and their addresses.
constexpr char kText[] = R"((data (i32.const 0) "key" "value" "queue" "metric" "foreign" "argument")
  (data (i32.const 100) "request\00url_path" "request\00query" "source\00address" "source\00port" "plugin_name" "mine"
    "request\00headers\00x-a" "connection\00mtls" "node\00id"))";

std::string number64(uint64_t value) {
  std::string bytes(sizeof(value), '\0');
  std::memcpy(bytes.data(), &value, sizeof(value));
  return bytes;
}

TEST_F(StateTest, SharedDataWithCompareAndSwap) {
  auto plugin = trace({{"tick", R"(
      (call $digit (call $get_shared (i32.const 0) (i32.const 3) (i32.const 1008) (i32.const 1012) (i32.const 1004)))
      (call $digit (call $set_shared (i32.const 0) (i32.const 3) (i32.const 3) (i32.const 5) (i32.const 7)))
      (call $digit (call $get_shared (i32.const 0) (i32.const 3) (i32.const 1008) (i32.const 1012) (i32.const 1004)))
      (call $say_result)
      (call $digit (call $set_shared (i32.const 0) (i32.const 3) (i32.const 0) (i32.const 3) (i32.const 9)))
      (call $digit (call $set_shared (i32.const 0) (i32.const 3) (i32.const 0) (i32.const 3) (i32.load (i32.const 1004)))))"}},
                      kText, {.vmId = "vm"});
  plugin->callback("proxy_on_tick", {1});
  EXPECT_THAT(said(), ElementsAre("tick", "1", "0", "0", "value", "8", "0"));
  EXPECT_EQ(host.sharedData("vm", "key"), "key");
  EXPECT_EQ(host.sharedData("other", "key"), std::nullopt);
}

TEST_F(StateTest, QueuesTellWhoRegisteredThem) {
  auto receiver = trace({{"tick", R"((call $digit (call $register_queue (i32.const 8) (i32.const 5) (i32.const 1004)))
                                     (call $put_digits (i32.load (i32.const 1004))) (call $flush))"},
                         {"queue_ready", R"(
      (call $digit (call $dequeue (local.get 1) (i32.const 1008) (i32.const 1012))) (call $say_result)
      (call $digit (call $dequeue (local.get 1) (i32.const 1008) (i32.const 1012)))
      (call $digit (call $dequeue (i32.const 99) (i32.const 1008) (i32.const 1012))))"}},
                        kText, {.name = "receiver", .vmId = "a"});
  auto sender = trace({{"tick", R"(
      (call $digit (call $resolve_queue (i32.const 40) (i32.const 0) (i32.const 8) (i32.const 5) (i32.const 1004)))
      (call $digit (call $resolve_queue (i32.const 40) (i32.const 1) (i32.const 8) (i32.const 5) (i32.const 1004)))
      (call $digit (call $enqueue (i32.load (i32.const 1004)) (i32.const 3) (i32.const 5))))"}},
                      std::string(kText) + R"((data (i32.const 40) "a"))", {.name = "sender", .vmId = "b"});
  receiver->callback("proxy_on_tick", {1});
  EXPECT_THAT(said(), ElementsAre("tick", "0", "1"));
  sender->callback("proxy_on_tick", {1});
  EXPECT_THAT(said(), ElementsAre("tick", "1", "0", "0", "queue_ready 1", "0", "value", "7", "1"));
  auto queue = host.sharedQueue("a", "queue");
  ASSERT_TRUE(queue);
  EXPECT_EQ(host.queueSize(*queue), 0u);
  EXPECT_EQ(host.enqueue(99, "x"), Status::NotFound);
}

TEST_F(StateTest, MetricsKeepEnvoysRules) {
  auto plugin = trace({{"tick", R"(
      (call $digit (call $define (i32.const 0) (i32.const 13) (i32.const 6) (i32.const 1004)))
      (call $digit (call $increment (i32.load (i32.const 1004)) (i64.const 5)))
      (call $digit (call $increment (i32.load (i32.const 1004)) (i64.const -1)))
      (call $digit (call $define (i32.const 1) (i32.const 0) (i32.const 3) (i32.const 1004)))
      (call $digit (call $record (i32.load (i32.const 1004)) (i64.const 9)))
      (call $digit (call $increment (i32.load (i32.const 1004)) (i64.const -2)))
      (call $digit (call $get_metric (i32.load (i32.const 1004)) (i32.const 1016)))
      (call $put_digits (i32.load (i32.const 1016))) (call $flush)
      (call $digit (call $define (i32.const 2) (i32.const 3) (i32.const 5) (i32.const 1004)))
      (call $digit (call $record (i32.load (i32.const 1004)) (i64.const 4)))
      (call $digit (call $increment (i32.load (i32.const 1004)) (i64.const 4)))
      (call $digit (call $get_metric (i32.load (i32.const 1004)) (i32.const 1016)))
      (call $digit (call $define (i32.const 3) (i32.const 3) (i32.const 5) (i32.const 1004)))
      (call $digit (call $record (i32.const 400) (i64.const 4))))"}},
                      kText);
  plugin->callback("proxy_on_tick", {1});
  EXPECT_THAT(said(), ElementsAre("tick", "0", "0", "2", "0", "0", "0", "0", "7", "0", "0", "2", "2", "2", "1"));
  EXPECT_EQ(host.metric("metric")->value, 5u);
  EXPECT_EQ(host.metric("key")->value, 7u);
  EXPECT_THAT(host.metric("value")->samples, ElementsAre(4u));
  EXPECT_FALSE(host.metric("other"));
}

TEST_F(StateTest, AttributesOfTheStreamAreProperties) {
  const std::string read =
      "(call $digit (call $get_property (i32.const %) (i32.const #) (i32.const 1008) (i32.const 1012)))"
      "(call $say_result)";
  auto property = [&](std::string_view name) {
    Host fresh;
    std::string data = "(data (i32.const 0) \"";
    for (char c : name) data += c == '.' ? std::string("\\00") : std::string(1, c);
    std::string wat = read;
    wat.replace(wat.find('%'), 1, "0");
    wat.replace(wat.find('#'), 1, std::to_string(name.size()));
    auto plugin = fresh.loadModule(
        guest(data + "\") (func (export \"proxy_on_request_headers\") (param i32 i32 i32) (result i32)" + wat +
              "(i32.const 0))"),
        "a.wasm", {.name = "mine"});
    plugin->send(get("/p/q?r=s", {{"x-a", "1"}, {"x-a", "2"}, {"content-length", "12abc"}}), ok());
    return fresh.logs()[0].text == "0" ? fresh.logs()[1].text : "status " + fresh.logs()[0].text;
  };
  EXPECT_EQ(property("request.path"), "/p/q?r=s");
  EXPECT_EQ(property("request.url_path"), "/p/q");
  EXPECT_EQ(property("request.query"), "r=s");
  EXPECT_EQ(property("request.host"), "example.com");
  EXPECT_EQ(property("request.method"), "GET");
  EXPECT_EQ(property("request.headers.x-a"), "1,2");
  EXPECT_EQ(property("request.headers.none"), "status 1");
  EXPECT_EQ(property("request.size"), "status 1");  // The content-length is not a number.
  EXPECT_EQ(property("source.address"), "127.0.0.1:50000");
  EXPECT_EQ(property("source.port"), number64(50000));
  EXPECT_EQ(property("connection.mtls"), std::string(1, '\0'));
  EXPECT_EQ(property("plugin_name"), "mine");
  EXPECT_EQ(property("nothing.like.that"), "status 1");
  EXPECT_EQ(property("upstream.address"), "status 1");
}

TEST_F(StateTest, PropertiesAreSetByTestsAndByFilters) {
  auto plugin =
      trace({{"request_headers", R"(
      (call $digit (call $set_property (i32.const 0) (i32.const 3) (i32.const 3) (i32.const 5)))
      (call $digit (call $get_property (i32.const 0) (i32.const 3) (i32.const 1008) (i32.const 1012)))
      (call $say_result)
      (call $digit (call $get_property (i32.const 100) (i32.const 16) (i32.const 1008) (i32.const 1012)))
      (call $say_result)
      (i32.const 0))"},
             {"tick", "(call $digit (call $set_property (i32.const 0) (i32.const 3) (i32.const 3) (i32.const 5)))"}},
            kText);
  auto stream = plugin->openStream();
  stream->setProperty("request.url_path", "mine");
  stream->requestHeaders(get("/").headers, true);
  EXPECT_THAT(said(), ElementsAre("context_create 2 1", "request_headers 4 1", "0", "0", "value", "0", "mine"));
  EXPECT_EQ(stream->writtenProperty("key"), "value");
  plugin->callback("proxy_on_tick", {1});
  EXPECT_THAT(said(), ElementsAre("tick", "1"));  // A root context has no stream to write to.
}

TEST_F(StateTest, TicksComeByTheClock) {
  auto plugin = trace({{"configure", "(drop (call $set_tick_period (i32.const 100))) (i32.const 1)"}});
  host.advance(std::chrono::milliseconds(99));
  EXPECT_THAT(said(), IsEmpty());
  host.advance(std::chrono::milliseconds(201));
  EXPECT_THAT(said(), ElementsAre("tick", "tick", "tick"));
}

TEST_F(StateTest, ATickMayStopTicking) {
  auto plugin = trace({{"configure", "(drop (call $set_tick_period (i32.const 100))) (i32.const 1)"},
                       {"tick", "(drop (call $set_tick_period (i32.const 0)))"}});
  host.advance(std::chrono::seconds(10));
  EXPECT_THAT(said(), ElementsAre("tick"));
}

TEST_F(StateTest, TheClockIsTheTests) {
  auto plugin = load(guest(R"((func (export "proxy_on_tick") (param i32) (drop (call $get_time (i32.const 1008)))
    (i32.store (i32.const 1012) (i32.const 8)) (i32.store (i32.const 1000) (i32.const 1008)) (call $say (i32.const 1008) (i32.const 4))))"));
  host.setTime(0x64636261);
  plugin->callback("proxy_on_tick", {1});
  EXPECT_THAT(said(), ElementsAre("abcd"));
}

TEST_F(StateTest, ForeignFunctionsBothWays) {
  host.registerForeignFunction("foreign", [](std::string_view arguments, std::string* result) {
    *result = "got " + std::string(arguments);
    return Status::Ok;
  });
  auto plugin = trace({{"foreign_function", R"(
      (call $digit (call $foreign (i32.const 19) (i32.const 7) (i32.const 26) (i32.const 8) (i32.const 1008) (i32.const 1012)))
      (call $say_result)
      (call $digit (call $foreign (i32.const 19) (i32.const 7) (i32.const 26) (i32.const 8) (i32.const 0) (i32.const 0)))
      (call $digit (call $foreign (i32.const 0) (i32.const 3) (i32.const 26) (i32.const 8) (i32.const 1008) (i32.const 1012)))
      (drop (call $get_buffer (i32.const 8) (i32.const 0) (i32.const 99) (i32.const 1008) (i32.const 1012)))
      (call $say_result))"}},
                      kText);
  plugin->foreignFunction(3, "hi");
  EXPECT_THAT(said(), ElementsAre("foreign_function 3 2", "0", "got argument", "0", "1", "hi"));
}

// Arguments of declare_property: the name "key", in one case read-only. Of set_envoy_filter_state: a path and a value.
constexpr char kEnvoyFunctions[] = R"(
    (data (i32.const 0) "keyvalue") (data (i32.const 16) "declare_propertyset_envoy_filter_stateclear_route_cache")
    (data (i32.const 80) "\0a\03key\10\01") (data (i32.const 96) "\0a\07envoy.x\12\02up")
    (data (i32.const 112) "\0a\07other.x\12\02up") (data (i32.const 128) "filter_state\00envoy.x")
    (func $declare (param $size i32) (result i32)
      (call $foreign (i32.const 16) (i32.const 16) (i32.const 80) (local.get $size) (i32.const 0) (i32.const 0)))
    (func $filter_state (param $arguments i32) (param $size i32) (result i32)
      (call $foreign (i32.const 32) (i32.const 22) (local.get $arguments) (local.get $size) (i32.const 0) (i32.const 0)))
    (func $write (result i32)
      (call $set_property (i32.const 0) (i32.const 3) (i32.const 3) (i32.const 5))))";

TEST_F(StateTest, EnvoysFunctionsAreThere) {
  auto plugin = trace({{"tick", R"(
      (call $digit (call $declare (i32.const 7)))
      (call $digit (call $declare (i32.const 7)))   ;; Not twice.
      (call $digit (call $declare (i32.const 4)))   ;; Truncated.
      (call $digit (call $filter_state (i32.const 96) (i32.const 13)))  ;; There is no stream here.
      (call $digit (call $foreign (i32.const 54) (i32.const 17) (i32.const 0) (i32.const 0) (i32.const 1008) (i32.const 1012)))
      (call $digit (i32.load (i32.const 1012))))"},
                       {"request_headers", R"(
      (call $digit (call $write))
      (call $digit (call $write))  ;; It is read-only.
      (call $digit (call $filter_state (i32.const 96) (i32.const 13)))
      (call $digit (call $filter_state (i32.const 112) (i32.const 13)))  ;; No path that Envoy knows.
      (call $digit (call $filter_state (i32.const 96) (i32.const 12)))
      (call $digit (call $get_property (i32.const 128) (i32.const 20) (i32.const 1008) (i32.const 1012)))
      (call $say_result)
      (i32.const 0))"}},
                      kEnvoyFunctions);
  plugin->callback("proxy_on_tick", {1});
  EXPECT_THAT(said(), ElementsAre("tick", "0", "2", "2", "1", "0", "0"));
  auto stream = plugin->openStream();
  stream->request(get("/"));
  EXPECT_THAT(said(), ElementsAre("context_create 2 1", "request_headers 4 1", "0", "2", "0", "1", "2", "0", "up"));
  EXPECT_EQ(stream->writtenProperty("filter_state.envoy.x"), "up");
  EXPECT_EQ(stream->writtenProperty("filter_state.other.x"), std::nullopt);
}

TEST_F(StateTest, ATestMayPlayAnEnvoyFunctionItself) {
  host.registerForeignFunction("declare_property",
                               [](std::string_view, std::string*) { return Status::Unimplemented; });
  auto plugin = trace({{"tick", "(call $digit (call $declare (i32.const 7)))"}}, kEnvoyFunctions);
  plugin->callback("proxy_on_tick", {1});
  EXPECT_THAT(said(), ElementsAre("tick", "<"));
}

TEST_F(StateTest, TheSpecificationHasNoFunctionsOfEnvoy) {
  Host strict(Profile::specification());
  auto plugin =
      strict.loadModule(tracer({{"tick", "(call $digit (call $declare (i32.const 7)))"}}, kEnvoyFunctions), "a");
  strict.clearLogs();
  plugin->callback("proxy_on_tick", {1});
  EXPECT_EQ(strict.logs().back().text, "1");
}

TEST_F(StateTest, AnEffectiveContextHasToExist) {
  auto plugin = trace({{"tick", R"(
      (call $digit (call $set_effective_context (i32.const 77)))
      (call $digit (call $add_value (i32.const 0) (i32.const 0) (i32.const 3) (i32.const 3) (i32.const 5)))
      (call $digit (call $set_effective_context (i32.const 2)))
      (call $digit (call $add_value (i32.const 0) (i32.const 0) (i32.const 3) (i32.const 3) (i32.const 5)))
      (call $digit (call $set_effective_context (i32.const 1)))
      (call $digit (call $add_value (i32.const 0) (i32.const 0) (i32.const 3) (i32.const 3) (i32.const 5))))"},
                       {"request_headers", "(i32.const 4)"}},
                      kText);
  auto stream = plugin->openStream();
  stream->request(get("/"));
  said();
  plugin->callback("proxy_on_tick", {1});
  EXPECT_THAT(said(), ElementsAre("tick", "2", "2", "0", "0", "0", "2"));
  // The effective context applies to one callback.
  plugin->callback("proxy_on_tick", {1});
  EXPECT_THAT(said(), ElementsAre("tick", "2", "2", "0", "0", "0", "2"));
}

TEST_F(StateTest, APluginMayFlushBeforeItIsDone) {
  host.addCluster("auth", CalloutReply::of(ok(), std::chrono::milliseconds(20)));
  const std::string pairs =
      "(data (i32.const 200) \"\\03\\00\\00\\00\\07\\00\\00\\00\\03\\00\\00\\00\\05\\00\\00\\00\\02\\00\\00\\00"
      "\\0a\\00\\00\\00\\04\\00\\00\\00:method\\00GET\\00:path\\00/a\\00:authority\\00auth\\00\")"
      "(data (i32.const 300) \"auth\")";
  auto plugin = trace({{"done", R"(
      (call $digit (call $http_call (i32.const 300) (i32.const 4) (i32.const 200) (i32.const 65) (i32.const 0)
        (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 996)))
      (i32.const 0))"},
                       {"http_call_response", "(call $digit (call $done)) (call $digit (call $done))"}},
                      pairs);
  EXPECT_FALSE(plugin->shutdown());
  EXPECT_THAT(said(), ElementsAre("done", "0"));
  EXPECT_FALSE(plugin->shutdown());  // The plugin is still flushing; the host does not call on_done again.
  EXPECT_THAT(said(), IsEmpty());
  host.advance(std::chrono::milliseconds(20));
  EXPECT_THAT(said(), ElementsAre("http_call_response 4 2 0 0", "0", "1", "delete"));
  EXPECT_TRUE(plugin->shutdown());
}

TEST_F(StateTest, APluginMayWaitForDone) {
  auto plugin = trace({{"done", "(i32.const 0)"}, {"tick", "(call $digit (call $done))"}});
  plugin->callback("proxy_on_tick", {1});
  EXPECT_THAT(said(), ElementsAre("tick", "1"));  // The host has not called on_done yet.
  EXPECT_FALSE(plugin->shutdown());
  EXPECT_THAT(said(), ElementsAre("done"));
  plugin->callback("proxy_on_tick", {1});
  EXPECT_THAT(said(), ElementsAre("tick", "0", "delete"));
  EXPECT_TRUE(plugin->shutdown());
}

TEST_F(StateTest, LogsBelowTheLevelAreDropped) {
  host.setLogLevel(LogLevel::Warn);
  auto plugin = load(tracer());
  EXPECT_THAT(host.logs(), IsEmpty());
}

TEST_F(StateTest, PluginsShareAVmWhenModuleVmIdAndConfigurationAgree) {
  auto first = load(tracer(), {.name = "a"});
  auto second = load(tracer(), {.name = "b"});
  auto third = load(tracer(), {.name = "c", .vmConfiguration = "other"});
  EXPECT_EQ(first->rootContextId(), 1u);
  EXPECT_EQ(second->rootContextId(), 2u);
  EXPECT_EQ(third->rootContextId(), 1u);
}

}  // namespace
}  // namespace sluice::host
