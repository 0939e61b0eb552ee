// How a VM runs a guest: traps, limits, counts, restrictions.
#include "guest_test.h"

namespace sluice::host {
namespace {

using namespace test;

using VmTest = GuestTest;

constexpr char kOnConfigure[] = R"((func $run (export "proxy_on_configure") (param i32 i32) (result i32) )";

TEST_F(VmTest, TrapNamesTheGuestsFunctions) {
  auto plugin = load(guest(R"(
    (func $inner (unreachable))
    (func $outer (call $inner))
    (func $on_configure (export "proxy_on_configure") (param i32 i32) (result i32) (call $outer) (i32.const 1)))"));
  EXPECT_FALSE(plugin->configured());
  ASSERT_TRUE(plugin->failure());
  EXPECT_EQ(plugin->failure()->kind(), ErrorKind::Trap);
  EXPECT_THAT(plugin->failure()->what(),
              AllOf(HasSubstr("unreachable"), HasSubstr("\n  at inner\n  at outer\n  at on_configure")));
}

// Each of its template arguments names the one before it twice: demangled, the name is as long as 2^60 letters.
TEST_F(VmTest, ANameThatWouldFillTheMemoryIsShownAsItIs) {
  std::string name = "_Z1f1A1BIS_S_E";
  const std::string digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
  std::string last = "S1_";
  for (size_t i = 2; i < 62; ++i) {
    name += "S0_I" + last + last + "E";
    last = std::string("S") + (i < 36 ? "" : "1") + digits[i % 36] + "_";
  }
  auto plugin = load(guest("(func $" + name + " (unreachable)) (func $_Z1gi (call $" + name + "))" +
                           std::string(kOnConfigure) + "(call $_Z1gi) (i32.const 1))"));
  ASSERT_TRUE(plugin->failure());
  EXPECT_THAT(plugin->failure()->what(), AllOf(HasSubstr("\n  at " + name + "\n"), HasSubstr("\n  at g(int)\n")));
}

TEST_F(VmTest, OutOfBoundsAccessTraps) {
  auto plugin = load(guest(std::string(kOnConfigure) + "(i32.load (i32.const -4)))"));
  ASSERT_TRUE(plugin->failure());
  EXPECT_THAT(plugin->failure()->what(), HasSubstr("out of bounds"));
}

TEST_F(VmTest, EndlessLoopRunsOutOfSteps) {
  auto plugin = load(guest(std::string(kOnConfigure) + "(loop $l (br $l)) (i32.const 1))"),
                     {.limits = {.instructions = 100'000}});
  ASSERT_TRUE(plugin->failure());
  EXPECT_EQ(plugin->failure()->kind(), ErrorKind::OutOfSteps);
  EXPECT_THAT(plugin->failure()->what(), AllOf(HasSubstr("100000"), HasSubstr("at run")));
  EXPECT_LE(plugin->counts().instructions, 100'000u);
}

TEST_F(VmTest, EndlessLoopInTheStartFunctionRunsOutOfSteps) {
  auto plugin = load(guest("(func $forever (loop $l (br $l))) (start $forever)"), {.limits = {.instructions = 1000}});
  ASSERT_TRUE(plugin->failure());
  EXPECT_EQ(plugin->failure()->kind(), ErrorKind::OutOfSteps);
}

TEST_F(VmTest, EndlessRecursionExhaustsTheStack) {
  auto plugin = load(guest("(func $again (call $again))" + std::string(kOnConfigure) + "(call $again) (i32.const 1))"));
  ASSERT_TRUE(plugin->failure());
  EXPECT_THAT(plugin->failure()->what(), AllOf(HasSubstr("call stack exhausted"), HasSubstr("more")));
}

TEST_F(VmTest, MemoryGrowsUpToItsLimitAndATrapSaysSo) {
  const std::string body = std::string(kOnConfigure) + R"(
      (loop $grow (br_if $grow (i32.ne (memory.grow (i32.const 1)) (i32.const -1))))
      (call $put_digits (memory.size)) (call $flush)
      (unreachable)))";
  auto plugin = load(guest(body), {.limits = {.memoryPages = 7}});
  EXPECT_THAT(said(), ElementsAre("7"));
  ASSERT_TRUE(plugin->failure());
  EXPECT_THAT(plugin->failure()->what(), HasSubstr("at the limit of 7 pages"));
  EXPECT_EQ(plugin->memoryPages(), 7u);
}

TEST_F(VmTest, AHostcallWhileAllocatingTraps) {
  auto bytes = assemble(R"((module
    (import "env" "proxy_get_current_time_nanoseconds" (func $time (param i32) (result i32)))
    (import "env" "proxy_get_buffer_bytes" (func $get (param i32 i32 i32 i32 i32) (result i32)))
    (memory 1)
    (func (export "proxy_abi_version_0_2_1"))
    (func $alloc (export "proxy_on_memory_allocate") (param i32) (result i32)
      (drop (call $time (i32.const 0))) (i32.const 1024))
    (func $configure (export "proxy_on_configure") (param i32 i32) (result i32)
      (drop (call $get (i32.const 7) (i32.const 0) (i32.const 9) (i32.const 0) (i32.const 4))) (i32.const 1))))");
  auto plugin = load(bytes, {.configuration = "x"});
  ASSERT_TRUE(plugin->failure());
  EXPECT_EQ(plugin->failure()->kind(), ErrorKind::Restricted);
  EXPECT_THAT(plugin->failure()->what(), AllOf(HasSubstr("proxy_get_current_time_nanoseconds"), HasSubstr("allocated"),
                                               HasSubstr("at alloc"), HasSubstr("at configure")));
}

// The guest is at fault: the host writes nothing, and the guest goes on.
TEST_F(VmTest, AnAllocationThatIsNullOrTooSmallIsRefused) {
  for (const std::string address : {"0", "65533", "65536", "0x7fffffff", "-1"}) {
    host.clearLogs();
    auto plugin = load(assemble(R"((module
      (import "env" "proxy_get_header_map_value" (func $get (param i32 i32 i32 i32 i32) (result i32)))
      (import "env" "proxy_log" (func $log (param i32 i32 i32) (result i32)))
      (memory (export "memory") 1)
      (data (i32.const 16) ":path")
      (func (export "proxy_abi_version_0_2_1"))
      (func (export "proxy_on_memory_allocate") (param i32) (result i32) (i32.const )" +
                                address + R"())
      (func (export "proxy_on_request_headers") (param i32 i32 i32) (result i32)
        (i32.store8 (i32.const 8) (i32.add (i32.const 48)
          (call $get (i32.const 0) (i32.const 16) (i32.const 5) (i32.const 0) (i32.const 4))))
        (drop (call $log (i32.const 2) (i32.const 8) (i32.const 1)))
        (i32.const 0))))"));
    EXPECT_TRUE(plugin->send(get("/path"), ok()).response.complete) << address;
    EXPECT_THAT(said(), ElementsAre("6")) << address;  // InvalidMemoryAccess
    EXPECT_FALSE(plugin->failure().has_value()) << address;
  }
}

TEST_F(VmTest, AHostcallWhileInitialisingTraps) {
  auto plugin = load(guest(R"((func (export "_initialize") (drop (call $get_time (i32.const 0)))))"));
  ASSERT_TRUE(plugin->failure());
  EXPECT_EQ(plugin->failure()->kind(), ErrorKind::Restricted);
  EXPECT_FALSE(plugin->configured());
}

TEST_F(VmTest, InitialiseThenMainMayLog) {
  load(guest(R"((data (i32.const 0) "init" "main")
    (func (export "_initialize") (call $say (i32.const 0) (i32.const 4)))
    (func (export "main") (param i32 i32) (result i32) (call $say (i32.const 4) (i32.const 4)) (i32.const 0)))"));
  EXPECT_THAT(said(), ElementsAre("init", "main"));
}

TEST_F(VmTest, StartRunsWithoutInitialise) {
  load(guest(R"((data (i32.const 0) "start") (func (export "_start") (call $say (i32.const 0) (i32.const 5))))"));
  EXPECT_THAT(said(), ElementsAre("start"));
}

TEST_F(VmTest, MallocIsPreferredToMemoryAllocate) {
  auto bytes = assemble(R"((module
    (import "env" "proxy_get_buffer_bytes" (func $get (param i32 i32 i32 i32 i32) (result i32)))
    (memory (export "memory") 1)
    (func (export "proxy_abi_version_0_2_1"))
    (func (export "malloc") (param i32) (result i32) (i32.const 2048))
    (func (export "proxy_on_memory_allocate") (param i32) (result i32) (unreachable))
    (func (export "proxy_on_configure") (param i32 i32) (result i32)
      (drop (call $get (i32.const 7) (i32.const 0) (i32.const 9) (i32.const 0) (i32.const 4)))
      (i32.eq (i32.load (i32.const 0)) (i32.const 2048)))))");
  EXPECT_TRUE(load(bytes, {.configuration = "x"})->configured());
}

TEST_F(VmTest, CountsAreExact) {
  auto plugin = load(guest(R"(
    (func (export "proxy_on_response_headers") (param i32 i32 i32) (result i32)
      (drop (call $add_value (i32.const 2) (i32.const 0) (i32.const 5) (i32.const 5) (i32.const 8)))
      (i32.const 0))
    (data (i32.const 0) "hellotomorrow"))"));
  plugin->send(get("/"), ok());
  const Counts first = plugin->countsByCallback().find("proxy_on_response_headers")->second;
  EXPECT_EQ(first.calls, 1u);
  EXPECT_EQ(first.crossings, 2u);
  EXPECT_EQ(first.bytesCopied, 13u);
  // Five constants, the call, the drop, the result, the return.
  EXPECT_EQ(first.instructions, 9u);
  EXPECT_EQ(first.pages, 1u);
  plugin->send(get("/"), ok());
  const Counts both = plugin->countsByCallback().find("proxy_on_response_headers")->second;
  EXPECT_EQ(both.instructions, 2 * first.instructions);
  EXPECT_EQ(plugin->counts().crossings, 4u);
}

TEST_F(VmTest, AnAllocationIsACrossing) {
  auto plugin = load(guest(R"(
    (func (export "proxy_on_request_headers") (param i32 i32 i32) (result i32)
      (drop (call $get_value (i32.const 0) (i32.const 0) (i32.const 5) (i32.const 1008) (i32.const 1012)))
      (i32.const 0))
    (data (i32.const 0) ":path"))"));
  plugin->send(get("/twelve-bytes"), ok());
  const Counts counts = plugin->counts();
  EXPECT_EQ(counts.crossings, 3u);
  EXPECT_EQ(counts.bytesCopied, 5u + 13u);
}

TEST_F(VmTest, ALogLineThatIsNotInMemoryIsRefused) {
  load(guest(std::string(kOnConfigure) + R"(
      (call $digit (call $log (i32.const 2) (i32.const 65000) (i32.const 65000)))
      (call $digit (call $log (i32.const 9) (i32.const 0) (i32.const 0)))
      (i32.const 1)))"));
  EXPECT_THAT(said(), ElementsAre("6", "2"));
}

TEST_F(VmTest, RawCallbacksReachTheGuest) {
  auto plugin = trace();
  EXPECT_EQ(plugin->callback("proxy_on_done", {77}), 1u);
  plugin->callback("proxy_on_request_headers", {12345, 3, 1});
  EXPECT_THAT(said(), ElementsAre("done", "request_headers 3 1"));
  EXPECT_THROW(plugin->callback("no_such_function", {}), Error);
  EXPECT_THROW(plugin->callback("proxy_on_done", {1, 2}), Error);
  EXPECT_FALSE(plugin->failure());
}

TEST_F(VmTest, FaultsAreAnsweredToTheGuest) {
  auto plugin = load(guest(R"(
    (data (i32.const 0) ":path")
    (func (export "proxy_on_request_headers") (param i32 i32 i32) (result i32)
      (call $digit (call $get_value (i32.const 0) (i32.const 0) (i32.const 5) (i32.const 1008) (i32.const 1012)))
      (call $say_result)
      (i32.const 0)))"));
  plugin->send(get("/a"), ok());
  EXPECT_THAT(said(), ElementsAre("0", "/a"));
  host.failHostcall("proxy_get_header_map_value", Status::CasMismatch, 1);
  plugin->send(get("/a"), ok());
  EXPECT_THAT(said(), ElementsAre("8", "/a"));  // The second line is the value that the first request left there.
  host.answerHostcall("proxy_get_header_map_value", "forged");
  plugin->send(get("/a"), ok());
  EXPECT_THAT(said(), ElementsAre("0", "forged"));
  host.clearFaults();
  host.failAllocation(1);
  plugin->send(get("/a"), ok());
  EXPECT_THAT(said(), ElementsAre("6", "forged"));
  plugin->send(get("/a"), ok());
  EXPECT_THAT(said(), ElementsAre("0", "/a"));
  EXPECT_EQ(host.hostcalls("proxy_get_header_map_value"), 5u);
  EXPECT_THROW(host.failHostcall("proxy_get_headers", Status::NotFound), Error);
}

TEST_F(VmTest, AHundredThousandRequestsTakeNoMoreMemory) {
  auto plugin = load(assemble(R"((module
    (import "env" "proxy_add_header_map_value" (func $add (param i32 i32 i32 i32 i32) (result i32)))
    (memory (export "memory") 1)
    (data (i32.const 0) "hellotomorrow")
    (func (export "proxy_abi_version_0_2_1"))
    (func (export "proxy_on_memory_allocate") (param i32) (result i32) (i32.const 1024))
    (func (export "proxy_on_response_headers") (param i32 i32 i32) (result i32)
      (drop (call $add (i32.const 2) (i32.const 0) (i32.const 5) (i32.const 5) (i32.const 8))) (i32.const 0))))"));
  const Message request = get("/");
  const Message response = ok();
  for (int i = 0; i < 100'000; ++i) plugin->send(request, response);
  EXPECT_EQ(plugin->counts().calls, 100'000u);
  EXPECT_EQ(plugin->memoryPages(), 1u);
}

}  // namespace
}  // namespace sluice::host
