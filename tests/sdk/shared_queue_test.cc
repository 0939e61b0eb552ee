// Shared queues: within a VM, between VMs, full and empty queues, and faulty hosts.
#include "script_test.h"

namespace sluice::testing {
namespace {

using ::testing::ElementsAre;

class SharedQueueTest : public ScriptTest {
 protected:
  std::vector<std::string> tell(std::vector<ScriptCall> calls, const PluginOptions& options = {.vmId = "vm"}) {
    for (auto& call : calls) call.callback = "onTick";
    EXPECT_TRUE(startScript(calls, options));
    return tick();
  }
  std::vector<std::string> tick() {
    host().clearLogs();
    plugin().callback("proxy_on_tick", {plugin().rootContextId()});
    return said();
  }
};

TEST_F(SharedQueueTest, FirstInFirstOut) {
  EXPECT_THAT(tell({{"", "registerSharedQueue", {"queue"}},
                    {"", "dequeue", {"1"}},
                    {"", "enqueue", {"1", "first"}},
                    {"", "enqueue", {"1", ""}},
                    {"", "enqueue", {"1", std::string("\0\xff", 2)}},
                    {"", "dequeue", {"1"}},
                    {"", "dequeue", {"1"}},
                    {"", "dequeue", {"1"}},
                    {"", "dequeue", {"1"}}}),
              ElementsAre("registerSharedQueue = 1", "dequeue: Empty", "enqueue: Ok", "enqueue: Ok", "enqueue: Ok",
                          "dequeue = first", "dequeue = ", "dequeue = " + std::string("\0\xff", 2), "dequeue: Empty"));
}

TEST_F(SharedQueueTest, OfTheOwnVmIdOrOfAnother) {
  EXPECT_THAT(tell({{"", "registerSharedQueue", {"queue"}}}), ElementsAre("registerSharedQueue = 1"));
  EXPECT_THAT(tell({{"", "resolveSharedQueue", {"queue"}},
                    {"", "resolveSharedQueue", {"none"}},
                    {"", "resolveSharedQueue", {"queue", "vm"}},
                    {"", "enqueue", {"1", "from another VM"}}},
                   {.vmId = "other"}),
              ElementsAre("resolveSharedQueue: NotFound", "resolveSharedQueue: NotFound", "resolveSharedQueue = 1",
                          "enqueue: Ok"));
  EXPECT_THAT(tell({{"", "resolveSharedQueue", {"queue"}}, {"", "dequeue", {"1"}}}),
              ElementsAre("resolveSharedQueue = 1", "dequeue = from another VM"));
}

TEST_F(SharedQueueTest, WhatWaitsStaysWhenTheQueueIsRegisteredAgain) {
  tell({{"", "registerSharedQueue", {"queue"}}, {"", "enqueue", {"1", "waiting"}}});
  EXPECT_THAT(tell({{"", "registerSharedQueue", {"queue"}}, {"", "dequeue", {"1"}}}),
              ElementsAre("registerSharedQueue = 1", "dequeue = waiting"));
}

TEST_F(SharedQueueTest, NoQueueIsNotFound) {
  EXPECT_THAT(tell({{"", "enqueue", {"99", "value"}}, {"", "dequeue", {"99"}}, {"", "noQueue", {}}}),
              ElementsAre("enqueue: NotFound", "dequeue: NotFound", "noQueue: NotFound", "noQueue = true"));
}

// Known hosts do not limit queues. If a host does, the status reports it, and the values it accepted can be dequeued.
TEST_F(SharedQueueTest, AQueueThatIsFull) {
  EXPECT_THAT(tell({{"", "registerSharedQueue", {"queue"}}, {"", "enqueueMany", {"1", "5000"}}}),
              ElementsAre("registerSharedQueue = 1", "enqueueMany = 5000"));
  EXPECT_EQ(host().queueSize(1), 5000u);
  ASSERT_TRUE(startScript({{"onTick", "enqueue", {"1", "too much"}}, {"onTick", "dequeue", {"1"}}}, {.vmId = "vm"}));
  host().failHostcall("proxy_enqueue_shared_queue", Status::InternalFailure);
  EXPECT_THAT(tick(), ElementsAre("enqueue: InternalFailure", "dequeue = 0"));
  EXPECT_THAT(tick(), ElementsAre("enqueue: InternalFailure", "dequeue = 1"));
}

TEST_F(SharedQueueTest, BytesThatNobodyAskedForAreNotRead) {
  ASSERT_TRUE(startScript({{"onTick", "dequeue", {"1"}}}));
  host().misplaceHostcall("proxy_dequeue_shared_queue", 16, 100);
  EXPECT_THAT(tick(), ElementsAre("dequeue: InvalidMemoryAccess"));
  host().clearFaults();
  host().answerHostcall("proxy_dequeue_shared_queue", "anything");
  EXPECT_THAT(tick(), ElementsAre("dequeue = anything"));
}

TEST_F(SharedQueueTest, ForeignFunctionsOfTheHost) {
  host().registerForeignFunction("reverse", [](std::string_view arguments, std::string* result) {
    result->assign(arguments.rbegin(), arguments.rend());
    return arguments.empty() ? Status::BadArgument : Status::Ok;
  });
  EXPECT_THAT(tell({{"", "callForeignFunction", {"reverse", std::string("a\0b", 3)}},
                    {"", "callForeignFunction", {"reverse"}},
                    {"", "callForeignFunction", {"none", "a"}}}),
              ElementsAre("callForeignFunction = " + std::string("b\0a", 3), "callForeignFunction: BadArgument",
                          "callForeignFunction: NotFound"));
  host().misplaceHostcall("proxy_call_foreign_function", 16, 100);
  EXPECT_EQ(tick().front(), "callForeignFunction: InvalidMemoryAccess");
}

}  // namespace
}  // namespace sluice::testing
