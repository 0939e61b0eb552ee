// The state that VMs of one host share: shared data with CAS, queues, metrics.
#include "guest_test.h"

namespace sluice::host {
namespace {

using namespace test;

class SharingTest : public GuestTest {
 protected:
  std::shared_ptr<Plugin> on(uint32_t worker, const std::map<std::string, std::string>& bodies = {},
                             std::string_view more = {}, std::string vmId = "shared") {
    return load(tracer(bodies, more), {.name = std::to_string(worker), .vmId = std::move(vmId), .worker = worker});
  }
  void tick(Plugin& plugin) { plugin.callback("proxy_on_tick", {plugin.rootContextId()}); }
};

TEST_F(SharingTest, WorkersHaveVmsOfTheirOwn) {
  auto first = on(0);
  auto beside = load(tracer(), {.name = "beside", .vmId = "shared"});
  auto second = on(1);
  EXPECT_EQ(first->rootContextId(), 1u);
  EXPECT_EQ(beside->rootContextId(), 2u);
  EXPECT_EQ(second->rootContextId(), 1u);
}

// Adds one to the number at "n": reads it in the first tick, writes it in the second, and logs the status.
constexpr char kReadThenWrite[] = R"(
    (if (i32.eqz (i32.load (i32.const 32)))
      (then
        (i32.store (i32.const 16) (i32.const 0)) (i32.store (i32.const 20) (i32.const 0))
        (if (i32.eqz (call $get_shared (i32.const 0) (i32.const 1) (i32.const 1008) (i32.const 1012) (i32.const 16)))
          (then (i32.store (i32.const 20) (i32.load (i32.load (i32.const 1008))))))
        (i32.store (i32.const 32) (i32.const 1)))
      (else
        (i32.store (i32.const 20) (i32.add (i32.load (i32.const 20)) (i32.const 1)))
        (call $digit (call $set_shared (i32.const 0) (i32.const 1) (i32.const 20) (i32.const 4) (i32.load (i32.const 16))))
        (i32.store (i32.const 32) (i32.const 0)))))";

TEST_F(SharingTest, OfTwoVmsThatReadTheSameOneWrites) {
  const std::string data = "(data (i32.const 0) \"n\")";
  host.setSharedData("shared", "n", std::string(4, '\0'));
  std::vector<std::shared_ptr<Plugin>> workers;
  for (uint32_t i = 0; i < 4; ++i) workers.push_back(on(i, {{"tick", kReadThenWrite}}, data));
  host.clearLogs();
  int written = 0;
  for (int round = 0; round < 50; ++round) {
    // All read, then all try to write: in each round, exactly one succeeds.
    for (auto& worker : workers) tick(*worker);
    for (auto& worker : workers) tick(*worker);
    int successes = 0;
    for (const std::string& line : said()) {
      if (line == "0") ++successes;
    }
    EXPECT_EQ(successes, 1);
    written += successes;
  }
  EXPECT_EQ(written, 50);
  EXPECT_EQ(host.sharedData("shared", "n"), std::string("\x32\0\0\0", 4));  // No update is lost, none counted twice.
}

TEST_F(SharingTest, DataBelongToAVmIdAndGoWithTheLastOfItsVms) {
  const std::string data = "(data (i32.const 0) \"kv\")";
  const std::map<std::string, std::string> set = {{"tick", R"(
      (drop (call $set_shared (i32.const 0) (i32.const 1) (i32.const 1) (i32.const 1) (i32.const 0))))"}};
  auto first = on(0, set, data);
  auto second = on(1);
  auto other = on(0, {}, {}, "other");
  tick(*first);
  EXPECT_EQ(host.sharedData("shared", "k"), "v");
  EXPECT_EQ(host.sharedData("other", "k"), std::nullopt);
  first.reset();
  EXPECT_EQ(host.sharedData("shared", "k"), "v");
  second.reset();
  EXPECT_EQ(host.sharedData("shared", "k"), std::nullopt);
  host.setSharedData("later", "k", "preset");  // A test may set values before the VM exists.
  EXPECT_EQ(host.sharedData("later", "k"), "preset");
}

// Registers the queue "q" (its id goes to byte 16), and dequeues one value in on_queue_ready.
const std::map<std::string, std::string> kConsumer = {
    {"configure", "(drop (call $register_queue (i32.const 0) (i32.const 1) (i32.const 16))) (i32.const 1)"},
    {"queue_ready", R"(
      (call $digit (call $dequeue (local.get 1) (i32.const 1008) (i32.const 1012)))
      (call $say_result))"}};
constexpr char kQueueData[] = "(data (i32.const 0) \"qsharedvalue\")";

TEST_F(SharingTest, AQueueConnectsVms) {
  auto consumer = on(0, kConsumer, kQueueData);
  auto producer = on(1, {{"tick", R"(
      (call $digit (call $resolve_queue (i32.const 1) (i32.const 6) (i32.const 0) (i32.const 1) (i32.const 16)))
      (call $digit (call $enqueue (i32.load (i32.const 16)) (i32.const 7) (i32.const 5))))"}},
                     kQueueData, "other");
  host.clearLogs();
  tick(*producer);
  std::vector<std::string> lines;
  for (const LogLine& line : host.logs()) lines.push_back(line.plugin + " " + line.text);
  EXPECT_THAT(lines, ElementsAre("1 tick", "1 0", "1 0", "0 queue_ready 1", "0 0", "0 value"));
  const uint32_t queue = host.sharedQueue("shared", "q").value();
  EXPECT_EQ(host.queueSize(queue), 0u);
  consumer.reset();
  EXPECT_EQ(host.sharedQueue("shared", "q"), std::nullopt);
  EXPECT_EQ(host.enqueue(queue, "x"), Status::NotFound);
}

TEST_F(SharingTest, TheLastThatRegistersAQueueIsTold) {
  auto first = on(0, kConsumer, kQueueData);
  EXPECT_EQ(host.enqueue(*host.sharedQueue("shared", "q"), "one"), Status::Ok);
  auto second = on(1, kConsumer, kQueueData);
  host.clearLogs();
  EXPECT_EQ(host.enqueue(*host.sharedQueue("shared", "q"), "two"), Status::Ok);
  ASSERT_THAT(host.logs(), Not(IsEmpty()));
  EXPECT_EQ(host.logs()[0].plugin, "1");
  EXPECT_THAT(said(), ElementsAre("queue_ready 1", "0", "two"));
}

TEST_F(SharingTest, AQueueHasNoBoundAsInTheReferenceHost) {
  auto plugin = on(0, {{"configure", kConsumer.at("configure")}}, kQueueData);
  const uint32_t queue = *host.sharedQueue("shared", "q");
  for (int i = 0; i < 10'000; ++i) ASSERT_EQ(host.enqueue(queue, "value"), Status::Ok);
  EXPECT_EQ(host.queueSize(queue), 10'000u);
}

TEST_F(SharingTest, AFullQueueCanBePlayed) {
  auto plugin = on(0,
                   {{"configure", kConsumer.at("configure")},
                    {"tick", "(call $digit (call $enqueue (i32.load (i32.const 16)) (i32.const 7) (i32.const 5)))"}},
                   kQueueData);
  host.clearLogs();
  host.failHostcall("proxy_enqueue_shared_queue", Status::InternalFailure, 1);
  tick(*plugin);
  tick(*plugin);
  EXPECT_THAT(said(), ElementsAre("tick", ":", "tick", "0", "queue_ready 1"));
}

TEST_F(SharingTest, APluginThatIsDeletedIsToldOfNothing) {
  host.addCluster("auth", CalloutReply::of(ok(), std::chrono::milliseconds(5)));
  auto plugin = on(0, kConsumer, kQueueData);
  auto beside = load(tracer(), {.name = "beside", .vmId = "shared"});
  host.clearLogs();
  const uint32_t queue = *host.sharedQueue("shared", "q");
  EXPECT_TRUE(plugin->shutdown());
  EXPECT_THAT(said(), ElementsAre("done", "delete"));
  EXPECT_EQ(host.enqueue(queue, "x"), Status::Ok);
  EXPECT_THAT(said(), IsEmpty());
}

TEST_F(SharingTest, MetricsAreTheWholeHosts) {
  const std::map<std::string, std::string> counting = {{"tick", R"(
      (drop (call $define (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 16)))
      (drop (call $increment (i32.load (i32.const 16)) (i64.const 2))))"}};
  auto first = on(0, counting, kQueueData);
  auto second = on(1, counting, kQueueData);
  tick(*first);
  tick(*second);
  ASSERT_TRUE(host.metric("q"));
  EXPECT_EQ(host.metric("q")->value, 4u);
}

}  // namespace
}  // namespace sluice::host
