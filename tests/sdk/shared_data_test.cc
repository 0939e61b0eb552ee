// Shared data: bytes and integers, CAS, concurrent updates by several VMs, and faulty hosts.
#include <cstring>
#include <functional>

#include "script_test.h"

namespace sluice::testing {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::StartsWith;

template <class T>
std::string bytesOf(T value) {
  std::string bytes(sizeof value, '\0');
  std::memcpy(bytes.data(), &value, sizeof value);
  return bytes;
}

class SharedDataTest : public ScriptTest {
 protected:
  /// The lines that the filter logs when its script makes these calls.
  std::vector<std::string> tell(std::vector<ScriptCall> calls) {
    for (auto& call : calls) call.callback = "onTick";
    EXPECT_TRUE(startScript(calls, {.vmId = "vm"}));
    return tick();
  }
  std::vector<std::string> tick() {
    host().clearLogs();
    plugin().callback("proxy_on_tick", {plugin().rootContextId()});
    return said();
  }
  void set(std::string_view key, std::string_view value) { host().setSharedData("vm", key, value); }
  [[nodiscard]] std::string value(std::string_view key) const { return host_().sharedData("vm", key).value_or("none"); }

 private:
  [[nodiscard]] const Host& host_() const { return const_cast<SharedDataTest*>(this)->host(); }
};

TEST_F(SharedDataTest, BytesAreSetAndRead) {
  EXPECT_THAT(tell({{"", "getSharedData", {"key"}},
                    {"", "setSharedData", {"key", "value"}},
                    {"", "getSharedData", {"key"}},
                    {"", "setSharedData", {"key", ""}},
                    {"", "getSharedData", {"key"}}}),
              ElementsAre("getSharedData: NotFound", "setSharedData: Ok", "getSharedData = value cas 1",
                          "setSharedData: Ok", "getSharedData =  cas 2"));
}

TEST_F(SharedDataTest, AnyBytesAreAValueAndAKey) {
  const std::string binary("\0\xff\r\n", 4);
  ASSERT_TRUE(startScript({{"onTick", "setSharedData", {binary, binary}}, {"onTick", "getSharedData", {binary}}},
                          {.vmId = "vm"}));
  EXPECT_THAT(tick(), ElementsAre("setSharedData: Ok", "getSharedData = " + binary + " cas 1"));
  EXPECT_EQ(value(binary), binary);
}

TEST_F(SharedDataTest, IntegersHaveAFixedLayout) {
  EXPECT_THAT(tell({{"", "setShared32", {"small", "-2"}},
                    {"", "getShared32", {"small"}},
                    {"", "setShared64", {"large", "72623859790382856"}},
                    {"", "getShared64", {"large"}}}),
              ElementsAre("setShared32: Ok", "getShared32 = -2 cas 1", "setShared64: Ok",
                          "getShared64 = 72623859790382856 cas 2"));
  EXPECT_EQ(value("small"), "\xfe\xff\xff\xff");
  EXPECT_EQ(value("large"), "\x08\x07\x06\x05\x04\x03\x02\x01");
}

TEST_F(SharedDataTest, AValueOfAnotherSizeIsAMismatch) {
  for (const size_t size : {0u, 1u, 3u, 5u, 7u, 9u, 4096u}) {
    set("key", std::string(size, 'x'));
    EXPECT_THAT(tell({{"", "getShared32", {"key"}},
                      {"", "getShared64", {"key"}},
                      {"", "addShared32", {"key", "1"}},
                      {"", "addShared64", {"key", "1"}}}),
                ElementsAre("getShared32: ResultMismatch", "getShared64: ResultMismatch", "addShared32: ResultMismatch",
                            "addShared64: ResultMismatch"));
    EXPECT_EQ(value("key"), std::string(size, 'x'));
  }
}

TEST_F(SharedDataTest, CompareAndSwap) {
  EXPECT_THAT(tell({{"", "setSharedData", {"key", "first", "77"}},  // There is no value to compare with.
                    {"", "setSharedData", {"key", "second", "1"}},
                    {"", "setSharedData", {"key", "third", "1"}},
                    {"", "setSharedData", {"key", "fourth"}}}),
              ElementsAre("setSharedData: Ok", "setSharedData: Ok", "setSharedData: CasMismatch", "setSharedData: Ok"));
  EXPECT_EQ(value("key"), "fourth");
}

TEST_F(SharedDataTest, UpdatesBeginWithNothing) {
  EXPECT_THAT(tell({{"", "appendShared", {"text", "a"}},
                    {"", "appendShared", {"text", "b"}},
                    {"", "addShared64", {"number", "5"}},
                    {"", "addShared64", {"number", "6"}},
                    {"", "addShared32", {"small", "-7"}},
                    {"", "addShared32", {"small", "3"}}}),
              ElementsAre("appendShared: Ok", "appendShared: Ok", "addShared64 = 5", "addShared64 = 11",
                          "addShared32 = -7", "addShared32 = -4"));
  EXPECT_EQ(value("text"), "new:ab");
  EXPECT_EQ(value("number"), bytesOf<uint64_t>(11));
}

TEST_F(SharedDataTest, SumsWrapAround) {
  set("large", bytesOf(UINT64_MAX));
  set("small", bytesOf(INT32_MAX));
  EXPECT_THAT(tell({{"", "addShared64", {"large", "3"}}, {"", "addShared32", {"small", "1"}}}),
              ElementsAre("addShared64 = 2", "addShared32 = -2147483648"));
}

TEST_F(SharedDataTest, AnUpdateMayGiveUp) {
  set("key", "value");
  EXPECT_THAT(tell({{"", "updateGivesUp", {"key"}}, {"", "updateMayGiveUp", {"other"}}}),
              ElementsAre("updateGivesUp: Empty", "updateMayGiveUp: Ok"));
  EXPECT_EQ(value("key"), "value");
  EXPECT_EQ(value("other"), bytesOf<uint64_t>(42));
}

TEST_F(SharedDataTest, OtherVmIdsHaveDataOfTheirOwn) {
  tell({{"", "setSharedData", {"key", "value"}}});
  ASSERT_TRUE(startScript({{"onTick", "getSharedData", {"key"}}}, {.vmId = "other"}));
  EXPECT_THAT(tick(), ElementsAre("getSharedData: NotFound"));
}

// --- Several VMs at once: during an update the filter calls the host, and there the test makes other VMs update.

class Contention : public SharedDataTest {
 protected:
  /// A plugin in its own VM that makes `call` at each tick.
  std::shared_ptr<Plugin> otherVm(const std::string& name, const ScriptCall& call) {
    // A different VM configuration gives a different VM.
    auto plugin = host().load(filterPath(), {.name = name,
                                             .vmId = "vm",
                                             .vmConfiguration = scriptText({{"none", name}}),
                                             .configuration = scriptText({call})});
    EXPECT_TRUE(plugin->configured());
    return plugin;
  }
  void onOthers(const std::function<void()>& act) {
    host().registerForeignFunction("others", [act](std::string_view, std::string*) {
      act();
      return Status::Ok;
    });
  }
  static void tickOf(Plugin& plugin) { plugin.callback("proxy_on_tick", {plugin.rootContextId()}); }
};

TEST_F(Contention, NoUpdateOfAnotherVmIsLost) {
  const auto other = otherVm("other", {"onTick", "addShared64", {"key", "100"}});
  int calls = 0;
  onOthers([&] {
    if (++calls <= 3) tickOf(*other);
  });
  EXPECT_THAT(tell({{"", "addWithOthers", {"key", "1"}}}),
              ElementsAre("addShared64 = 100", "addShared64 = 200", "addShared64 = 300", "addWithOthers: Ok"));
  EXPECT_EQ(value("key"), bytesOf<uint64_t>(301));
  EXPECT_EQ(calls, 4);
}

// Both VMs find no value and try to create it.
TEST_F(Contention, NoFirstUpdateIsLost) {
  const auto other = otherVm("other", {"onTick", "addShared64", {"key", "100"}});
  int calls = 0;
  onOthers([&] {
    if (++calls == 1) tickOf(*other);
  });
  EXPECT_THAT(tell({{"", "addWithOthers", {"key", "1"}}}), ElementsAre("addShared64 = 100", "addWithOthers: Ok"));
  EXPECT_EQ(value("key"), bytesOf<uint64_t>(101));
}

TEST_F(Contention, ManyVmsInAllOrders) {
  constexpr int kVms = 5;
  constexpr int kRounds = 40;
  std::vector<std::shared_ptr<Plugin>> plugins;
  for (int i = 0; i < kVms; ++i)
    plugins.push_back(otherVm(std::to_string(i), {"onTick", "addWithOthers", {"key", "1", "1000"}}));
  // Updates by further VMs interrupt each update, in varying order.
  size_t depth = 0;
  uint32_t random = 1;
  int updates = 0;
  onOthers([&] {
    random = random * 1103515245 + 12345;
    if (depth + 1 == kVms || (random >> 16) % 2 == 0) return;
    ++depth;
    ++updates;
    tickOf(*plugins[depth]);
    --depth;
  });
  for (int round = 0; round < kRounds; ++round) {
    ++updates;
    tickOf(*plugins[0]);
  }
  EXPECT_GT(updates, 2 * kRounds);
  EXPECT_EQ(value("key"), bytesOf<uint64_t>(static_cast<uint64_t>(updates)));
  EXPECT_THAT(said(), ::testing::Each(std::string("addWithOthers: Ok")));
}

TEST_F(Contention, ALoserGivesUpAfterItsAttempts) {
  const auto other = otherVm("other", {"onTick", "addShared64", {"key", "1"}});
  int calls = 0;
  onOthers([&] {
    ++calls;
    tickOf(*other);
  });
  EXPECT_EQ(tell({{"", "addWithOthers", {"key", "1000"}}}).back(), "addWithOthers: CasMismatch");
  EXPECT_EQ(calls, 16);
  EXPECT_EQ(value("key"), bytesOf<uint64_t>(16));
  EXPECT_EQ(tell({{"", "addWithOthers", {"key", "1000", "3"}}}).back(), "addWithOthers: CasMismatch");
  EXPECT_EQ(calls, 19);
  EXPECT_EQ(tell({{"", "addWithOthers", {"key", "1000", "0"}}}).back(), "addWithOthers: CasMismatch");
  EXPECT_EQ(calls, 19);
}

// --- Faulty hosts.

TEST_F(SharedDataTest, AHostThatAlwaysFindsAMismatchEndsTheLoop) {
  ASSERT_TRUE(startScript({{"onTick", "addShared64", {"key", "1", "7"}}}, {.vmId = "vm"}));
  host().failHostcall("proxy_set_shared_data", Status::CasMismatch);
  const auto before = host().hostcalls("proxy_set_shared_data");
  EXPECT_THAT(tick(), ElementsAre("addShared64: CasMismatch"));
  EXPECT_EQ(host().hostcalls("proxy_set_shared_data") - before, 7u);
}

TEST_F(SharedDataTest, OtherFailuresAreNotTriedAgain) {
  ASSERT_TRUE(startScript({{"onTick", "addShared64", {"key", "1"}}}, {.vmId = "vm"}));
  host().failHostcall("proxy_set_shared_data", Status::InternalFailure);
  EXPECT_THAT(tick(), ElementsAre("addShared64: InternalFailure"));
  EXPECT_EQ(host().hostcalls("proxy_set_shared_data"), 1u);
  host().clearFaults();
  host().failHostcall("proxy_get_shared_data", Status::BadArgument);
  EXPECT_THAT(tick(), ElementsAre("addShared64: BadArgument"));
  EXPECT_EQ(host().hostcalls("proxy_set_shared_data"), 1u);
}

// Some hosts create a value only with CAS 0.
TEST_F(SharedDataTest, AHostThatKnowsNoNumberForNothingIsAskedWithZero) {
  ASSERT_TRUE(startScript({{"onTick", "addShared64", {"key", "5"}}}, {.vmId = "vm"}));
  host().failHostcall("proxy_set_shared_data", Status::CasMismatch, 1);
  EXPECT_THAT(tick(), ElementsAre("addShared64 = 5"));
  EXPECT_EQ(host().hostcalls("proxy_set_shared_data"), 2u);
}

// With CAS 0 the host compares nothing, so another VM's update could be lost.
TEST_F(SharedDataTest, AValueWithTheNumberZeroIsNotUpdated) {
  ASSERT_TRUE(
      startScript({{"onTick", "getShared64", {"key"}}, {"onTick", "addShared64", {"key", "5"}}}, {.vmId = "vm"}));
  host().answerHostcall("proxy_get_shared_data", bytesOf<uint64_t>(1));
  EXPECT_THAT(tick(), ElementsAre("getShared64 = 1 cas 0", "addShared64: ResultMismatch"));
  EXPECT_EQ(host().hostcalls("proxy_set_shared_data"), 0u);
}

TEST_F(SharedDataTest, BytesThatNobodyAskedForAreNotRead) {
  ASSERT_TRUE(
      startScript({{"onTick", "getSharedData", {"key"}}, {"onTick", "addShared64", {"key", "1"}}}, {.vmId = "vm"}));
  for (const uint64_t address : {uint64_t{0}, uint64_t{16}, uint64_t{0xfffffff0}}) {
    for (const uint64_t size : {uint64_t{1}, uint64_t{8}, uint64_t{0xffffffff}}) {
      host().misplaceHostcall("proxy_get_shared_data", address, size);
      EXPECT_THAT(tick(), ElementsAre("getSharedData: InvalidMemoryAccess", "addShared64: InvalidMemoryAccess"));
    }
  }
}

TEST_F(SharedDataTest, NoMemoryForTheValueIsAnError) {
  set("key", "value");
  ASSERT_TRUE(startScript({{"onTick", "getSharedData", {"key"}}}, {.vmId = "vm"}));
  host().failAllocation(1);
  EXPECT_THAT(tick(), ElementsAre(AllOf(StartsWith("getSharedData: "), ::testing::Not("getSharedData: Ok"))));
  EXPECT_EQ(value("key"), "value");
}

}  // namespace
}  // namespace sluice::testing
