// A root context's callbacks from others and its calls for others: queues, foreign functions, metadata, a last flush,
// effective contexts.
#include "script_test.h"

namespace sluice::testing {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;

class RootCallbacks : public ScriptTest {
 protected:
  uint64_t root() { return plugin().rootContextId(); }
  void tick() {
    host().clearLogs();
    plugin().callback("proxy_on_tick", {root()});
  }
};

// --- Queues

TEST_F(RootCallbacks, WhoRegisteredAQueueHearsOfItsValues) {
  ASSERT_TRUE(startScript({{"onConfigure", "registerSharedQueue", {"queue"}}, {"onQueueReady", "dequeue", {"1"}}},
                          {.name = "receiver", .vmId = "one"}));
  const std::string heard = "root " + std::to_string(root()) + ": onQueueReady 1";
  ASSERT_TRUE(startScript({{"onTick", "resolveSharedQueue", {"queue", "one"}}, {"onTick", "enqueue", {"1", "hello"}}},
                          {.name = "sender", .vmId = "two"}));
  tick();
  EXPECT_THAT(said(), ElementsAre("resolveSharedQueue = 1", "enqueue: Ok", "dequeue = hello"));
  EXPECT_THAT(trace(), Contains(heard));
}

TEST_F(RootCallbacks, AQueueMayBeEmptyAlready) {
  ASSERT_TRUE(startScript({{"onConfigure", "registerSharedQueue", {"queue"}},
                           {"onQueueReady", "dequeue", {"1"}},
                           {"onTick", "enqueue", {"1", "a"}},
                           {"onTick", "dequeue", {"1"}}}));
  tick();
  EXPECT_THAT(said(), ElementsAre("enqueue: Ok", "dequeue = a", "dequeue: Empty"));
}

// --- Foreign functions, called by the host

TEST_F(RootCallbacks, AForeignFunctionGetsItsArguments) {
  ASSERT_TRUE(startScript({{"onForeignFunction", "foreignFunctionArguments"}, {"onTick", "foreignFunctionArguments"}}));
  host().clearLogs();
  plugin().foreignFunction(7, std::string("a\0b", 3));
  EXPECT_THAT(trace(), ElementsAre("root " + std::to_string(root()) + ": onForeignFunction 7 3"));
  EXPECT_THAT(said(), ElementsAre("foreignFunctionArguments = " + std::string("a\0b", 3)));
  plugin().foreignFunction(0xffffffff, "");
  EXPECT_EQ(said().back(), "foreignFunctionArguments = ");
}

TEST_F(RootCallbacks, ACallInACallIsAnsweredInBoth) {
  ASSERT_TRUE(startScript({{"onTick", "callForeignFunction", {"outer", "x"}},
                           {"onForeignFunction", "foreignFunctionArguments"},
                           {"onForeignFunction", "currentTime"}}));
  host().registerForeignFunction("outer", [this](std::string_view arguments, std::string* result) {
    plugin().foreignFunction(1, std::string(3000, 'i'));
    *result = "for " + std::string(arguments);
    return Status::Ok;
  });
  tick();
  EXPECT_EQ(said().front(), "foreignFunctionArguments = " + std::string(3000, 'i'));
  EXPECT_EQ(said().back(), "callForeignFunction = for x");
}

// --- Metadata

TEST_F(RootCallbacks, MetadataOfEitherDirection) {
  ASSERT_TRUE(start());
  plugin().callback("proxy_on_context_create", {77, root()});
  host().clearLogs();
  EXPECT_EQ(plugin().callback("proxy_on_request_metadata", {77, 2}), 0u);
  EXPECT_EQ(plugin().callback("proxy_on_response_metadata", {77, 3}), 0u);
  EXPECT_THAT(trace(), ElementsAre("stream 77: onRequestMetadata 2", "stream 77: onResponseMetadata 3"));
  plugin().callback("proxy_on_delete", {77});
}

// --- A last flush

TEST_F(RootCallbacks, ARootMayWaitForItsLastReport) {
  ASSERT_TRUE(startScript({{"root.onDone", "return", {"0"}}, {"onTick", "done"}}));
  tick();
  EXPECT_THAT(said(), ElementsAre("done: NotFound"));  // The host has not called on_done yet.
  EXPECT_FALSE(plugin().shutdown());
  EXPECT_EQ(trace().back(), "root " + std::to_string(root()) + ": onDone");
  tick();
  EXPECT_THAT(said(), ElementsAre("done: Ok"));
  EXPECT_EQ(trace().back(), "root " + std::to_string(root()) + ": gone");
  EXPECT_TRUE(plugin().shutdown());
}

TEST_F(RootCallbacks, ARootThatIsDoneAtOnceHasNothingToSay) {
  ASSERT_TRUE(startScript({{"root.onDone", "done"}}));
  EXPECT_TRUE(plugin().shutdown());
  EXPECT_THAT(said(), ElementsAre("done: NotFound"));
}

// --- Effective contexts

TEST_F(RootCallbacks, InTheNameOfAStream) {
  ASSERT_TRUE(startScript({{"onRequestHeaders", "return", {"1"}},
                           {"onTick", "requestHeaders.add", {"x-tick", "without"}},
                           {"onTick", "asLatest", {"requestHeaders.add", "x-tick", "with"}},
                           {"onTick", "asLatest", {"continueRequest"}},
                           {"onTick", "requestHeaders.add", {"x-tick", "after"}}}));
  auto& stream = openStream();
  stream.requestHeaders(get("/").headers, true);
  EXPECT_TRUE(stream.requestPaused());
  host().clearLogs();
  plugin().callback("proxy_on_tick", {root()}, plugin().rootContextId());
  const auto lines = said();
  ASSERT_EQ(lines.size(), 6u);
  EXPECT_NE(lines.front(), "requestHeaders.add: Ok");
  EXPECT_EQ(
      std::vector(lines.begin() + 1, lines.end() - 1),
      (std::vector<std::string>{"asLatest: Ok", "requestHeaders.add: Ok", "asLatest: Ok", "continueRequest: Ok"}));
  EXPECT_EQ(lines.back(), lines.front());
  EXPECT_FALSE(stream.requestPaused());
  EXPECT_THAT(stream.received().headers, HasHeaderValues("x-tick", {"with"}));
}

TEST_F(RootCallbacks, AStreamThatTheHostDoesNotKnow) {
  ASSERT_TRUE(startScript({{"onTick", "asLatest", {"requestHeaders.add", "a", "b"}}}));
  plugin().callback("proxy_on_context_create", {77, root()});  // Only the guest knows this stream.
  tick();
  EXPECT_EQ(said().front(), "asLatest: BadArgument");
  EXPECT_EQ(host().hostcalls("proxy_set_effective_context"), 1u);
  plugin().callback("proxy_on_delete", {77});
}

// --- The status of a callout

TEST_F(RootCallbacks, TheStatusOfACallout) {
  ASSERT_TRUE(startScript({{"onTick", "calloutStatus"}}));
  host().answerHostcall("proxy_get_status", "what went wrong");
  tick();
  EXPECT_THAT(said(), ElementsAre("calloutStatus = 0 what went wrong"));
  host().misplaceHostcall("proxy_get_status", 16, 100);
  tick();
  EXPECT_THAT(said(), ElementsAre("calloutStatus: InvalidMemoryAccess"));
}

}  // namespace
}  // namespace sluice::testing
