// Old-style filters on a faulty host: they keep working, or stop themselves after a log line that says why.
#include <cstring>
#include <filesystem>
#include <functional>
#include <map>

#include "sluice/testing.h"

namespace sluice::testing {
namespace {

using host::CalloutReply;
using host::GrpcReply;
using ::testing::Contains;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::StartsWith;

/// The filters under test.
const std::string_view kFilters[] = {"compat_http", "compat_state", "compat_callouts", "compat_tokens", "compat_tcp"};

class OldOnABadHost : public FilterTest {
 protected:
  void SetUp() override { expectTraps(); }

  std::shared_ptr<Plugin> load(std::string_view name, PluginOptions options = {}) {
    const std::filesystem::path path = filterPath();
    return host().load(path.parent_path() / (std::string(name) + path.extension().string()), std::move(options));
  }

  void addServices() {
    host().addCluster("service", CalloutReply::of(ok("hello")));
    host().addGrpcService(
        "service",
        host::GrpcService{.onCall = [](const host::GrpcCall&) { return GrpcReply::of("unary"); },
                          .onMessage = [](host::GrpcStream& stream, std::string_view) { stream.send("reset"); },
                          .onHalfClose = [](host::GrpcStream& stream) { stream.end(); }});
    host().addGrpcService("grpc", GrpcReply::of("unary"));
  }

  /// Plays streams and callbacks through the filter and ignores the results. `begin` runs after loading and may make
  /// the host faulty.
  void playAll(std::string_view name, const std::function<void()>& begin) {
    for (const auto* configuration : {"shared", "queue", "send", "metrics", "properties", "foreign", "wait"}) {
      if (name != "compat_state" && configuration != std::string_view("shared")) break;
      host().clearFaults();
      host().clearErrors();
      host().clearLogs();
      auto& plugin = plugins_[std::string(name) + configuration];
      if (plugin == nullptr || plugin->failure()) plugin = load(name, {.configuration = configuration});
      begin();
      try {
        play(*plugin, name);
      } catch (const Error& error) {
        EXPECT_TRUE(plugin->failure().has_value()) << error.what();
      }
      expectDefined();
    }
    host().clearFaults();
  }

  void play(Plugin& plugin, std::string_view name) {
    if (name == "compat_tcp") {
      const auto connection = plugin.openTcpStream();
      connection->downstreamData("half");
      connection->downstreamData(" line\n", true);
      return;
    }
    auto request = post("/headers", "body", {{"x-service", "service"}, {"x-message", "m"}});
    request.trailers = {{"a", "b"}};
    auto response = ok("body");
    response.trailers = {{"a", "b"}};
    for (const auto* path :
         {"/headers", "/set", "/local", "/pause", "/body", "/http", "/simple", "/handler", "/stream"}) {
      request.headers[1].second = path;
      static_cast<void>(plugin.send(request, response));
    }
    if (plugin.exports("proxy_on_tick")) plugin.callback("proxy_on_tick", {plugin.rootContextId()});
    host().runPending();
  }

  /// Expects that each trap is deliberate: abort(), or `new` without memory.
  void expectDefined() {
    host().clearFaults();
    for (const auto& error : host().errors()) {
      EXPECT_EQ(error.kind(), ErrorKind::Trap) << error.what();
      EXPECT_TRUE(stopped()) << error.what();
    }
  }
  [[nodiscard]] bool stopped() const {
    for (const auto& line : logs()) {
      if (line.level == LogLevel::Critical &&
          (line.text == "abort() was called" || line.text == "sluice: out of memory"))
        return true;
    }
    return false;
  }

 private:
  std::map<std::string, std::shared_ptr<Plugin>> plugins_;
};

class EachOldFilter : public OldOnABadHost, public ::testing::WithParamInterface<std::string_view> {};
INSTANTIATE_TEST_SUITE_P(Filters, EachOldFilter, ::testing::ValuesIn(kFilters));

/// The hostcalls that give bytes to the guest.
const std::string_view kSources[] = {"proxy_get_header_map_value", "proxy_get_header_map_pairs",
                                     "proxy_get_buffer_bytes",     "proxy_get_property",
                                     "proxy_get_shared_data",      "proxy_dequeue_shared_queue",
                                     "proxy_get_status",           "proxy_call_foreign_function"};
/// The other hostcalls that old filters use, without proxy_log: these tests observe a filter by its log.
const std::string_view kOthers[] = {"proxy_get_log_level",
                                    "proxy_get_current_time_nanoseconds",
                                    "proxy_set_buffer_bytes",
                                    "proxy_get_buffer_status",
                                    "proxy_get_header_map_size",
                                    "proxy_set_header_map_pairs",
                                    "proxy_add_header_map_value",
                                    "proxy_replace_header_map_value",
                                    "proxy_remove_header_map_value",
                                    "proxy_continue_stream",
                                    "proxy_close_stream",
                                    "proxy_send_local_response",
                                    "proxy_set_property",
                                    "proxy_http_call",
                                    "proxy_grpc_call",
                                    "proxy_grpc_stream",
                                    "proxy_grpc_send",
                                    "proxy_grpc_close",
                                    "proxy_grpc_cancel",
                                    "proxy_set_shared_data",
                                    "proxy_register_shared_queue",
                                    "proxy_resolve_shared_queue",
                                    "proxy_enqueue_shared_queue",
                                    "proxy_define_metric",
                                    "proxy_record_metric",
                                    "proxy_increment_metric",
                                    "proxy_get_metric",
                                    "proxy_set_effective_context",
                                    "proxy_done"};

TEST_P(EachOldFilter, AnyHostcallMayAnswerAnything) {
  addServices();
  for (const int32_t status : {1, 10, -1, 0x12345678}) {
    for (const auto name : kSources)
      playAll(GetParam(), [&] { host().failHostcall(name, static_cast<Status>(status)); });
    for (const auto name : kOthers)
      playAll(GetParam(), [&] { host().failHostcall(name, static_cast<Status>(status)); });
  }
}

TEST_P(EachOldFilter, WhatLooksWellMayHoldNothing) {
  addServices();
  for (const auto name : kSources) {
    // The hostcall returns Ok but writes nothing.
    playAll(GetParam(), [&] { host().failHostcall(name, Status::Ok); });
    for (const auto& bytes :
         {std::string(), std::string(1, '\0'), std::string("\xff\xff\xff\xff\1\0\0\0", 8), std::string(3000, '\xff')}) {
      playAll(GetParam(), [&] { host().answerHostcall(name, bytes); });
    }
  }
}

TEST_P(EachOldFilter, BytesMayLieWhereNobodyAskedForThem) {
  addServices();
  for (const auto name : kSources) {
    for (const uint64_t address : {uint64_t{0}, uint64_t{1}, uint64_t{0x10000}, uint64_t{0xfffffff0}}) {
      for (const uint64_t size : {uint64_t{1}, uint64_t{8}, uint64_t{0x7fffffff}, uint64_t{0xffffffff}}) {
        playAll(GetParam(), [&] { host().misplaceHostcall(name, address, size); });
      }
    }
  }
}

TEST_P(EachOldFilter, AnyAllocationMayFail) {
  addServices();
  for (uint64_t n = 1; n <= 30; ++n) {
    playAll(GetParam(), [&] { host().failAllocation(n); });
  }
  playAll(GetParam(), [&] { host().failAllocation(1, true); });
}

TEST_P(EachOldFilter, ContextIdsMayBeAnything) {
  struct Callback {
    std::string_view name;
    std::vector<uint64_t> more;
  };
  const Callback callbacks[] = {{"proxy_on_context_create", {12345}},
                                {"proxy_on_vm_start", {0}},
                                {"proxy_on_configure", {0}},
                                {"proxy_validate_configuration", {0}},
                                {"proxy_on_tick", {}},
                                {"proxy_on_queue_ready", {1}},
                                {"proxy_on_foreign_function", {1, 0}},
                                {"proxy_on_new_connection", {}},
                                {"proxy_on_downstream_data", {1, 0}},
                                {"proxy_on_upstream_data", {1, 0}},
                                {"proxy_on_downstream_connection_close", {1}},
                                {"proxy_on_upstream_connection_close", {1}},
                                {"proxy_on_request_headers", {1, 0}},
                                {"proxy_on_request_metadata", {1}},
                                {"proxy_on_request_body", {1, 0}},
                                {"proxy_on_request_trailers", {1}},
                                {"proxy_on_response_headers", {1, 0}},
                                {"proxy_on_response_metadata", {1}},
                                {"proxy_on_response_body", {1, 0}},
                                {"proxy_on_response_trailers", {1}},
                                {"proxy_on_http_call_response", {1, 0, 0, 0}},
                                {"proxy_on_grpc_receive_initial_metadata", {1, 0}},
                                {"proxy_on_grpc_receive_trailing_metadata", {1, 0}},
                                {"proxy_on_grpc_receive", {1, 0}},
                                {"proxy_on_grpc_close", {1, 0}},
                                {"proxy_on_done", {}},
                                {"proxy_on_log", {}},
                                {"proxy_on_delete", {}}};
  const auto plugin = load(GetParam());
  const uint64_t root = plugin->rootContextId();
  constexpr uint64_t kDeleted = 500;
  plugin->callback("proxy_on_context_create", {kDeleted, root});
  plugin->callback("proxy_on_delete", {kDeleted});
  for (const auto& [name, more] : callbacks) {
    if (!plugin->exports(name)) continue;
    for (const uint64_t id : {uint64_t{0}, root + 1, root + 1024, kDeleted, uint64_t{0xffffffff}}) {
      std::vector<uint64_t> arguments = {id};
      arguments.insert(arguments.end(), more.begin(), more.end());
      host().clearLogs();
      EXPECT_LE(plugin->callback(name, arguments), 1u) << name;
      EXPECT_THAT(logs(), Contains(LogLine(LogLevel::Warn, StartsWith("sluice: ignored a callback: bad context id "))))
          << name << " for " << id;
    }
  }
  EXPECT_TRUE(host().errors().empty());
}

TEST_F(OldOnABadHost, AMalformedMapReadsAsEmpty) {
  const auto plugin = load("compat_http", {.configuration = "hello"});
  std::string good("\2\0\0\0\1\0\0\0\2\0\0\0\3\0\0\0\0\0\0\0a\0bc\0def\0\0", 30);
  for (size_t size = 0; size <= good.size(); ++size) {
    host().clearLogs();
    host().answerHostcall("proxy_get_header_map_pairs", good.substr(0, size));
    EXPECT_THAT(plugin->send(get("/headers"), ok()).request.headers, HasHeader("x-replaced", "hello"));
    EXPECT_THAT(logs(),
                Contains(LogLine(LogLevel::Info, EndsWith(size == good.size() ? "kept 2 headers" : "kept 0 headers"))));
    EXPECT_EQ(size == 0 || size == good.size(),
              !::testing::Value(logs(), Contains(LogLine(LogLevel::Warn, HasSubstr("a header map of the host's")))))
        << size;
  }
  EXPECT_TRUE(host().errors().empty());
}

TEST_F(OldOnABadHost, MemoryStaysAsItIs) {
  addServices();
  for (const auto name : kFilters) {
    if (name == "compat_tcp") continue;
    const auto plugin = load(name, {.configuration = "shared"});
    for (int i = 0; i < 10; ++i) play(*plugin, name);
    const auto pages = plugin->memoryPages();
    for (int i = 0; i < 300; ++i) play(*plugin, name);
    EXPECT_EQ(plugin->memoryPages(), pages) << name;
  }
}

}  // namespace
}  // namespace sluice::testing
