// A host whose hostcalls return any status, and a host that cannot allocate guest memory.
#include <limits>

#include "script_test.h"

namespace sluice::testing {
namespace {

/// The ABI's statuses, and other numbers.
std::vector<int32_t> statuses() {
  std::vector<int32_t> numbers;
  for (int32_t i = 0; i <= 20; ++i) numbers.push_back(i);
  numbers.insert(numbers.end(), {-1, 255, 65536, std::numeric_limits<int32_t>::max(),
                                 std::numeric_limits<int32_t>::min(), 0x12345678, -0x12345678});
  return numbers;
}

/// Hostcalls that the SDK makes.
constexpr std::string_view kHostcalls[] = {
    "proxy_log",
    "proxy_get_log_level",
    "proxy_get_current_time_nanoseconds",
    "proxy_set_tick_period_milliseconds",
    "proxy_set_buffer_bytes",
    "proxy_get_buffer_bytes",
    "proxy_get_buffer_status",
    "proxy_get_header_map_size",
    "proxy_get_header_map_pairs",
    "proxy_set_header_map_pairs",
    "proxy_get_header_map_value",
    "proxy_add_header_map_value",
    "proxy_replace_header_map_value",
    "proxy_remove_header_map_value",
    "proxy_continue_stream",
    "proxy_close_stream",
    "proxy_send_local_response",
    "proxy_get_property",
    "proxy_set_property",
    "proxy_get_shared_data",
    "proxy_set_shared_data",
    "proxy_register_shared_queue",
    "proxy_resolve_shared_queue",
    "proxy_enqueue_shared_queue",
    "proxy_dequeue_shared_queue",
    "proxy_define_metric",
    "proxy_record_metric",
    "proxy_increment_metric",
    "proxy_get_metric",
    "proxy_call_foreign_function",
    "proxy_done",
    "proxy_http_call",
    "proxy_set_effective_context",
    "proxy_get_status",
};

class BadStatus : public ScriptTest {
 protected:
  BadStatus() { host().addCluster("service", host::CalloutReply::never()); }
  /// Starts a filter that calls every SDK function in each of `callbacks`.
  ::testing::AssertionResult startEverything(const std::vector<std::string>& callbacks, PluginOptions options = {},
                                             std::vector<ScriptCall> calls = {}) {
    for (const auto& callback : callbacks) {
      for (auto call : scriptOfEverything()) {
        call.callback = callback;
        calls.push_back(std::move(call));
      }
    }
    for (const auto* method : {"error", "errorMessage", "statusCode", "headers", "body", "trailers", "keep"})
      calls.push_back({"onReply", std::string("reply.") + method});
    return startScript(calls, std::move(options));
  }

  /// Calls all callbacks of one stream, whatever the filter returns, and then the root context's.
  void callAll() {
    constexpr uint64_t kStream = 77;
    const uint64_t root = plugin().rootContextId();
    plugin().callback("proxy_on_context_create", {kStream, root});
    for (const auto* callback :
         {"proxy_on_request_headers", "proxy_on_request_body", "proxy_on_response_headers", "proxy_on_response_body"}) {
      plugin().callback(callback, {kStream, 3, 0});
    }
    for (const auto* callback : {"proxy_on_request_trailers", "proxy_on_response_trailers"})
      plugin().callback(callback, {kStream, 3});
    // Replies to call id 0, which is not a call, and to the latest call.
    replyTo(0);
    if (!host().callouts().empty()) replyTo(host().callouts().back().id);
    for (const auto* callback : {"proxy_on_log", "proxy_on_done", "proxy_on_delete"})
      plugin().callback(callback, {kStream});
    for (const auto* callback : {"proxy_on_tick", "proxy_on_log", "proxy_on_done"}) plugin().callback(callback, {root});
    plugin().callback("proxy_on_vm_start", {root, 5});
  }

  void replyTo(uint64_t callout) {
    for (const uint64_t headers : {0u, 2u, 2u})
      plugin().callback("proxy_on_http_call_response", {plugin().rootContextId(), callout, headers, 4, 1});
  }

  /// Expects that the filter still works.
  void expectAlive() {
    host().clearFaults();
    EXPECT_FALSE(plugin().failure().has_value()) << plugin().failure()->what();
    const auto before = logs().size();
    plugin().callback("proxy_on_tick", {plugin().rootContextId()});
    EXPECT_GT(logs().size(), before);
  }
};

const std::vector<std::string> kCallbacks = {"onCreate",
                                             "onRequestHeaders",
                                             "onRequestBody",
                                             "onRequestTrailers",
                                             "onResponseHeaders",
                                             "onResponseBody",
                                             "onResponseTrailers",
                                             "onLog",
                                             "onDone",
                                             "onDelete",
                                             "onTick"};

TEST_F(BadStatus, AllHostcallsAnswerTheSame) {
  ASSERT_TRUE(startEverything(kCallbacks));
  for (const auto status : statuses()) {
    host().failAllHostcalls(static_cast<Status>(status));
    ASSERT_NO_THROW(callAll()) << "status " << status;
    host().clearFaults();
  }
  expectAlive();
}

TEST_F(BadStatus, OneHostcallAnswersEachStatus) {
  ASSERT_TRUE(startEverything({"onRequestHeaders", "onTick"}));
  for (const auto hostcall : kHostcalls) {
    for (const auto status : statuses()) {
      host().failHostcall(hostcall, static_cast<Status>(status));
      plugin().callback("proxy_on_context_create", {77, plugin().rootContextId()});
      ASSERT_NO_THROW(plugin().callback("proxy_on_request_headers", {77, 3, 0})) << hostcall << ' ' << status;
      ASSERT_NO_THROW(replyTo(0)) << hostcall << ' ' << status;
      if (!host().callouts().empty()) {
        ASSERT_NO_THROW(replyTo(host().callouts().back().id)) << hostcall << ' ' << status;
      }
      plugin().callback("proxy_on_delete", {77});
      host().clearFaults();
    }
  }
  expectAlive();
}

TEST_F(BadStatus, EachCallTellsTheStatus) {
  for (const auto status : statuses()) {
    if (status == 0) continue;
    host().clearFaults();
    host().clearLogs();
    ASSERT_TRUE(startScript({{"onTick", "requestHeaders.get", {"a"}},
                             {"onTick", "requestHeaders.getAll"},
                             {"onTick", "requestHeaders.add", {"a"}},
                             {"onTick", "requestHeaders.replace", {"a"}},
                             {"onTick", "requestHeaders.remove", {"a"}},
                             {"onTick", "requestHeaders.setAll"},
                             {"onTick", "requestHeaders.byteSize"},
                             {"onTick", "requestBody.size"},
                             {"onTick", "requestBody.getAll"},
                             {"onTick", "requestBody.replace", {"a"}},
                             {"onTick", "requestBody.append", {"a"}},
                             {"onTick", "requestBody.prepend", {"a"}},
                             {"onTick", "getProperty", {"a"}},
                             {"onTick", "setProperty", {"a", "b"}},
                             {"onTick", "currentTime"},
                             {"onTick", "setTickPeriod", {"1"}},
                             {"onTick", "configuration"},
                             {"onTick", "vmConfiguration"},
                             {"onTick", "getSharedData", {"a"}},
                             {"onTick", "getShared64", {"a"}},
                             {"onTick", "setSharedData", {"a", "b"}},
                             {"onTick", "setShared64", {"a", "1"}},
                             {"onTick", "registerSharedQueue", {"a"}},
                             {"onTick", "resolveSharedQueue", {"a"}},
                             {"onTick", "enqueue", {"1", "a"}},
                             {"onTick", "dequeue", {"1"}},
                             {"onTick", "counter.increment"},
                             {"onTick", "counter.get"},
                             {"onTick", "gauge.record"},
                             {"onTick", "gauge.increment"},
                             {"onTick", "histogram.record"},
                             {"onTick", "tagged.increment", {"a", "b"}},
                             {"onTick", "callForeignFunction", {"a"}},
                             {"onTick", "foreignFunctionArguments"},
                             {"onTick", "done"},
                             {"onTick", "calloutStatus"}}));
    for (const auto hostcall : kHostcalls) {
      if (hostcall != "proxy_log") host().failHostcall(hostcall, static_cast<Status>(status));
    }
    plugin().callback("proxy_on_tick", {plugin().rootContextId()});
    EXPECT_THAT(said(), ::testing::SizeIs(36));
    const auto name = ": " + std::string(toString(static_cast<Status>(status)));
    EXPECT_THAT(said(), ::testing::Each(::testing::EndsWith(name)));
  }
}

// In both runs of the filter, the host allocates guest memory some hundreds of times.
TEST_F(BadStatus, AnyAllocationFails) {
  ASSERT_TRUE(startEverything({"onRequestHeaders"}));
  host().setLogLevel(LogLevel::Critical);
  const auto play = [this] {
    Message request = post("/path", "body", {{"name", "value"}});
    request.trailers = {{"t", "1"}};
    send(request, ok("body"));
  };
  for (uint64_t n = 1; n <= 150; ++n) {
    for (const bool andAllLater : {false, true}) {
      host().failAllocation(n, andAllLater);
      ASSERT_NO_THROW(play()) << n;
      ASSERT_FALSE(plugin().failure().has_value()) << n << ": " << plugin().failure()->what();
      host().clearFaults();
    }
  }
}

TEST_F(BadStatus, MemoryEndsAnywhere) {
  if (!isWasmRun()) GTEST_SKIP() << "Memory has a limit in the .wasm run.";
  expectTraps();
  bool trapped = false;
  bool fitted = false;
  for (uint32_t pages = 2; pages <= 12; ++pages) {
    const auto started =
        startEverything({"onRequestBody"}, {.vmId = std::to_string(pages), .limits = {.memoryPages = pages}},
                        {{"onRequestHeaders", "allocate", {"300000"}}});
    const Message request = post("/path", std::string(100'000, 'b'), {{"name", std::string(20'000, 'v')}});
    if (started) send(request);
    const auto& failure = plugin().failure();
    if (failure) {
      trapped = true;
      // Only the filter's own `new` may trap, because it has no other way to fail.
      EXPECT_EQ(failure->kind(), ErrorKind::Trap) << pages;
      EXPECT_THAT(failure->what(), ::testing::HasSubstr("unreachable")) << pages;
      EXPECT_THAT(logs(), Contains(LogLine(LogLevel::Critical, "sluice: out of memory"))) << pages;
    } else {
      fitted = true;
    }
    host().clearLogs();
  }
  EXPECT_TRUE(trapped);
  EXPECT_TRUE(fitted);
}

}  // namespace
}  // namespace sluice::testing
