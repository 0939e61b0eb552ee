// What happens after a VM has failed, to its plugin and to the plugins that share the VM. The expectations were
// observed in a real Envoy.
#include "guest_test.h"

namespace sluice::host {
namespace {

using namespace test;
using std::chrono::milliseconds;
using std::chrono::seconds;

class ReloadTest : public GuestTest {
 protected:
  /// A filter that traps in requests for "/trap".
  std::shared_ptr<Plugin> trapper(FailPolicy policy, std::string name = "a", std::string configure = "(i32.const 1)") {
    return load(tracer({{"request_headers", R"(
        (drop (call $get_value (i32.const 0) (i32.const 0) (i32.const 5) (i32.const 1008) (i32.const 1012)))
        (if (i32.eq (i32.load (i32.load (i32.const 1008))) (i32.const 0x6172742f)) (then (unreachable)))
        (i32.const 0))"},
                        {"configure", std::move(configure)}},
                       "(data (i32.const 0) \":path\")"),
                {.name = std::move(name), .failPolicy = policy});
  }
  int statusOf(const std::vector<std::shared_ptr<Plugin>>& chain, std::string_view path) {
    auto stream = host.openStream(chain);
    stream->respondWith(ok());
    stream->request(get(path));
    return stream->answer().status();
  }
  int statusOf(const std::shared_ptr<Plugin>& plugin, std::string_view path) {
    return statusOf(std::vector{plugin}, path);
  }
};

TEST_F(ReloadTest, TheRequestThatTrapsIsA503AndThenThePolicyDecides) {
  for (auto [policy, later] : {std::pair(FailPolicy::Closed, 503), std::pair(FailPolicy::Open, 200)}) {
    auto plugin = trapper(policy);
    EXPECT_EQ(statusOf(plugin, "/trap"), 503);
    EXPECT_EQ(statusOf(plugin, "/"), later);
    host.advance(seconds(100));
    EXPECT_EQ(statusOf(plugin, "/"), later);
    EXPECT_TRUE(plugin->failure());
  }
}

TEST_F(ReloadTest, ANewVmStartsAtMostOnceASecond) {
  auto plugin = trapper(FailPolicy::Reload);
  host.advance(seconds(2));
  EXPECT_EQ(statusOf(plugin, "/trap"), 503);
  said();
  EXPECT_EQ(statusOf(plugin, "/"), 200);  // The back-off is over.
  EXPECT_FALSE(plugin->failure());
  EXPECT_THAT(said(), ElementsAre("context_create 1 0", "vm_start 0", "configure 0", "context_create 2 1",
                                  "request_headers 4 1", "response_headers 1 1", "log", "done", "delete"));
  EXPECT_EQ(statusOf(plugin, "/trap"), 503);
  host.advance(milliseconds(999));
  EXPECT_EQ(statusOf(plugin, "/"), 503);
  host.advance(milliseconds(1));
  EXPECT_EQ(statusOf(plugin, "/"), 200);
  EXPECT_EQ(host.errors().size(), 2u);
  host.clearErrors();
}

TEST_F(ReloadTest, AStreamOfTheFailedVmIsAnsweredOnce) {
  auto plugin = trapper(FailPolicy::Reload);
  auto open = plugin->openStream();
  open->requestHeaders(post("/", "x").headers);
  host.advance(seconds(2));
  EXPECT_EQ(statusOf(plugin, "/trap"), 503);
  EXPECT_EQ(statusOf(plugin, "/"), 200);
  open->requestBody("x", true);  // The stream's VM has failed; the reload does not change that.
  EXPECT_EQ(open->answer().status(), 503);
  EXPECT_TRUE(open->closed());
}

TEST_F(ReloadTest, AVmThatDoesNotStartLeavesThePluginDown) {
  // The guest accepts its configuration only the first time: it remembers that in shared data, which outlive the VM.
  const std::string once = R"(
      (call $set_shared (i32.const 0) (i32.const 5) (i32.const 0) (i32.const 1)
        (select (i32.const 0) (i32.const 999) (i32.ne (i32.const 0)
          (call $get_shared (i32.const 0) (i32.const 5) (i32.const 1008) (i32.const 1012) (i32.const 1016)))))
      (i32.eqz))";
  auto plugin = trapper(FailPolicy::Reload, "a", once);
  ASSERT_TRUE(plugin->configured());
  host.advance(seconds(2));
  EXPECT_EQ(statusOf(plugin, "/trap"), 503);
  EXPECT_EQ(statusOf(plugin, "/"), 503);  // The new VM refused its configuration.
  EXPECT_TRUE(plugin->failure());
  said();
  EXPECT_EQ(statusOf(plugin, "/"), 503);
  EXPECT_THAT(said(), IsEmpty());  // No new attempt within a second.
  host.advance(seconds(1));
  EXPECT_EQ(statusOf(plugin, "/"), 503);
  EXPECT_THAT(said(), Contains("configure 0"));
}

TEST_F(ReloadTest, ATrapTakesDownEveryPluginOfTheVmAndEachComesBackByItsOwnPolicy) {
  auto reloading = trapper(FailPolicy::Reload, "a");
  auto closed = trapper(FailPolicy::Closed, "b");
  auto open = trapper(FailPolicy::Open, "c");
  auto alsoReloading = trapper(FailPolicy::Reload, "d");
  auto apart = load(tracer(), {.name = "e", .vmId = "another"});
  host.advance(seconds(2));
  EXPECT_EQ(statusOf({reloading, closed}, "/trap"), 503);
  EXPECT_TRUE(closed->failure());
  EXPECT_TRUE(alsoReloading->failure());
  EXPECT_FALSE(apart->failure());
  EXPECT_EQ(statusOf({reloading, open, apart}, "/"), 200);
  EXPECT_FALSE(reloading->failure());
  EXPECT_TRUE(alsoReloading->failure());  // A plugin reloads only with its next request.
  EXPECT_EQ(statusOf({reloading, closed}, "/"), 503);
  said();
  EXPECT_EQ(statusOf({reloading, alsoReloading}, "/"), 200);
  // The second plugin joins the new VM.
  EXPECT_NE(reloading->rootContextId(), alsoReloading->rootContextId());
  EXPECT_THAT(said(), AllOf(Contains("vm_start 0"), Contains("configure 0")));
}

TEST_F(ReloadTest, TicksAndCalloutsOfAFailedVmAreGone) {
  host.addCluster("auth", CalloutReply::of(ok()));
  auto plugin = load(tracer({{"configure", "(drop (call $set_tick_period (i32.const 100))) (i32.const 1)"},
                             {"tick", "(unreachable)"}}),
                     {.failPolicy = FailPolicy::Reload});
  host.advance(milliseconds(100));
  EXPECT_TRUE(plugin->failure());
  said();
  host.advance(seconds(1));
  EXPECT_THAT(said(), IsEmpty());
  plugin->send(get("/"), ok());  // The new VM ticks again.
  said();
  host.advance(milliseconds(100));
  EXPECT_THAT(said(), ElementsAre("tick"));
}

TEST_F(ReloadTest, TheBackoffIsTheProfiles) {
  Host slow(Profile{.reloadBackoff = 5'000'000'000});
  auto plugin =
      slow.loadModule(tracer({{"request_headers", "(unreachable)"}}), "a.wasm", {.failPolicy = FailPolicy::Reload});
  plugin->send(get("/"), ok());
  slow.advance(milliseconds(4999));
  plugin->send(get("/"), ok());
  EXPECT_EQ(slow.errors().size(), 1u);
  slow.advance(milliseconds(1));
  plugin->send(get("/"), ok());
  EXPECT_EQ(slow.errors().size(), 2u);
}

}  // namespace
}  // namespace sluice::host
