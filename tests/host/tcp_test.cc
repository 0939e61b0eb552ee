// TCP connections through filters: new connections, data in both directions, ends and closes, failures. The
// expectations were observed in a real Envoy.
#include "guest_test.h"

namespace sluice::host {
namespace {

using namespace test;

// A callback's result: hold back when there are fewer than four bytes.
constexpr char kHoldShort[] = R"(
    (if (result i32) (i32.lt_u (local.get 1) (i32.const 4)) (then (i32.const 1)) (else (i32.const 0))))";

class TcpTest : public GuestTest {
 protected:
  using GuestTest::GuestTest;

  std::shared_ptr<Plugin> holder() { return trace({{"downstream_data", kHoldShort}, {"upstream_data", kHoldShort}}); }
};

TEST_F(TcpTest, DataPassesInBothDirections) {
  auto plugin = trace();
  auto stream = plugin->openTcpStream();
  EXPECT_TRUE(stream->connected());
  stream->downstreamData("ping");
  stream->upstreamData("pong");
  stream->downstreamData("bye", true);
  EXPECT_FALSE(stream->closed());
  stream->upstreamData("", true);
  EXPECT_TRUE(stream->closed());
  EXPECT_EQ(stream->received().data(), "pingbye");
  EXPECT_THAT(stream->received().chunks, ElementsAre("ping", "bye"));
  EXPECT_TRUE(stream->received().ended);
  EXPECT_EQ(stream->answer().data(), "pong");
  EXPECT_TRUE(stream->answer().ended);
  EXPECT_THAT(said(), ElementsAre("context_create 2 1", "new_connection", "downstream_data 4 0", "upstream_data 4 0",
                                  "downstream_data 3 1", "upstream_data 0 1", "upstream_connection_close 0",
                                  "downstream_connection_close 1", "done", "log", "delete"));
  stream->downstreamData("too late");
  stream->upstreamData("too late");
  EXPECT_THAT(said(), IsEmpty());
}

TEST_F(TcpTest, TheClientMayEndLast) {
  auto plugin = trace();
  auto stream = plugin->openTcpStream();
  stream->upstreamData("greetings", true);
  stream->downstreamData("more");
  stream->downstreamData("", true);
  EXPECT_TRUE(stream->closed());
  EXPECT_EQ(stream->received().data(), "more");
  EXPECT_THAT(said(), ElementsAre("context_create 2 1", "new_connection", "upstream_data 9 1",
                                  "upstream_connection_close 0", "downstream_data 4 0", "downstream_data 0 1",
                                  "downstream_connection_close 2", "done", "log", "delete"));
}

TEST_F(TcpTest, WhatIsHeldBackPilesUp) {
  auto plugin = holder();
  auto stream = plugin->openTcpStream();
  stream->downstreamData("ab");
  EXPECT_TRUE(stream->downstreamPaused());
  EXPECT_EQ(stream->received().data(), "");
  stream->downstreamData("cdef");
  EXPECT_FALSE(stream->downstreamPaused());
  EXPECT_THAT(stream->received().chunks, ElementsAre("abcdef"));
  stream->upstreamData("x");
  EXPECT_TRUE(stream->upstreamPaused());
  stream->upstreamData("yzzz");
  EXPECT_FALSE(stream->upstreamPaused());
  EXPECT_THAT(stream->answer().chunks, ElementsAre("xyzzz"));
  EXPECT_THAT(said(), ElementsAre("context_create 2 1", "new_connection", "downstream_data 2 0", "downstream_data 6 0",
                                  "upstream_data 1 0", "upstream_data 5 0"));
}

TEST_F(TcpTest, AnEndThatIsHeldBackDoesNotKeepTheConnectionOpen) {
  auto plugin = holder();
  auto stream = plugin->openTcpStream();
  stream->upstreamData("x", true);
  EXPECT_FALSE(stream->answer().ended);
  stream->downstreamData("abcd", true);
  EXPECT_TRUE(stream->closed());
  EXPECT_EQ(stream->answer().data(), "");  // The held-back data is lost.
  EXPECT_THAT(said(),
              ElementsAre("context_create 2 1", "new_connection", "upstream_data 1 1", "upstream_connection_close 0",
                          "downstream_data 4 1", "downstream_connection_close 1", "done", "log", "delete"));
}

TEST_F(TcpTest, EitherPeerMayBreakTheConnection) {
  auto plugin = trace();
  auto first = plugin->openTcpStream();
  first->downstreamClose();
  EXPECT_TRUE(first->closed());
  EXPECT_THAT(said(), ElementsAre("context_create 2 1", "new_connection", "downstream_connection_close 2", "done",
                                  "log", "delete"));
  auto second = plugin->openTcpStream();
  second->upstreamClose();
  EXPECT_TRUE(second->closed());
  EXPECT_THAT(said(), ElementsAre("context_create 3 1", "new_connection", "downstream_connection_close 1", "done",
                                  "log", "delete"));
  auto third = plugin->openTcpStream();
  said();
  third.reset();
  EXPECT_THAT(said(), ElementsAre("downstream_connection_close 2", "done", "log", "delete"));
}

TEST_F(TcpTest, TheFlagsSayThatTheUpstreamHasResetItsConnection) {
  auto plugin = trace({{"done", R"(
      (call $digit (call $get_property (i32.const 0) (i32.const 14) (i32.const 1008) (i32.const 1012)))
      (call $digit (i32.load (i32.load (i32.const 1008)))) (i32.const 1))"}},
                      R"((data (i32.const 0) "response\00flags"))");
  auto stream = plugin->openTcpStream();
  stream->upstreamClose();
  // "@" is what $digit makes of 0x10.
  EXPECT_THAT(said(), ::testing::IsSupersetOf({"downstream_connection_close 1", "done", "@"}));
}

TEST_F(TcpTest, TheProxyReadsOnceTheUpstreamIsConnected) {
  auto plugin = trace({{"new_connection", "(i32.const 1)"}, {"tick", R"(
      (call $digit (call $set_effective_context (i32.const 2)))
      (call $digit (call $continue (i32.const 2)))
      (call $digit (call $continue (i32.const 3)))
      (call $digit (call $continue (i32.const 0))))"}});
  auto stream = plugin->openTcpStream();
  EXPECT_FALSE(stream->connected());
  EXPECT_TRUE(stream->downstreamPaused());
  stream->downstreamData("early", true);
  EXPECT_THROW(stream->upstreamData("x"), Error);
  EXPECT_THROW(stream->downstreamData("x"), Error);
  EXPECT_THAT(said(), ElementsAre("context_create 2 1", "new_connection"));
  plugin->callback("proxy_on_tick", {1});
  EXPECT_TRUE(stream->connected());
  EXPECT_THAT(said(), ElementsAre("tick", "0", "0", "<", "0", "downstream_data 5 1"));
  EXPECT_EQ(stream->received().data(), "early");
  EXPECT_TRUE(stream->received().ended);
}

TEST_F(TcpTest, AClientsCloseIsNoticedOnceTheProxyReads) {
  auto plugin =
      trace({{"new_connection", "(i32.const 1)"},
             {"tick", "(drop (call $set_effective_context (i32.const 2))) (drop (call $continue (i32.const 2)))"}});
  auto stream = plugin->openTcpStream();
  stream->downstreamClose();
  EXPECT_THAT(said(), ElementsAre("context_create 2 1", "new_connection"));
  EXPECT_FALSE(stream->closed());
  plugin->callback("proxy_on_tick", {1});
  EXPECT_TRUE(stream->closed());
  EXPECT_THAT(said(), ElementsAre("tick", "downstream_connection_close 2", "done", "log", "delete"));
}

TEST_F(TcpTest, HeldBackDataGoesOnWhenTheFilterContinues) {
  auto plugin = trace({{"downstream_data", "(i32.const 1)"}, {"tick", R"(
      (call $digit (call $set_effective_context (i32.const 2)))
      (call $digit (call $set_buffer (i32.const 2) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 4)))
      (drop (call $get_buffer (i32.const 2) (i32.const 0) (i32.const 99) (i32.const 1008) (i32.const 1012)))
      (call $say_result)
      (call $digit (call $continue (i32.const 2))))"}},
                      "(data (i32.const 0) \"new \")");
  auto stream = plugin->openTcpStream();
  stream->downstreamData("text", true);
  EXPECT_FALSE(stream->received().ended);
  said();
  plugin->callback("proxy_on_tick", {1});
  EXPECT_THAT(said(), ElementsAre("tick", "0", "0", "new text", "0"));
  EXPECT_EQ(stream->received().data(), "new text");
  EXPECT_TRUE(stream->received().ended);
}

TEST_F(TcpTest, WhatContinuesAsTheUpstreamEndsDoesNotLoseItsLastData) {
  auto plugin = trace({{"upstream_connection_close", "(call $digit (call $continue (i32.const 2)))"}});
  auto stream = plugin->openTcpStream();
  stream->downstreamData("ask", true);
  stream->upstreamData("last", true);
  EXPECT_EQ(stream->answer().data(), "last");
  EXPECT_TRUE(stream->answer().ended);
  EXPECT_TRUE(stream->closed());
}

TEST_F(TcpTest, AClientThatEndsLastIsSaidToHaveClosed) {
  auto plugin = trace({{"downstream_data", "(call $digit (call $continue (i32.const 2))) (i32.const 0)"}});
  auto stream = plugin->openTcpStream();
  stream->upstreamData("", true);
  said();
  stream->downstreamData("", true);
  EXPECT_THAT(said(),
              ElementsAre("downstream_data 0 1", "0", "downstream_connection_close 2", "done", "log", "delete"));
}

TEST_F(TcpTest, AConnectionThatIsClosedAtOnceHasNoUpstream) {
  auto plugin = trace({{"new_connection", "(call $digit (call $close (i32.const 2))) (i32.const 0)"}});
  auto stream = plugin->openTcpStream();
  EXPECT_FALSE(stream->connected());
  EXPECT_TRUE(stream->closed());
}

TEST_F(TcpTest, FiltersChangeWhatPasses) {
  auto plugin = trace({{"downstream_data", R"(
      (call $digit (call $set_buffer (i32.const 2) (i32.const 0) (i32.const 99) (i32.const 0) (i32.const 4)))
      (i32.const 0))"},
                       {"upstream_data", R"(
      (call $digit (call $set_buffer (i32.const 3) (i32.const 99) (i32.const 0) (i32.const 0) (i32.const 4)))
      (call $digit (call $buffer_status (i32.const 2) (i32.const 1008) (i32.const 1012)))
      (call $digit (i32.load (i32.const 1008)))
      (call $digit (call $set_buffer (i32.const 2) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 4)))
      (i32.const 0))"}},
                      "(data (i32.const 0) \"mine\")");
  auto stream = plugin->openTcpStream();
  stream->downstreamData("yours");
  EXPECT_EQ(stream->received().data(), "mine");
  said();
  stream->upstreamData("yours and ");
  EXPECT_EQ(stream->answer().data(), "yours and mine");
  // Data that has passed reads as empty and cannot be written.
  EXPECT_THAT(said(), ElementsAre("upstream_data 10 0", "0", "0", "0", "2"));
}

TEST_F(TcpTest, AFilterMayCloseTheConnection) {
  for (const char* side : {"2", "3"}) {
    auto plugin = trace({{"downstream_data", R"(
        (call $digit (call $close (i32.const )" + std::string(side) +
                                                 R"()))
        (call $digit (call $continue (i32.const 2)))
        (i32.const 0))"},
                         {"downstream_connection_close", R"(
        (call $digit (call $buffer_status (i32.const 2) (i32.const 1008) (i32.const 1012)))
        (call $digit (i32.load (i32.const 1008))))"}});
    auto stream = plugin->openTcpStream();
    said();
    stream->downstreamData("ab");
    EXPECT_TRUE(stream->closed());
    EXPECT_EQ(stream->received().data(), "");
    EXPECT_THAT(said(), ElementsAre("downstream_data 2 0", "0", "0", "downstream_connection_close 1", "0", "2", "done",
                                    "log", "delete"));
  }
}

TEST_F(TcpTest, HttpHostcallsDoNothingInAConnection) {
  auto plugin = trace({{"downstream_data", R"(
      (call $digit (call $continue (i32.const 1)))
      (call $digit (call $close (i32.const 0)))
      (call $digit (call $send_local_response (i32.const 200) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0)
        (i32.const 0) (i32.const 0) (i32.const -1)))
      (call $digit (call $add_value (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 0) (i32.const 1)))
      (i32.const 0))"}});
  auto stream = plugin->openTcpStream();
  said();
  stream->downstreamData("ab");
  EXPECT_FALSE(stream->closed());
  EXPECT_THAT(said(), ElementsAre("downstream_data 2 0", "0", "0", "0", "2"));
  EXPECT_EQ(stream->received().data(), "ab");
}

TEST_F(TcpTest, AChainIsPassedForwardsAndBackwards) {
  auto first = load(tracer(), {.name = "first", .vmId = "1"});
  auto second =
      load(tracer({{"downstream_data", kHoldShort}, {"upstream_data", kHoldShort}}), {.name = "second", .vmId = "2"});
  host.clearLogs();
  auto stream = host.openTcpStream({first, second});
  stream->downstreamData("ab");
  stream->downstreamData("cdef");
  stream->upstreamData("x");
  stream->upstreamData("yzzz");
  EXPECT_EQ(stream->contextId(0), 2u);
  EXPECT_EQ(stream->contextId(1), 2u);
  EXPECT_EQ(stream->contextId(2), 0u);
  stream->downstreamClose();
  std::vector<std::string> lines;
  for (const LogLine& line : host.logs()) lines.push_back(line.plugin + " " + line.text);
  EXPECT_THAT(lines, ElementsAre("first context_create 2 1", "first new_connection", "second context_create 2 1",
                                 "second new_connection", "first downstream_data 2 0", "second downstream_data 2 0",
                                 "first downstream_data 6 0", "second downstream_data 6 0", "second upstream_data 1 0",
                                 "second upstream_data 5 0", "first upstream_data 5 0",
                                 "first downstream_connection_close 2", "first done", "first log", "first delete",
                                 "second downstream_connection_close 2", "second done", "second log", "second delete"));
}

TEST_F(TcpTest, AFilterThatNeverSawTheConnectionSeesNothing) {
  auto first = load(tracer({{"new_connection", "(i32.const 1)"}}), {.name = "first"});
  auto second = load(tracer(), {.name = "second"});
  host.clearLogs();
  host.openTcpStream({first, second});
  for (const LogLine& line : host.logs()) EXPECT_EQ(line.plugin, "first");
}

TEST_F(TcpTest, AFailedVmClosesConnections) {
  for (FailPolicy policy : {FailPolicy::Closed, FailPolicy::Open, FailPolicy::Reload}) {
    auto plugin = load(tracer({{"downstream_data", "(unreachable)"}}), {.failPolicy = policy});
    auto other = plugin->openTcpStream();
    auto stream = plugin->openTcpStream();
    host.clearLogs();
    stream->downstreamData("ab");
    EXPECT_TRUE(stream->closed());
    EXPECT_THAT(said(), ElementsAre("downstream_data 2 0"));
    ASSERT_TRUE(plugin->failure());
    other->upstreamData("x");
    EXPECT_TRUE(other->closed());
    auto later = plugin->openTcpStream();
    EXPECT_EQ(later->closed(), policy != FailPolicy::Open);
    EXPECT_THAT(said(), IsEmpty());
    if (policy == FailPolicy::Open) {
      later->downstreamData("unfiltered");
      EXPECT_EQ(later->received().data(), "unfiltered");
    }
  }
}

TEST_F(TcpTest, AConnectionHasProperties) {
  auto plugin = trace({{"new_connection", R"(
      (call $digit (call $set_property (i32.const 0) (i32.const 4) (i32.const 4) (i32.const 5)))
      (call $digit (call $get_property (i32.const 0) (i32.const 4) (i32.const 1008) (i32.const 1012)))
      (call $say_result)
      (call $digit (call $get_property (i32.const 16) (i32.const 14) (i32.const 1008) (i32.const 1012)))
      (call $say_result)
      (call $digit (call $get_property (i32.const 32) (i32.const 12) (i32.const 1008) (i32.const 1012)))
      (call $digit (call $get_property (i32.const 48) (i32.const 16) (i32.const 1008) (i32.const 1012)))
      (i32.const 0))"},
                       {"downstream_data", R"(
      (call $digit (call $get_property (i32.const 48) (i32.const 16) (i32.const 1008) (i32.const 1012)))
      (call $say_result)
      (call $digit (call $get_property (i32.const 64) (i32.const 4) (i32.const 1008) (i32.const 1012)))
      (call $say_result)
      (i32.const 0))"}},
                      R"((data (i32.const 0) "signvalue")
      (data (i32.const 16) "source\00address") (data (i32.const 32) "request\00path")
      (data (i32.const 48) "upstream\00address") (data (i32.const 64) "test"))");
  auto stream = plugin->openTcpStream();
  EXPECT_THAT(said(),
              ElementsAre("context_create 2 1", "new_connection", "0", "0", "value", "0", "127.0.0.1:50000", "1", "1"));
  EXPECT_EQ(stream->writtenProperty("sign"), "value");
  EXPECT_EQ(stream->writtenProperty("none"), std::nullopt);
  stream->setProperty("test", "set");
  stream->downstreamData("x");
  EXPECT_THAT(said(), ElementsAre("downstream_data 1 0", "0", "127.0.0.1:8080", "0", "set"));
}

TEST_F(TcpTest, PropertiesAreThoseThatEnvoyKnowsOfAConnection) {
  auto number = [](uint64_t value) {
    std::string bytes(8, '\0');
    for (char& byte : bytes) {
      byte = static_cast<char>(value & 0xff);
      value >>= 8;
    }
    return bytes;
  };
  // Each property, its value on a new connection, and its value once the upstream has received two bytes.
  struct Case {
    std::string_view path;
    std::string first;
    std::string later;
  };
  const std::string none = "status 1";
  const Case cases[] = {
      {"source.port", number(50000), number(50000)},
      {"destination.address", "127.0.0.1:10000", "127.0.0.1:10000"},
      {"connection.id", number(1), number(1)},
      {"connection_id", number(1), number(1)},
      {"connection.mtls", std::string(1, '\0'), std::string(1, '\0')},
      {"upstream.address", none, "127.0.0.1:8080"},
      {"upstream.port", none, number(8080)},
      {"request.time", number(1'704'067'200'000'000'000), number(1'704'067'200'000'000'000)},
      {"request.size", number(0), number(2)},
      {"request.total_size", number(0), number(2)},
      {"request.protocol", none, none},
      {"request.headers.a", none, none},
      {"response.code", none, none},
      {"response.flags", number(0), number(0)},
      {"response.size", number(0), number(0)},
      {"xds.cluster_name", none, "upstream"},
      {"xds.route_name", none, none},
      {"xds.listener_direction", number(0), number(0)},
      {"plugin_name", "mine", "mine"},
  };
  for (const Case& each : cases) {
    std::string escaped;
    for (char c : each.path) escaped += c == '.' ? std::string("\\00") : std::string(1, c);
    const std::string show = "(call $show (i32.const " + std::to_string(each.path.size()) + "))(i32.const 0)";
    Host fresh;
    auto plugin =
        fresh.loadModule(tracer({{"new_connection", show}, {"downstream_data", show}},
                                "(data (i32.const 0) \"" + escaped + "\") (data (i32.const 100) \"status 1\")" + R"(
        (func $show (param $size i32)
          (if (call $get_property (i32.const 0) (local.get $size) (i32.const 1008) (i32.const 1012))
            (then (call $say (i32.const 100) (i32.const 8)))
            (else (call $say_result)))))"),
                         "a.wasm", {.name = "mine"});
    fresh.clearLogs();
    auto stream = plugin->openTcpStream();
    EXPECT_EQ(fresh.logs().back().text, each.first) << each.path;
    stream->downstreamData("ab");
    EXPECT_EQ(fresh.logs().back().text, each.later) << each.path;
  }
}

TEST_F(TcpTest, WhateverFiltersAndPeersDoEveryConnectionEndsOnce) {
  // In each callback the guest draws a random number, and depending on it holds back, continues, closes, or several of
  // these.
  const std::string draw = R"(
      (i32.store (i32.const 64) (i32.add (i32.mul (i32.load (i32.const 64)) (i32.const 1103515245)) (i32.const 12345)))
      (local.set 0 (i32.shr_u (i32.load (i32.const 64)) (i32.const 16)))
      (if (i32.eqz (i32.and (local.get 0) (i32.const 28))) (then (drop (call $continue (i32.const 2)))))
      (if (i32.eqz (i32.and (local.get 0) (i32.const 992))) (then (drop (call $close (i32.const 3))))))";
  const std::string answer = draw + "(i32.and (local.get 0) (i32.const 1))";
  auto plugin = trace({{"new_connection", answer},
                       {"downstream_data", answer},
                       {"upstream_data", answer},
                       {"downstream_connection_close", draw},
                       {"upstream_connection_close", draw},
                       {"done", answer}});
  uint32_t seed = 1;
  auto random = [&seed](uint32_t bound) {
    seed = seed * 1664525 + 1013904223;
    return (seed >> 16) % bound;
  };
  for (int round = 0; round < 300; ++round) {
    auto stream = host.openTcpStream({plugin, plugin, plugin});
    bool clientEnded = false;
    bool upstreamEnded = false;
    std::string sent;
    for (int step = 0; step < 12 && !stream->closed(); ++step) {
      switch (random(6)) {
        case 0:
          plugin->callback("proxy_on_downstream_data", {stream->contextId(random(3)), 0, 0},
                           stream->contextId(random(3)));
          break;
        case 1:
          stream->upstreamClose();
          break;
        case 2:
        case 3:
          if (stream->connected() && !upstreamEnded) stream->upstreamData("up", upstreamEnded = random(4) == 0);
          break;
        default:
          if (clientEnded) break;
          sent += "down";
          stream->downstreamData("down", clientEnded = random(4) == 0);
      }
      EXPECT_TRUE(sent.starts_with(stream->received().data()));
    }
    stream.reset();
    int created = 0;
    int deleted = 0;
    for (const std::string& line : said()) {
      if (line.starts_with("context_create")) ++created;
      if (line == "delete") ++deleted;
    }
    EXPECT_GT(created, 0);
    EXPECT_EQ(created, deleted) << "round " << round;
  }
  EXPECT_THAT(host.errors(), IsEmpty());
}

class TcpSpecificationTest : public TcpTest {
 protected:
  TcpSpecificationTest() : TcpTest(Profile::specification()) {}
};

TEST_F(TcpSpecificationTest, TheUpstreamsDataCanBeContinuedAndItsCloserIsNamed) {
  auto plugin = trace({{"upstream_data", "(i32.const 1)"}, {"tick", R"(
      (call $digit (call $set_effective_context (i32.const 2)))
      (call $digit (call $continue (i32.const 3))))"}});
  auto stream = plugin->openTcpStream();
  stream->upstreamData("held", true);
  EXPECT_THAT(said(),
              ElementsAre("context_create 2 1", "new_connection", "upstream_data 4 1", "upstream_connection_close 2"));
  plugin->callback("proxy_on_tick", {1});
  EXPECT_THAT(said(), ElementsAre("tick", "0", "0"));
  EXPECT_EQ(stream->answer().data(), "held");
  EXPECT_TRUE(stream->answer().ended);
}

}  // namespace
}  // namespace sluice::host
