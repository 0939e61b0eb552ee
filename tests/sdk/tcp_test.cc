// TCP connections: callbacks and buffers, continuing and closing, and hosts that confuse TCP and HTTP contexts.
#include <algorithm>

#include "script_test.h"

namespace sluice::testing {
namespace {

using ::testing::Contains;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const auto kIgnored = HasSubstr("sluice: ignored a callback: bad context id ");

class TcpTest : public ScriptTest {
 protected:
  using ScriptTest::ScriptTest;

  /// Loads another build of the script filter.
  void load(std::string_view filter, const std::vector<ScriptCall>& calls, PluginOptions options = {}) {
    options.configuration = scriptText(calls);
    plugin_ = host().load(siblingFilter(filter), std::move(options));
    ASSERT_TRUE(plugin_->configured());
    host().clearLogs();
  }
  void loadTcp(const std::vector<ScriptCall>& calls) { load("sdk_script_tcp", calls); }
  void TearDown() override {
    stream_.reset();
    plugin_.reset();
    ScriptTest::TearDown();
  }
  Plugin& tcp() { return *plugin_; }
  TcpStream& connect() {
    stream_ = plugin_->openTcpStream();
    return *stream_;
  }
  /// The trace without "connection N: ".
  std::vector<std::string> callbacks() {
    std::vector<std::string> names;
    for (const auto& line : trace()) names.push_back(line.substr(line.find(": ") + 2));
    return names;
  }

 private:
  std::shared_ptr<Plugin> plugin_;
  std::unique_ptr<TcpStream> stream_;
};

TEST_F(TcpTest, AConnectionIsClosedOnce) {
  loadTcp({{"onDownstreamData", "closeDownstream"},
           {"onDownstreamData", "closeUpstream"},
           {"onDownstreamData", "closeDownstream"},
           {"onDownstreamData", "return", {"1"}}});
  auto& stream = connect();
  stream.downstreamData("ping");
  EXPECT_TRUE(stream.closed());
  EXPECT_THAT(said(), ElementsAre("closeDownstream: Ok", "closeUpstream: BadArgument", "closeDownstream: BadArgument"));
  EXPECT_EQ(host().hostcalls("proxy_close_stream"), 1u);
}

TEST_F(TcpTest, AConnectionThatIsOverIsNotClosedAndHasNoData) {
  std::vector<ScriptCall> script = {{"onDownstreamData", "return", {"1"}}};
  for (const auto* callback : {"onLog", "onDone", "onDelete"}) {
    for (const auto* function : {"closeDownstream", "closeUpstream", "continueDownstream", "downstreamData.getAll",
                                 "upstreamData.size", "upstreamData.append"})
      script.push_back({callback, function});
  }
  loadTcp(script);
  const auto buffers = host().hostcalls("proxy_get_buffer_bytes");
  auto& stream = connect();
  stream.downstreamData("ping", true);
  stream.upstreamData("", true);
  EXPECT_EQ(said().size(), 18u);
  EXPECT_THAT(said(), Each(::testing::EndsWith(": BadArgument")));
  EXPECT_EQ(host().hostcalls("proxy_get_buffer_bytes"), buffers);
  for (const auto* hostcall :
       {"proxy_close_stream", "proxy_continue_stream", "proxy_get_buffer_status", "proxy_set_buffer_bytes"})
    EXPECT_EQ(host().hostcalls(hostcall), 0u) << hostcall;
}

TEST_F(TcpTest, AConnectionFromItsBeginningToItsEnd) {
  loadTcp({});
  auto& stream = connect();
  stream.downstreamData("ping");
  stream.upstreamData("pong");
  stream.downstreamData("bye", true);
  stream.upstreamData("", true);
  EXPECT_TRUE(stream.closed());
  EXPECT_EQ(stream.received().data(), "pingbye");
  EXPECT_EQ(stream.answer().data(), "pong");
  EXPECT_THAT(callbacks(),
              ElementsAre("onCreate", "onNewConnection", "onDownstreamData 4 false", "onUpstreamData 4 false",
                          "onDownstreamData 3 true", "onUpstreamData 0 true", "onUpstreamConnectionClose Unknown",
                          "onDownstreamConnectionClose Local", "onDone", "onLog", "onDelete", "gone"));
}

TEST_F(TcpTest, TheClientGoesAway) {
  loadTcp({});
  connect().downstreamClose();
  EXPECT_THAT(callbacks(), Contains("onDownstreamConnectionClose Remote"));
  EXPECT_EQ(callbacks().back(), "gone");
}

TEST_F(TcpTest, BytesAreReadAndChangedOnTheWay) {
  loadTcp({{"onDownstreamData", "downstreamData.get", {"1", "2"}},
           {"onDownstreamData", "downstreamData.prepend", {"<"}},
           {"onDownstreamData", "downstreamData.append", {">"}},
           {"onUpstreamData", "upstreamData.drain", {"3"}},
           {"onUpstreamData", "upstreamData.getAll"},
           {"onDownstreamData", "connection.buffers"}});
  auto& stream = connect();
  stream.downstreamData("ping");
  stream.upstreamData("pong pong");
  EXPECT_EQ(stream.received().data(), "<ping>");
  EXPECT_EQ(stream.answer().data(), "g pong");
  EXPECT_THAT(said(), Contains("downstreamData.get = in"));
  EXPECT_THAT(said(), Contains("connection.buffers = 6"));
  EXPECT_THAT(said(), Contains("upstreamData.getAll = g pong"));
}

TEST_F(TcpTest, WhatIsHeldBackComesAgainAndIsLetGo) {
  loadTcp({{"onDownstreamData", "return", {"1"}}, {"onTick", "currentTime"}});
  auto& stream = connect();
  stream.downstreamData("ab");
  stream.downstreamData("cd");
  EXPECT_TRUE(stream.downstreamPaused());
  EXPECT_EQ(stream.received().data(), "");
  EXPECT_THAT(callbacks(),
              ElementsAre("onCreate", "onNewConnection", "onDownstreamData 2 false", "onDownstreamData 4 false"));
}

TEST_F(TcpTest, OnlyWhatIsHeldBackGoesOn) {
  loadTcp({{"onNewConnection", "continueDownstream"},
           {"onDownstreamData", "continueUpstream"},
           {"onDownstreamData", "continueDownstream"}});
  auto& stream = connect();
  stream.downstreamData("ab");
  EXPECT_THAT(said(), ElementsAre("continueDownstream: BadArgument", "continueUpstream: BadArgument",
                                  "continueDownstream: BadArgument"));
  EXPECT_EQ(host().hostcalls("proxy_continue_stream"), 0u);
  EXPECT_EQ(stream.received().data(), "ab");
}

TEST_F(TcpTest, APausedDirectionIsContinuedOnce) {
  loadTcp({{"onDownstreamData", "return", {"1"}},
           {"onUpstreamData", "continueDownstream"},
           {"onUpstreamData", "continueDownstream"}});
  auto& stream = connect();
  stream.downstreamData("ab");
  stream.upstreamData("x");
  EXPECT_THAT(said(), ElementsAre("continueDownstream: Ok", "continueDownstream: BadArgument"));
  EXPECT_EQ(host().hostcalls("proxy_continue_stream"), 1u);
}

TEST_F(TcpTest, AContinuationThatTheHostRefusesMayBeTriedAgain) {
  loadTcp({{"onUpstreamData", "return", {"1"}},
           {"onDownstreamData", "continueUpstream"},
           {"onDownstreamData", "continueUpstream"}});
  auto& stream = connect();
  stream.upstreamData("ab");
  EXPECT_TRUE(stream.upstreamPaused());
  stream.downstreamData("x");
  EXPECT_THAT(said(), Each(std::string("continueUpstream: Unimplemented")));  // As in Envoy.
  EXPECT_EQ(host().hostcalls("proxy_continue_stream"), 2u);
}

TEST_F(TcpTest, ClosingEndsTheConnection) {
  for (const auto* close : {"closeDownstream", "closeUpstream"}) {
    loadTcp({{"onDownstreamData", close}, {"onDownstreamData", "return", {"1"}}});
    auto& stream = connect();
    stream.downstreamData("bad");
    EXPECT_TRUE(stream.closed()) << close;
    EXPECT_EQ(stream.received().data(), "");
    EXPECT_THAT(said(), ElementsAre(std::string(close) + ": Ok"));
    EXPECT_EQ(callbacks().back(), "gone");
  }
}

TEST_F(TcpTest, AClosedConnectionIsNotContinued) {
  loadTcp({{"onDownstreamData", "return", {"1"}},
           {"onUpstreamData", "closeDownstream"},
           {"onUpstreamData", "continueDownstream"}});
  auto& stream = connect();
  stream.downstreamData("ab");
  stream.upstreamData("x");
  EXPECT_THAT(said(), ElementsAre("closeDownstream: Ok", "continueDownstream: BadArgument"));
}

// --- Faulty hosts

TEST_F(TcpTest, ManyConnectionsAreToldApart) {
  loadTcp({});
  const uint64_t root = tcp().rootContextId();
  for (uint64_t i = 0; i < 5; ++i) tcp().callback("proxy_on_context_create", {5000 + 1024 * i, root});
  tcp().callback("proxy_on_context_create", {5000, root});
  EXPECT_THAT(said(), ElementsAre(kIgnored));
  host().clearLogs();
  for (const uint64_t i : {2u, 0u, 4u, 1u, 3u}) {
    const auto id = 5000 + 1024 * i;
    tcp().callback("proxy_on_downstream_data", {id, 1, 0});
    EXPECT_EQ(trace().back(), "connection " + std::to_string(id) + ": onDownstreamData 1 false");
    tcp().callback("proxy_on_delete", {id});
    EXPECT_EQ(trace().back(), "connection " + std::to_string(id) + ": gone");
  }
  EXPECT_THAT(said(), IsEmpty());
}

TEST_F(TcpTest, ConnectionsGoWithTheirRoot) {
  loadTcp({});
  tcp().callback("proxy_on_context_create", {100, 0});
  tcp().callback("proxy_on_context_create", {101, 100});
  tcp().callback("proxy_on_delete", {100});
  EXPECT_THAT(trace(), Contains("connection 101: gone"));
  EXPECT_EQ(trace().back(), "root 100: gone");
}

TEST_F(TcpTest, ADeletionInTheMiddleOfAClose) {
  loadTcp({{"onDownstreamData", "callForeignFunction", {"meanwhile"}},
           {"onDownstreamData", "connection.buffers"},
           {"onDownstreamData", "return", {"1"}}});
  tcp().callback("proxy_on_context_create", {5000, tcp().rootContextId()});
  host().registerForeignFunction("meanwhile", [this](std::string_view, std::string*) {
    tcp().callback("proxy_on_delete", {5000});
    EXPECT_EQ(trace().back(), "connection 5000: onDelete");
    return Status::Ok;
  });
  EXPECT_EQ(tcp().callback("proxy_on_downstream_data", {5000, 1, 0}), 1u);
  EXPECT_EQ(trace().back(), "connection 5000: gone");
}

// A module with HTTP and TCP contexts, and a host that confuses them.
class MistakenKind : public TcpTest {
 protected:
  void SetUp() override {
    load("sdk_script_both", {}, {.rootId = "tcp"});
    const uint64_t tcpRoot = tcp().rootContextId();
    host().setProperty("plugin_root_id", "");
    tcp().callback("proxy_on_context_create", {kHttpRoot, 0});
    tcp().callback("proxy_on_context_create", {kConnection, tcpRoot});
    tcp().callback("proxy_on_context_create", {kStream, kHttpRoot});
    ASSERT_THAT(trace(), ::testing::IsSupersetOf({"connection 5000: onCreate", "stream 6024: onCreate"}));
    host().clearLogs();
  }
  static constexpr uint64_t kHttpRoot = 100;
  static constexpr uint64_t kConnection = 5000;
  static constexpr uint64_t kStream = 6024;  // In the same chain of the context table.
};

TEST_F(MistakenKind, IsIgnoredWithALogLine) {
  for (const auto* callback :
       {"proxy_on_request_headers", "proxy_on_request_body", "proxy_on_response_headers", "proxy_on_response_body"})
    EXPECT_EQ(tcp().callback(callback, {kConnection, 1, 0}), 0u);
  for (const auto* callback : {"proxy_on_request_trailers", "proxy_on_response_trailers", "proxy_on_request_metadata",
                               "proxy_on_response_metadata"})
    EXPECT_EQ(tcp().callback(callback, {kConnection, 1}), 0u);
  for (const auto* callback : {"proxy_on_downstream_data", "proxy_on_upstream_data"})
    EXPECT_EQ(tcp().callback(callback, {kStream, 1, 0}), 0u);
  for (const auto* callback : {"proxy_on_downstream_connection_close", "proxy_on_upstream_connection_close"})
    tcp().callback(callback, {kStream, 1});
  EXPECT_EQ(tcp().callback("proxy_on_new_connection", {kStream}), 0u);
  EXPECT_THAT(said(), ::testing::AllOf(::testing::SizeIs(13), Each(kIgnored)));
  EXPECT_THAT(trace(), IsEmpty());
}

TEST_F(MistakenKind, EachKindStillHearsItsOwn) {
  tcp().callback("proxy_on_downstream_data", {kConnection, 1, 0});
  tcp().callback("proxy_on_request_headers", {kStream, 1, 0});
  for (const auto id : {kConnection, kStream}) {
    tcp().callback("proxy_on_done", {id});
    tcp().callback("proxy_on_log", {id});
    tcp().callback("proxy_on_delete", {id});
    EXPECT_THAT(trace().back(), HasSubstr(std::to_string(id) + ": gone"));
  }
  EXPECT_THAT(said(), IsEmpty());
}

TEST_F(MistakenKind, AnIdOfOneKindIsNotGivenToTheOther) {
  tcp().callback("proxy_on_context_create", {kConnection, kHttpRoot});
  tcp().callback("proxy_on_context_create", {kStream, tcp().rootContextId()});
  EXPECT_THAT(said(), ElementsAre(kIgnored, kIgnored));
}

TEST_F(MistakenKind, AnyIdOfAConnectionThatIsNone) {
  for (const uint64_t id : {uint64_t{0}, uint64_t{kHttpRoot}, uint64_t{7}, uint64_t{0xffffffff}})
    tcp().callback("proxy_on_downstream_data", {id, 1, 0});
  EXPECT_THAT(said(), ::testing::AllOf(::testing::SizeIs(4), Each(kIgnored)));
}

// --- Every status

TEST_F(TcpTest, EveryStatusIsTold) {
  loadTcp({{"onDownstreamData", "return", {"1"}},
           {"onUpstreamData", "return", {"1"}},
           {"onTick", "currentTime"},
           {"onDownstreamConnectionClose", "continueDownstream"},
           {"onDownstreamConnectionClose", "continueUpstream"},
           {"onDownstreamConnectionClose", "closeDownstream"},
           {"onDownstreamConnectionClose", "closeUpstream"},
           {"onDownstreamConnectionClose", "downstreamData.getAll"},
           {"onDownstreamConnectionClose", "upstreamData.replace", {"x"}}});
  const uint64_t root = tcp().rootContextId();
  for (int32_t value : {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, -1, 255, INT32_MAX, INT32_MIN}) {
    const auto status = static_cast<Status>(value);
    host().clearFaults();
    tcp().callback("proxy_on_context_create", {5000, root});
    tcp().callback("proxy_on_downstream_data", {5000, 1, 0});
    tcp().callback("proxy_on_upstream_data", {5000, 1, 0});
    host().clearLogs();
    for (const auto* hostcall :
         {"proxy_continue_stream", "proxy_close_stream", "proxy_get_buffer_bytes", "proxy_set_buffer_bytes"})
      host().failHostcall(hostcall, status);
    tcp().callback("proxy_on_downstream_connection_close", {5000, 1});
    EXPECT_THAT(said(), ::testing::AllOf(::testing::SizeIs(6),
                                         Each(::testing::EndsWith(": " + std::string(toString(status))))));
    tcp().callback("proxy_on_delete", {5000});
  }
}

}  // namespace
}  // namespace sluice::testing
