// WholeRequest: every way in which a request can end, and requests that do not end.
#include <sluice/testing.h>

#include <chrono>
#include <string>
#include <vector>

using namespace sluice;
using namespace sluice::testing;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

namespace {

class WholeRequestTest : public FilterTest {
 protected:
  WholeRequestTest() : FilterTest(Profile::envoyWithHeadersStopIteration()) {}
  ::testing::AssertionResult startWith(const std::string& words = "") { return start({.configuration = words}); }
  std::vector<std::string> said() {
    std::vector<std::string> texts;
    for (const auto& line : logs()) texts.push_back(line.text);
    return texts;
  }
  static Message withTrailers(const std::string& body) {
    auto message = post("/", "");  // A request with trailers has no content-length.
    if (!body.empty()) message.chunks = {body};
    message.trailers = {{"t", "1"}};
    return message;
  }
  // Sends a request that asks for a tunnel, followed by the tunnel's first bytes.
  Exchange tunnel(const Headers& more, const std::string& method = "GET") {
    auto& stream = openStream();
    auto headers = get("/").headers;
    for (auto& [name, value] : headers) {
      if (name == ":method") value = method;
    }
    headers.insert(headers.end(), more.begin(), more.end());
    stream.requestHeaders(headers);
    stream.requestBody("first bytes");
    return stream.exchange();
  }
};

TEST_F(WholeRequestTest, WithoutABody) {
  ASSERT_TRUE(startWith());
  EXPECT_TRUE(send(get("/")).request.complete);
  EXPECT_THAT(said(), ElementsAre("whole 0: "));
}

TEST_F(WholeRequestTest, NothingGoesOnBeforeItsEnd) {
  ASSERT_TRUE(startWith());
  auto& stream = openStream();
  stream.respondWith(ok());
  stream.requestHeaders(post("/", "").headers);
  stream.requestBody("ab");
  stream.requestBody("cd");
  EXPECT_FALSE(stream.received().started);
  stream.requestBody("ef", true);
  EXPECT_TRUE(stream.received().complete);
  EXPECT_EQ(stream.received().body(), "abcdef");
  EXPECT_THAT(said(), ElementsAre("bytes 2", "bytes 4", "bytes 6", "whole 6: abcdef"));
}

TEST_F(WholeRequestTest, AnEmptyLastPiece) {
  ASSERT_TRUE(startWith());
  auto& stream = openStream();
  stream.requestHeaders(post("/", "").headers);
  stream.requestBody("ab");
  stream.requestBody("", true);
  EXPECT_EQ(stream.received().body(), "ab");
  EXPECT_EQ(said().back(), "whole 2: ab");
}

// No body callback has the end of the stream.
TEST_F(WholeRequestTest, TrailersEndIt) {
  ASSERT_TRUE(startWith());
  const auto exchange = send(withTrailers("body"));
  EXPECT_TRUE(exchange.request.complete);
  EXPECT_EQ(exchange.request.body(), "body");
  EXPECT_THAT(exchange.request.trailers, HasHeader("t", "1"));
  EXPECT_EQ(said().back(), "whole 4: body, with trailers");
}

TEST_F(WholeRequestTest, TrailersWithoutABody) {
  ASSERT_TRUE(startWith());
  auto& stream = openStream();
  stream.requestHeaders(post("/", "").headers);
  stream.requestTrailers({{"t", "1"}});
  EXPECT_TRUE(stream.received().complete);
  EXPECT_EQ(said().back(), "whole 0: , with trailers");
}

TEST_F(WholeRequestTest, RefusedInEachPlaceTheUpstreamSeesNothing) {
  for (const std::string where : {"refuse", "start", "bytes"}) {
    ASSERT_TRUE(startWith(where));
    for (const auto& request : {post("/", "body"), withTrailers("body")}) {
      const auto exchange = send(request);
      EXPECT_THAT(exchange, IsLocalResponse(403)) << where;
      EXPECT_FALSE(exchange.request.started) << where;
    }
  }
  ASSERT_TRUE(startWith("refuse"));
  EXPECT_THAT(send(get("/")), IsLocalResponse(403));
}

TEST_F(WholeRequestTest, RefusedAtItsStartNothingMoreIsLookedAt) {
  ASSERT_TRUE(startWith("start"));
  auto& stream = openStream();
  stream.requestHeaders(post("/", "").headers);
  stream.requestBody("ab");
  EXPECT_THAT(said(), IsEmpty());
}

TEST_F(WholeRequestTest, WhatPassesAtItsStartIsNotWaitedFor) {
  ASSERT_TRUE(startWith("pass"));
  auto& stream = openStream();
  stream.requestHeaders(post("/", "").headers);
  EXPECT_TRUE(stream.received().started);
  stream.requestBody("ab");
  EXPECT_EQ(stream.received().body(), "ab");
  stream.requestTrailers({{"t", "1"}});
  EXPECT_TRUE(stream.received().complete);
  EXPECT_EQ(tunnel({}, "CONNECT").request.body(), "first bytes");
  EXPECT_THAT(said(), IsEmpty());
}

// A kept request stays complete and goes on when the filter continues it.
TEST_F(WholeRequestTest, KeptForAnAnswer) {
  host().addCluster("service",
                    [](const host::Callout&) { return host::CalloutReply::of(ok(), std::chrono::milliseconds(10)); });
  ASSERT_TRUE(startWith("wait"));
  for (const auto& request : {get("/"), post("/", "body"), withTrailers("body")}) {
    auto& stream = openStream();
    stream.respondWith(ok());
    stream.request(request);
    EXPECT_FALSE(stream.received().started);
    advance(std::chrono::milliseconds(10));
    EXPECT_TRUE(stream.received().complete);
    EXPECT_EQ(stream.received().body(), request.body());
    EXPECT_EQ(stream.received().arrivals, 1u);
  }
}

// A tunnel's body has no end, so the filter would wait forever.
TEST_F(WholeRequestTest, ATunnelIsRefused) {
  const std::pair<Headers, std::string> tunnels[] = {
      {{{"connection", "Upgrade"}, {"upgrade", "websocket"}}, "GET"},
      {{{"connection", "keep-alive, upgrade"}, {"upgrade", "websocket"}}, "GET"},
      {{{"connection", "\tUPGRADE ,close"}, {"upgrade", "anything"}}, "POST"},
      {{}, "CONNECT"}};
  ASSERT_TRUE(startWith());
  for (const auto& [headers, method] : tunnels) {
    const auto exchange = tunnel(headers, method);
    EXPECT_THAT(exchange, IsLocalResponse(403, "no tunnels\n"));
    EXPECT_EQ(exchange.details, "whole_request_tunnel");
    EXPECT_FALSE(exchange.request.started);
  }
}

TEST_F(WholeRequestTest, ATunnelThatMayPassIsNotWaitedFor) {
  ASSERT_TRUE(startWith("tunnels"));
  const auto exchange = tunnel({{"connection", "upgrade"}, {"upgrade", "websocket"}});
  EXPECT_EQ(exchange.request.body(), "first bytes");
  EXPECT_THAT(said(), ElementsAre("tunnel"));
}

TEST_F(WholeRequestTest, TheStartOfATunnelCanBeRefused) {
  ASSERT_TRUE(startWith("tunnels start"));
  EXPECT_THAT(tunnel({{"connection", "upgrade"}, {"upgrade", "websocket"}}), IsLocalResponse(403));
}

// These headers only look like a tunnel, so the filter waits for the whole request.
TEST_F(WholeRequestTest, WhatAsksForNoTunnelIsWaitedFor) {
  ASSERT_TRUE(startWith("tunnels"));
  const Headers others[] = {{{"upgrade", "websocket"}},
                            {{"connection", "upgrade"}},
                            {{"connection", "upgrades, no-upgrade"}, {"upgrade", "websocket"}},
                            {{"connection", ""}, {"upgrade", ""}}};
  for (const auto& headers : others) EXPECT_FALSE(tunnel(headers).request.started);
  EXPECT_FALSE(tunnel({}, "connect").request.started);
}

// A request without a body is whole even when it has a tunnel's headers.
TEST_F(WholeRequestTest, WhatHasEndedIsNoTunnel) {
  ASSERT_TRUE(startWith());
  EXPECT_TRUE(send(get("/", {{"connection", "upgrade"}, {"upgrade", "websocket"}})).request.complete);
}

TEST_F(WholeRequestTest, AHostThatDoesNotHandOverTheHeadersIsATunnel) {
  ASSERT_TRUE(startWith());
  host().failHostcall("proxy_get_header_map_value", Status::InternalFailure);
  EXPECT_THAT(tunnel({}), IsLocalResponse(403));
}

}  // namespace
