// Several filters in one stream: the order of their callbacks, and how one affects the others. The expectations were
// observed in a real Envoy.
#include "guest_test.h"

namespace sluice::host {
namespace {

using namespace test;

constexpr char kRefuse[] = R"(
    (drop (call $send_local_response (i32.const 403) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 2)
      (i32.const 0) (i32.const 0) (i32.const -1)))
    (i32.const 0))";

class ChainTest : public GuestTest {
 protected:
  using Bodies = std::map<std::string, std::string>;

  /// Three filters, each in its own VM; `bodies` are the callbacks of the second one.
  const std::vector<std::shared_ptr<Plugin>>& chain(const Bodies& bodies = {}) {
    for (const char* name : {"1", "2", "3"}) {
      plugins.push_back(load(tracer(*name == '2' ? bodies : Bodies{}), {.name = name, .vmId = name}));
    }
    host.clearLogs();
    return plugins;
  }
  /// The log lines since the last call, with the filters' names.
  std::vector<std::string> told() {
    std::vector<std::string> lines;
    for (const LogLine& line : host.logs()) lines.push_back(line.plugin + " " + line.text);
    host.clearLogs();
    return lines;
  }

  std::vector<std::shared_ptr<Plugin>> plugins;
};

TEST_F(ChainTest, RequestsPassForwardsAndResponsesBackwards) {
  auto stream = host.openStream(chain());
  stream->respondWith(ok("body"));
  stream->request(post("/", "body"));
  EXPECT_TRUE(stream->closed());
  EXPECT_THAT(told(), ElementsAre("1 context_create 2 1", "1 request_headers 5 0", "2 context_create 2 1",
                                  "2 request_headers 5 0", "3 context_create 2 1", "3 request_headers 5 0",
                                  "1 request_body 4 1", "2 request_body 4 1", "3 request_body 4 1",
                                  "3 response_headers 2 0", "2 response_headers 2 0", "1 response_headers 2 0",
                                  "3 response_body 4 1", "2 response_body 4 1", "1 response_body 4 1", "1 log", "2 log",
                                  "3 log", "1 done", "1 delete", "2 done", "2 delete", "3 done", "3 delete"));
}

TEST_F(ChainTest, ALocalResponsePassesTheFiltersThatSawTheRequest) {
  auto stream = host.openStream(chain({{"request_headers", kRefuse}}));
  stream->request(get("/"));
  EXPECT_EQ(stream->answer().status(), 403);
  EXPECT_FALSE(stream->received().started);
  EXPECT_THAT(told(),
              ElementsAre("1 context_create 2 1", "1 request_headers 4 1", "2 context_create 2 1",
                          "2 request_headers 4 1", "2 response_headers 3 0", "1 response_headers 3 0",
                          "2 response_body 2 1", "1 response_body 2 1", "1 log", "2 log", "3 context_create 2 1",
                          "3 log", "1 done", "1 delete", "2 done", "2 delete", "3 done", "3 delete"));
}

TEST_F(ChainTest, ALocalResponseInTheResponseGoesAroundTheOtherFilters) {
  auto stream = host.openStream(chain({{"response_headers", kRefuse}}));
  stream->respondWith(ok());
  stream->request(get("/"));
  EXPECT_EQ(stream->answer().status(), 403);
  EXPECT_THAT(told(), ElementsAre("1 context_create 2 1", "1 request_headers 4 1", "2 context_create 2 1",
                                  "2 request_headers 4 1", "3 context_create 2 1", "3 request_headers 4 1",
                                  "3 response_headers 1 1", "2 response_headers 1 1", "1 log", "2 log", "3 log",
                                  "1 done", "1 delete", "2 done", "2 delete", "3 done", "3 delete"));
}

TEST_F(ChainTest, AFailedFilterAnswersAndTheOthersGoOn) {
  auto stream = host.openStream(chain({{"request_headers", "(unreachable)"}}));
  stream->request(get("/"));
  EXPECT_EQ(stream->answer().status(), 503);
  EXPECT_THAT(told(), ElementsAre("1 context_create 2 1", "1 request_headers 4 1", "2 context_create 2 1",
                                  "2 request_headers 4 1", "1 response_headers 1 1", "1 log", "3 context_create 2 1",
                                  "3 log", "1 done", "1 delete", "3 done", "3 delete"));
}

TEST_F(ChainTest, AFilterInTheMiddleHoldsBackWhatFollows) {
  chain({{"request_headers", "(i32.const 4)"}, {"tick", R"(
      (drop (call $set_effective_context (i32.const 2))) (drop (call $continue (i32.const 0))))"}});
  auto stream = host.openStream(plugins);
  stream->respondWith(ok());
  stream->request(post("/", "body"));
  EXPECT_TRUE(stream->requestPaused());
  EXPECT_THAT(told(), ElementsAre("1 context_create 2 1", "1 request_headers 5 0", "2 context_create 2 1",
                                  "2 request_headers 5 0", "1 request_body 4 1"));
  plugins[1]->callback("proxy_on_tick", {1});
  EXPECT_TRUE(stream->closed());
  EXPECT_THAT(told(), AllOf(Contains("2 request_body 4 1"), Contains("3 request_body 4 1")));
  EXPECT_EQ(stream->received().body(), "body");
}

TEST_F(ChainTest, FiltersOfOneVmAreContextsOfTheirOwn) {
  auto first = load(tracer(), {.name = "1", .rootId = "a"});
  auto second = load(tracer(), {.name = "2", .rootId = "b"});
  told();
  auto stream = host.openStream({first, second, first});  // A chain may contain the same filter twice.
  stream->respondWith(ok());
  stream->request(get("/"));
  EXPECT_EQ(stream->contextId(0), 3u);
  EXPECT_EQ(stream->contextId(1), 4u);
  EXPECT_EQ(stream->contextId(2), 5u);
  EXPECT_THAT(told(), ElementsAre("1 context_create 3 1", "1 request_headers 4 1", "2 context_create 4 2",
                                  "2 request_headers 4 1", "1 context_create 5 1", "1 request_headers 4 1",
                                  "1 response_headers 1 1", "2 response_headers 1 1", "1 response_headers 1 1", "1 log",
                                  "2 log", "1 log", "1 done", "1 delete", "2 done", "2 delete", "1 done", "1 delete"));
}

TEST_F(ChainTest, WhatOneFilterWritesTheNextReads) {
  const std::string data = R"((data (i32.const 0) "keyvalue"))";
  auto writer = load(tracer({{"request_headers", R"(
      (drop (call $set_property (i32.const 0) (i32.const 3) (i32.const 3) (i32.const 5))) (i32.const 0))"}},
                            data),
                     {.name = "writer"});
  auto reader = load(tracer({{"request_headers", R"(
      (call $digit (call $get_property (i32.const 0) (i32.const 3) (i32.const 1008) (i32.const 1012)))
      (call $say_result) (i32.const 0))"}},
                            data),
                     {.name = "reader"});
  host.clearLogs();
  auto stream = host.openStream({writer, reader});
  stream->request(get("/"));
  EXPECT_THAT(told(), AllOf(Contains("reader 0"), Contains("reader value")));
  EXPECT_EQ(stream->writtenProperty("key"), "value");
}

TEST_F(ChainTest, MetadataPassesWhereHeadersHavePassed) {
  chain({{"request_headers", "(i32.const 4)"}, {"tick", R"(
      (drop (call $set_effective_context (i32.const 2))) (drop (call $continue (i32.const 0))))"}});
  auto stream = host.openStream(plugins);
  EXPECT_THROW(stream->requestMetadata({{"a", "1"}}), Error);
  stream->requestHeaders(post("/", "x").headers);
  told();
  stream->requestMetadata({{"a", "1"}, {"b", "2"}});
  EXPECT_THAT(told(), ElementsAre("1 request_metadata 2"));
  stream->requestBody("x");
  told();
  plugins[1]->callback("proxy_on_tick", {1});
  EXPECT_THAT(told(), ElementsAre("2 tick", "3 context_create 2 1", "3 request_headers 5 0", "2 request_metadata 2",
                                  "3 request_metadata 2", "2 request_body 1 0", "3 request_body 1 0"));
  ASSERT_EQ(stream->received().metadata.size(), 1u);
  EXPECT_EQ(stream->received().metadata[0].size(), 2u);
  EXPECT_THROW(stream->responseMetadata({}), Error);
  stream->responseHeaders(ok().headers);
  told();
  stream->responseMetadata({{"c", "3"}});
  EXPECT_THAT(told(), ElementsAre("3 response_metadata 1", "2 response_metadata 1", "1 response_metadata 1"));
  EXPECT_EQ(stream->answer().metadata.size(), 1u);
}

}  // namespace
}  // namespace sluice::host
