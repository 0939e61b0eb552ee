// The hosts of tests: a trap fails a test that does not expect it, wherever it happens, and send() says who waits.
#include <gtest/gtest-spi.h>

#include <cstdlib>
#include <fstream>

#include "sluice/testing.h"
#include "wat.h"

namespace sluice::testing {
namespace {

using host::test::tracer;

// A module that traps in `callback`.
std::string trapsIn(const std::string& callback) { return tracer({{callback, "unreachable"}}); }
// A module that traps in a callback of its root context.
std::string trapsInRoot(const std::string& callback) {
  const bool hasResult = callback == "done";
  return tracer({{callback, std::string("(if (i32.eq (local.get 0) (i32.const 1)) (then unreachable))") +
                                (hasResult ? "(i32.const 1)" : "")}});
}

void sendThrough(const std::string& module, bool expected = false) {
  Host host;
  if (expected) host.expectTraps();
  const auto plugin = host.loadModule(module, "a.wasm");
  static_cast<void>(plugin->send(get("/"), ok()));
}

TEST(TestingHost, ATrapFailsTheTest) {
  for (const char* callback : {"vm_start", "configure", "context_create", "request_headers", "log", "done", "delete"}) {
    SCOPED_TRACE(callback);
    EXPECT_NONFATAL_FAILURE(sendThrough(trapsIn(callback)), "the guest trapped: unreachable executed\n  at ");
  }
}

TEST(TestingHost, ATrapAtTheEndFailsTheTest) {
  for (const char* callback : {"done", "delete"}) {
    SCOPED_TRACE(callback);
    EXPECT_NONFATAL_FAILURE(sendThrough(trapsInRoot(callback)), "the guest trapped: unreachable executed\n  at ");
  }
}

TEST(TestingHost, ATrapThatIsExpectedDoesNot) { sendThrough(trapsIn("log"), true); }

TEST(TestingHost, EachTrapIsReportedOnce) {
  const auto play = [] {
    Host host;
    static_cast<void>(host.loadModule(trapsIn("log"), "a.wasm")->send(get("/"), ok()));
    host.reportTraps();
  };
  EXPECT_NONFATAL_FAILURE(play(), "the guest trapped");
}

// A fixture whose filter is `module`.
class Fixture : public FilterTest {
 public:
  explicit Fixture(const std::string& module) {
    const std::string path = ::testing::TempDir() + "fixture_test.wasm";
    std::ofstream(path, std::ios::binary) << module;
    ::setenv("SLUICE_FILTER", path.c_str(), 1);
  }
  void TestBody() override {}
  using FilterTest::expectTraps;
  using FilterTest::host;
  using FilterTest::notes;
  using FilterTest::send;
  using FilterTest::start;
  using FilterTest::TearDown;
};

TEST(FilterTestFixture, ATrapFailsTheTest) {
  const auto play = [](bool tearDown) {
    Fixture fixture(trapsIn("log"));
    ASSERT_TRUE(fixture.start());
    static_cast<void>(fixture.send(get("/")));
    if (tearDown) fixture.TearDown();
  };
  EXPECT_NONFATAL_FAILURE(play(true), "call expectTraps() where a test means it to): the guest trapped");
  // A subclass may forget to call it in its own TearDown().
  EXPECT_NONFATAL_FAILURE(play(false), "call expectTraps() where a test means it to): the guest trapped");
}

TEST(FilterTestFixture, ATrapThatIsExpectedDoesNot) {
  Fixture fixture(trapsIn("log"));
  fixture.expectTraps();
  ASSERT_TRUE(fixture.start());
  static_cast<void>(fixture.send(get("/")));
  fixture.TearDown();
  EXPECT_EQ(fixture.host().errors().size(), 1U);
}

TEST(FilterTestFixture, ItsNotesSayWhoWaits) {
  Fixture fixture(tracer({{"request_headers", "(i32.const 1)"}}));
  ASSERT_TRUE(fixture.start());
  EXPECT_EQ(fixture.notes(), "");
  static_cast<void>(fixture.send(get("/")));
  EXPECT_EQ(fixture.notes(),
            "Note: send() got no whole response: the filter holds the request back; no callout waits for a reply.\n");
}

}  // namespace
}  // namespace sluice::testing
