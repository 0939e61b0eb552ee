// Linear memory never shrinks, so all later requests must reuse the memory of earlier ones. Each test runs long enough
// to show a leak of one block per stream; the native run has a leak check and is short.
#include "script_test.h"

namespace sluice::testing {
namespace {

using ::testing::HasSubstr;

class MemoryBounds : public ScriptTest {
 protected:
  static constexpr size_t kMiB = size_t{1} << 20;

  // Without a limit on what a stream may buffer: bodies have up to 16 MiB.
  MemoryBounds() : ScriptTest(Profile{.bufferLimit = 0}) {}

  int streams(int inWasm) const { return isWasmRun() ? inWasm : inWasm / 50 + 1; }

  /// Sends a request with a body of `chunks` pieces of `size` bytes each.
  void sendBody(size_t chunks, size_t size) {
    const std::string chunk(size, 'a');
    auto& stream = *(stream_ = plugin().openStream());
    stream.requestHeaders(get("/").headers);
    for (size_t i = 1; i <= chunks; ++i) stream.requestBody(chunk, i == chunks);
    EXPECT_EQ(stream.received().complete, true);
    stream.close();
  }

  /// Sends `some` streams with a body, then `more`, which must need no further memory. The interpreter's speed limits
  /// the numbers.
  void expectNoGrowth(const std::string& mode, size_t chunks, size_t size, int some, int more) {
    ASSERT_TRUE(start({.configuration = mode}));
    for (int i = 0; i < streams(some); ++i) sendBody(chunks, size);
    const auto pages = plugin().memoryPages();
    for (int i = 0; i < streams(more); ++i) sendBody(chunks, size);
    EXPECT_EQ(plugin().memoryPages(), pages) << mode;
    EXPECT_THAT(logs(), Not(Contains(LogLine(LogLevel::Warn))));
  }

  std::unique_ptr<HttpStream> stream_;
};

TEST_F(MemoryBounds, SixteenMiBInOneMiBChunksRead) { expectNoGrowth("read", 16, kMiB, 10, 100); }

TEST_F(MemoryBounds, SixteenMiBInOneMiBChunksReadWhenComplete) {
  expectNoGrowth("read when complete", 16, kMiB, 5, 20);
  EXPECT_THAT(logs(), Contains(LogLine(LogLevel::Info, "last byte a of 16777216")));
  if (isWasmRun()) {
    EXPECT_LT(plugin().memoryPages(), 270u) << "one body and little more";
  }
}

TEST_F(MemoryBounds, AMiBChanged) { expectNoGrowth("change", 1, kMiB, 2, 3); }

TEST_F(MemoryBounds, SixteenMiBInOneMiBChunksKept) { expectNoGrowth("keep", 16, kMiB, 10, 50); }

TEST_F(MemoryBounds, SixtyFourKiBInOneByteChunksRead) { expectNoGrowth("read", 65'536, 1, 1, 2); }

TEST_F(MemoryBounds, SixtyFourKiBInOneByteChunksReadWhenComplete) {
  expectNoGrowth("read when complete", 65'536, 1, 1, 2);
}

TEST_F(MemoryBounds, SixtyFourKiBInOneByteChunksKept) { expectNoGrowth("keep", 65'536, 1, 1, 2); }

TEST_F(MemoryBounds, LargeBodiesLeaveNothingForSmallRequests) {
  ASSERT_TRUE(start({.configuration = "keep"}));
  for (int i = 0; i < 10; ++i) sendBody(16, kMiB);
  sendBody(65'536, 1);
  for (int i = 0; i < 10; ++i) sendBody(3, 700);
  const auto pages = plugin().memoryPages();
  for (int i = 0; i < streams(1000); ++i) sendBody(3, 700);
  EXPECT_EQ(plugin().memoryPages(), pages);
}

TEST_F(MemoryBounds, ABodyPerSizeNeedsNoMoreThanTheLargest) {
  ASSERT_TRUE(start({.configuration = "read"}));
  sendBody(1, 4 * kMiB);
  const auto pages = plugin().memoryPages();
  for (size_t size = 1; size < 4 * kMiB; size = size * 5 / 4 + 1) sendBody(1, size);
  EXPECT_EQ(plugin().memoryPages(), pages);
}

TEST_F(MemoryBounds, AHundredThousandSmallStreamsStayAtTwoPages) {
  ASSERT_TRUE(start({.configuration = "headers"}));
  for (int i = 0; i < streams(100'000); ++i) {
    const uint64_t id = 1000 + static_cast<uint64_t>(i);
    plugin().callback("proxy_on_context_create", {id, plugin().rootContextId()});
    plugin().callback("proxy_on_request_headers", {id, 3, 1});
    plugin().callback("proxy_on_delete", {id});
  }
  if (isWasmRun()) {
    EXPECT_EQ(plugin().memoryPages(), 2u);
  }
}

TEST_F(MemoryBounds, AThousandRealRequestsStayAtTwoPages) {
  ASSERT_TRUE(start({.configuration = "headers"}));
  for (int i = 0; i < streams(1000); ++i) {
    EXPECT_TRUE(send(get("/" + std::string(static_cast<size_t>(i % 500), 'p'))).request.complete);
  }
  if (isWasmRun()) {
    EXPECT_EQ(plugin().memoryPages(), 2u);
  }
}

TEST_F(MemoryBounds, TenThousandStreamsAtATimeNeedTheirMemoryOnce) {
  ASSERT_TRUE(start({.configuration = "headers"}));
  const auto wave = [this](uint64_t first) {
    for (uint64_t id = first; id < first + 10'000; ++id) {
      plugin().callback("proxy_on_context_create", {id, plugin().rootContextId()});
      plugin().callback("proxy_on_request_headers", {id, 3, 1});
    }
    for (uint64_t id = first; id < first + 10'000; ++id) plugin().callback("proxy_on_delete", {id});
  };
  wave(1'000'000);
  const auto pages = plugin().memoryPages();
  for (uint64_t i = 1; i < 4; ++i) wave(1'000'000 + i * 12'345);
  EXPECT_EQ(plugin().memoryPages(), pages);
}

TEST_F(MemoryBounds, ABodyThatDoesNotFitIsAnErrorAndTheNextOneFits) {
  if (!isWasmRun()) GTEST_SKIP() << "Memory has a limit in the .wasm run.";
  ASSERT_TRUE(start({.configuration = "read", .limits = {.memoryPages = 10}}));
  sendBody(1, kMiB);
  EXPECT_THAT(logs(), Contains(LogLine(LogLevel::Warn, HasSubstr("reading: status"))));
  host().clearLogs();
  sendBody(1, 100'000);
  EXPECT_THAT(logs(), Contains(LogLine(LogLevel::Info, "last byte a of 100000")));
}

TEST_F(MemoryBounds, WhereAFilterKeepsTooMuchItTrapsWithALine) {
  if (!isWasmRun()) GTEST_SKIP() << "Memory has a limit in the .wasm run.";
  expectTraps();
  ASSERT_TRUE(start({.configuration = "keep", .limits = {.memoryPages = 40}}));
  auto& stream = openStream();
  stream.requestHeaders(get("/").headers);
  for (int i = 0; i < 16 && !stream.closed(); ++i) stream.requestBody(std::string(kMiB, 'a'));
  ASSERT_TRUE(plugin().failure().has_value());
  EXPECT_EQ(plugin().failure()->kind(), ErrorKind::Trap);
  EXPECT_THAT(logs(), Contains(LogLine(LogLevel::Critical, "sluice: out of memory")));
}

// A host may return the same bytes as headers, body and trailers of a reply that the filter keeps.
TEST_F(MemoryBounds, PartsWhoseSizesOverflowAreNotJoined) {
  ASSERT_TRUE(start({.configuration = "join"}));
  send(get("/"));
  EXPECT_THAT(logs(), Contains(LogLine(LogLevel::Info, "joined: false")));
}

// The stack is at the start of memory, so there is nothing below it to overwrite.
TEST_F(MemoryBounds, AStackThatOverflowsTraps) {
  if (!isWasmRun()) GTEST_SKIP() << "The native run has the machine's stack.";
  expectTraps();
  ASSERT_TRUE(start({.configuration = "recurse"}));
  send(get("/", {{"x-depth", std::string(50, 'x')}}));
  EXPECT_THAT(logs(), Contains(LogLine(LogLevel::Info, "as deep as 50")));
  send(get("/", {{"x-depth", std::string(70, 'x')}}));
  ASSERT_TRUE(plugin().failure().has_value());
  EXPECT_THAT(plugin().failure()->what(), HasSubstr("out of bounds"));
}

}  // namespace
}  // namespace sluice::testing
