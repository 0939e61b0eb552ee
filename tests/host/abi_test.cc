// Older ABI versions, and WASI as proxies provide it.
#include "guest_test.h"

namespace sluice::host {
namespace {

using namespace test;

using AbiTest = GuestTest;

/// A module of ABI 0.1.0, without names from later versions.
std::string oldGuest(std::string_view body) {
  return assemble(std::string(R"((module
    (import "env" "proxy_log" (func $log (param i32 i32 i32) (result i32)))
    (import "env" "proxy_get_configuration" (func $configuration (param i32 i32) (result i32)))
    (import "env" "proxy_get_header_map_value" (func $get (param i32 i32 i32 i32 i32) (result i32)))
    (import "env" "proxy_continue_request" (func $continue_request (result i32)))
    (import "env" "proxy_continue_response" (func $continue_response (result i32)))
    (import "env" "proxy_set_effective_context" (func $set_effective_context (param i32) (result i32)))
    (import "env" "proxy_clear_route_cache" (func $clear_route_cache (result i32)))
    (import "wasi_unstable" "environ_sizes_get" (func $environ_sizes (param i32 i32) (result i32)))
    (import "wasi_unstable" "environ_get" (func $environ (param i32 i32) (result i32)))
    (import "wasi_unstable" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
    (memory (export "memory") 1)
    (func (export "proxy_abi_version_0_1_0"))
    (func (export "malloc") (param i32) (result i32) (i32.const 1024))
    (func $say (drop (call $log (i32.const 2) (i32.load (i32.const 0)) (i32.load (i32.const 4)))))
)") + std::string(body) +
                  ")");
}

TEST_F(AbiTest, OldHeadersCallbacksHaveTwoParameters) {
  auto plugin = load(oldGuest(R"(
    (data (i32.const 16) "x-none")
    (func (export "proxy_on_request_headers") (param i32 i32) (result i32)
      (i32.store (i32.const 4) (i32.const 9))
      (if (i32.eqz (call $get (i32.const 0) (i32.const 16) (i32.const 6) (i32.const 0) (i32.const 4)))
        (then (call $say)))  ;; An absent header is an empty one.
      (drop (call $clear_route_cache))
      (i32.const 0)))"));
  EXPECT_EQ(plugin->abiVersion(), 10);
  EXPECT_TRUE(plugin->send(get("/"), ok()).response.complete);
  EXPECT_THAT(said(), ElementsAre(""));
}

TEST_F(AbiTest, OldNamesContinueRequestsAndResponses) {
  auto plugin = load(oldGuest(R"(
    (func (export "proxy_on_request_headers") (param i32 i32) (result i32) (i32.const 1))
    (func (export "proxy_on_response_headers") (param i32 i32) (result i32) (i32.const 1))
    (func (export "proxy_on_tick") (param i32)
      (drop (call $set_effective_context (i32.const 2))) (drop (call $continue_request)))
    (func (export "proxy_on_queue_ready") (param i32 i32)
      (drop (call $set_effective_context (i32.const 2))) (drop (call $continue_response))))"));
  auto stream = plugin->openStream();
  stream->respondWith(ok("body"));
  stream->request(get("/"));
  EXPECT_TRUE(stream->requestPaused());
  plugin->callback("proxy_on_tick", {1});
  EXPECT_TRUE(stream->received().complete);
  EXPECT_TRUE(stream->responsePaused());
  plugin->callback("proxy_on_queue_ready", {1, 1});
  EXPECT_EQ(stream->answer().body(), "body");
}

TEST_F(AbiTest, OldConfigurationIsThePluginsThenTheVms) {
  load(oldGuest(R"(
    (func (export "proxy_on_vm_start") (param i32 i32) (result i32)
      (drop (call $configuration (i32.const 0) (i32.const 4))) (call $say) (i32.const 1))
    (func (export "proxy_on_configure") (param i32 i32) (result i32)
      (drop (call $configuration (i32.const 0) (i32.const 4))) (call $say) (i32.const 1)))"),
       {.vmConfiguration = "of the vm", .configuration = "of the plugin"});
  EXPECT_THAT(said(), ElementsAre("of the vm", "of the plugin"));
}

TEST_F(AbiTest, AnOldModuleWithNewHeadersCallbacksIsRefused) {
  EXPECT_THROW(
      load(oldGuest(R"((func (export "proxy_on_request_headers") (param i32 i32 i32) (result i32) (i32.const 0)))")),
      Error);
}

TEST_F(AbiTest, EnvironmentAndOutputOfWasi) {
  load(oldGuest(R"(
    (func (export "_initialize")
      (drop (call $environ_sizes (i32.const 32) (i32.const 36)))
      (drop (call $environ (i32.const 64) (i32.const 128)))
      (i32.store (i32.const 0) (i32.load (i32.const 64)))        ;; From the first variable on…
      (i32.store (i32.const 4) (i32.load (i32.const 36)))        ;; … all their text.
      (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))
      (drop (call $write (i32.const 2) (i32.const 0) (i32.const 1) (i32.const 8)))
      (if (i32.ne (call $write (i32.const 3) (i32.const 0) (i32.const 1) (i32.const 8)) (i32.const 8)) (then unreachable))
      (if (i32.ne (call $write (i32.const 1) (i32.const 65534) (i32.const 1) (i32.const 8)) (i32.const 21))
        (then unreachable))))"),
       {.environment = {{"A", "1"}, {"B", "two"}}});
  ASSERT_EQ(host.logs().size(), 2u);
  const std::string text("A=1\0B=two\0", 10);
  EXPECT_THAT(host.logs()[0], testing::LogLine(LogLevel::Info, text));
  EXPECT_THAT(host.logs()[1], testing::LogLine(LogLevel::Error, text));
  EXPECT_THAT(host.errors(), IsEmpty());
}

TEST_F(AbiTest, ExitingIsATrapThatSaysTheCode) {
  auto plugin = load(assemble(R"((module
    (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
    (memory 1)
    (func (export "proxy_abi_version_0_2_0"))
    (func (export "proxy_on_memory_allocate") (param i32) (result i32) (i32.const 1024))
    (func (export "proxy_on_configure") (param i32 i32) (result i32) (call $exit (i32.const 3)) (i32.const 1))))"));
  ASSERT_TRUE(plugin->failure());
  EXPECT_THAT(plugin->failure()->what(), HasSubstr("code 3"));
  EXPECT_EQ(plugin->abiVersion(), 20);
}

TEST_F(AbiTest, ClockAndRandomNumbersAreTheSameInEveryRun) {
  const auto bytes = assemble(R"((module
    (import "env" "proxy_log" (func $log (param i32 i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "random_get" (func $random (param i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "clock_time_get" (func $clock (param i32 i64 i32) (result i32)))
    (import "wasi_snapshot_preview1" "poll_oneoff" (func $poll (param i32 i32 i32 i32) (result i32)))
    (memory 1)
    (func (export "proxy_abi_version_0_2_1"))
    (func (export "proxy_on_memory_allocate") (param i32) (result i32) (i32.const 1024))
    (func (export "proxy_on_configure") (param i32 i32) (result i32)
      (drop (call $random (i32.const 0) (i32.const 16)))
      (drop (call $clock (i32.const 1) (i64.const 1) (i32.const 16)))
      (drop (call $log (i32.const 2) (i32.const 0) (i32.const 24)))
      (i32.and
        (i32.eq (call $clock (i32.const 2) (i64.const 1) (i32.const 16)) (i32.const 58))
        (i32.eq (call $random (i32.const 0) (i32.const 65537)) (i32.const 28))))))");
  Host other;
  EXPECT_TRUE(load(bytes)->configured());
  EXPECT_TRUE(other.loadModule(bytes, "a.wasm")->configured());
  EXPECT_EQ(host.logs(), other.logs());
}

TEST_F(AbiTest, NamesOfOtherVersionsAreNoImportsAndNoCallbacks) {
  auto module = [](std::string_view version, std::string_view import, std::string_view body = "") {
    return assemble("(module (import \"env\" \"" + std::string(import) + "\" (func (param i32) (result i32)))" +
                    "(memory 1) (func (export \"proxy_abi_version_" + std::string(version) + "\"))" +
                    "(func (export \"malloc\") (param i32) (result i32) (i32.const 1024))" + std::string(body) + ")");
  };
  EXPECT_NO_THROW(load(module("0_2_1", "proxy_get_log_level")));
  EXPECT_THROW(load(module("0_2_0", "proxy_get_log_level")), Error);
  EXPECT_NO_THROW(load(module("0_2_0", "proxy_continue_stream")));
  EXPECT_THROW(load(module("0_1_0", "proxy_continue_stream")), Error);
  EXPECT_THROW(load(module("0_1_0", "proxy_close_stream")), Error);
  // proxy_on_foreign_function came with 0.2.0: in an older module it is an ordinary function.
  auto plugin = load(module("0_1_0", "proxy_get_current_time_nanoseconds", R"(
    (func (export "proxy_on_foreign_function") (param i32 i32 i32) (unreachable)))"));
  plugin->foreignFunction(1, "");
  EXPECT_FALSE(plugin->failure());
}

TEST_F(AbiTest, TheSmallerWasiCallsAnswerAsInTheReferenceHost) {
  // Each function with its parameters, the arguments, and the expected result.
  struct Case {
    const char* name;
    const char* params;
    const char* arguments;
    int answer;
  };
  const Case cases[] = {
      {"args_sizes_get", "i32 i32", "(i32.const 512) (i32.const 516)", 0},
      {"args_get", "i32 i32", "(i32.const 512) (i32.const 516)", 0},
      {"clock_res_get", "i32 i32", "(i32.const 0) (i32.const 512)", 0},
      {"clock_res_get", "i32 i32", "(i32.const 3) (i32.const 512)", 58},
      {"fd_close", "i32", "(i32.const 7)", 0},
      {"fd_fdstat_get", "i32 i32", "(i32.const 1) (i32.const 512)", 0},
      {"fd_fdstat_get", "i32 i32", "(i32.const 3) (i32.const 512)", 8},
      {"fd_fdstat_set_flags", "i32 i32", "(i32.const 1) (i32.const 0)", 52},
      {"fd_filestat_get", "i32 i32", "(i32.const 1) (i32.const 512)", 8},
      {"fd_prestat_get", "i32 i32", "(i32.const 3) (i32.const 512)", 8},
      {"fd_prestat_dir_name", "i32 i32 i32", "(i32.const 3) (i32.const 512) (i32.const 4)", 52},
      {"fd_read", "i32 i32 i32 i32", "(i32.const 0) (i32.const 512) (i32.const 1) (i32.const 512)", 52},
      {"fd_seek", "i32 i64 i32 i32", "(i32.const 1) (i64.const 0) (i32.const 0) (i32.const 512)", 0},
      {"fd_sync", "i32", "(i32.const 1)", 0},
      {"fd_sync", "i32", "(i32.const 5)", 8},
      {"fd_tell", "i32 i32", "(i32.const 2) (i32.const 512)", 0},
      {"fd_renumber", "i32 i32", "(i32.const 1) (i32.const 2)", 58},
      {"fd_pwrite", "i32 i32 i32 i64 i32", "(i32.const 3) (i32.const 512) (i32.const 0) (i64.const 0) (i32.const 512)",
       8},
      {"path_open", "i32 i32 i32 i32 i32 i64 i64 i32 i32",
       "(i32.const 3) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i64.const 0) (i64.const 0) (i32.const "
       "0) "
       "(i32.const 512)",
       44},
      {"path_unlink_file", "i32 i32 i32", "(i32.const 3) (i32.const 0) (i32.const 0)", 58},
      {"sched_yield", "", "", 0},
      {"sock_shutdown", "i32 i32", "(i32.const 3) (i32.const 0)", 58},
  };
  for (const char* space : {"wasi_snapshot_preview1", "wasi_unstable"}) {
    for (const Case& each : cases) {
      const std::string params = *each.params == '\0' ? "" : "(param " + std::string(each.params) + ")";
      auto plugin = load(assemble("(module (import \"" + std::string(space) + "\" \"" + each.name + "\" (func $f " +
                                  params + " (result i32)))" + R"(
        (memory 1) (func (export "proxy_abi_version_0_2_1"))
        (func (export "malloc") (param i32) (result i32) (i32.const 1024))
        (func (export "run") (result i32) (call $f )" +
                                  each.arguments + ")))"));
      EXPECT_EQ(plugin->callback("run", {}), static_cast<uint64_t>(each.answer)) << each.name << each.arguments;
    }
  }
}

}  // namespace
}  // namespace sluice::host
