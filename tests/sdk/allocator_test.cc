// malloc and its relatives, new and delete: the module's own in the .wasm run, the machine's in the native run.
#include "script_test.h"

namespace sluice::testing {
namespace {

using ::testing::HasSubstr;

class Allocator : public ScriptTest {
 protected:
  void round() { plugin().callback("proxy_on_tick", {plugin().rootContextId()}); }
  /// Expects that the filter logged no bad block.
  void expectGood(size_t rounds) {
    EXPECT_THAT(said(), Not(Contains(HasSubstr("memory is not"))));
    EXPECT_EQ(said().size(), rounds);
  }
};

TEST_F(Allocator, RandomUseKeepsEveryBlockIntact) {
  ASSERT_TRUE(start());
  constexpr size_t kRounds = 100;
  for (size_t i = 0; i < kRounds; ++i) round();
  expectGood(kRounds);
}

TEST_F(Allocator, RandomUseForLongNeedsNoMoreMemory) {
  ASSERT_TRUE(start());
  for (int i = 0; i < 50; ++i) round();
  const auto pages = plugin().memoryPages();
  for (int i = 0; i < 150; ++i) round();
  // Blocks have random sizes, so memory may grow somewhat, but not without end.
  EXPECT_LE(plugin().memoryPages(), pages + pages / 2);
}

TEST_F(Allocator, WhereMemoryEndsAnAllocationFailsAndTheRestStaysIntact) {
  if (!isWasmRun()) GTEST_SKIP() << "Memory has a limit in the .wasm run.";
  expectTraps();
  for (const uint32_t pages : {2u, 4u, 8u, 16u}) {
    ASSERT_TRUE(start({.vmId = std::to_string(pages), .limits = {.memoryPages = pages}}));
    try {
      for (int i = 0; i < 20; ++i) round();
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::Trap) << error.what();
      EXPECT_THAT(logs(), Contains(LogLine(LogLevel::Critical, "sluice: out of memory")));
    }
    EXPECT_LE(plugin().memoryPages(), pages);
  }
}

}  // namespace
}  // namespace sluice::testing
