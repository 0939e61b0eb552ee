// The lifecycle of contexts: created, started, configured, ticked, done, logged, deleted.
#include "script_test.h"

namespace sluice::testing {
namespace {

using ::testing::Contains;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class Lifecycle : public ScriptTest {
 protected:
  uint64_t rootId() { return plugin().rootContextId(); }
};

TEST_F(Lifecycle, ARootIsCreatedStartedConfiguredAndDeleted) {
  ASSERT_TRUE(start({.vmConfiguration = "vm", .configuration = "plugin"}));
  const std::string root = "root " + std::to_string(rootId()) + ": ";
  EXPECT_THAT(trace(), ElementsAre(root + "onCreate", root + "onStart 2", root + "onConfigure 6"));
  host().clearLogs();
  EXPECT_TRUE(plugin().shutdown());
  EXPECT_THAT(trace(), ElementsAre(root + "onDone", root + "onDelete", root + "gone"));
}

TEST_F(Lifecycle, AStreamSeesEveryPartOfAnExchangeInOrder) {
  ASSERT_TRUE(start());
  host().clearLogs();
  Message request = post("/", "body");
  request.trailers = {{"t", "1"}};
  Message response = ok("body");
  response.trailers = {{"t", "1"}, {"u", "2"}};
  send(request, response);
  std::vector<std::string> callbacks;
  for (const auto& line : trace()) callbacks.push_back(line.substr(line.find(": ") + 2));
  EXPECT_THAT(callbacks, ElementsAre("onCreate", HasSubstr("onRequestHeaders"), "onRequestBody 4 false",
                                     "onRequestTrailers 1", HasSubstr("onResponseHeaders"), "onResponseBody 4 false",
                                     "onResponseTrailers 2", "onLog", "onDone", "onDelete", "gone"));
}

TEST_F(Lifecycle, EndOfStreamIsToldWhereItIs) {
  ASSERT_TRUE(start());
  host().clearLogs();
  auto& stream = openStream();
  stream.requestHeaders(get("/").headers, true);
  stream.responseHeaders(ok("body").headers);
  stream.responseBody("bo");
  stream.responseBody("dy", true);
  const auto id = "stream " + std::to_string(stream.contextId()) + ": ";
  EXPECT_THAT(trace(),
              ::testing::IsSupersetOf({id + "onRequestHeaders " + std::to_string(get("/").headers.size()) + " true",
                                       id + "onResponseHeaders 2 false", id + "onResponseBody 2 false",
                                       id + "onResponseBody 2 true"}));
}

TEST_F(Lifecycle, ConfigurationsAreReadWhereTheyAreGiven) {
  ASSERT_TRUE(startScript(
      {{"onConfigure", "configuration"}, {"onConfigure", "vmConfiguration"}, {"onRequestHeaders", "configuration"}},
      {.vmConfiguration = scriptText({{"onStart", "vmConfiguration"}, {"onStart", "configuration"}})}));
  ASSERT_EQ(said().size(), 4u);
  EXPECT_THAT(said().at(0), HasSubstr("vmConfiguration = start"));
  EXPECT_THAT(said().at(1), HasSubstr("configuration"));
  EXPECT_THAT(said().at(2), HasSubstr("configuration = configure"));
}

TEST_F(Lifecycle, ARefusedStartOrConfigurationIsARefusedFilter) {
  EXPECT_FALSE(startScript({{"onConfigure", "return", {"0"}}}));
  EXPECT_FALSE(start({.vmConfiguration = scriptText({{"onStart", "return", {"0"}}})}));
}

TEST_F(Lifecycle, ARootMayWaitBeforeItIsDeleted) {
  ASSERT_TRUE(startScript({{"root.onDone", "return", {"0"}}}));
  EXPECT_FALSE(plugin().shutdown());
  EXPECT_THAT(trace(), Not(Contains(HasSubstr("gone"))));
}

TEST_F(Lifecycle, SeveralPluginsInOneVmHaveRootsOfTheirOwn) {
  ASSERT_TRUE(startScript({{"onRequestHeaders", "requestHeaders.add", {"x-by", "first"}}}, {.vmId = "shared"}));
  auto& first = openStream();
  ASSERT_TRUE(startScript({{"onRequestHeaders", "requestHeaders.add", {"x-by", "second"}}}, {.vmId = "shared"}));
  auto& second = openStream();
  first.requestHeaders(get("/").headers, true);
  second.requestHeaders(get("/").headers, true);
  EXPECT_NE(first.contextId(), second.contextId());
  EXPECT_THAT(first.received().headers, HasHeaderValues("x-by", {"first"}));
  EXPECT_THAT(second.received().headers, HasHeaderValues("x-by", {"second"}));
}

TEST_F(Lifecycle, OneModuleInSeveralVmsIsSeveralFilters) {
  ASSERT_TRUE(startScript({{"onRequestHeaders", "requestHeaders.add", {"x-by", "first"}}}, {.vmId = "one"}));
  auto& first = openStream();
  ASSERT_TRUE(startScript({{"onRequestHeaders", "requestHeaders.add", {"x-by", "second"}}}, {.vmId = "two"}));
  EXPECT_THAT(send(get("/")).request.headers, HasHeaderValues("x-by", {"second"}));
  first.requestHeaders(get("/").headers, true);
  EXPECT_THAT(first.received().headers, HasHeaderValues("x-by", {"first"}));
}

TEST_F(Lifecycle, AConfigurationMayComeAgain) {
  ASSERT_TRUE(startScript({{"onRequestHeaders", "requestHeaders.add", {"x-a", "1"}}}));
  plugin().callback("proxy_on_configure", {rootId(), 0}, static_cast<uint32_t>(rootId()));
  EXPECT_THAT(send(get("/")).request.headers, HasHeader("x-a", "1"));
}

TEST_F(Lifecycle, ARootDeletedBeforeItsStreamsTakesThemAlong) {
  ASSERT_TRUE(startScript({{"onResponseHeaders", "responseHeaders.add", {"x-late", "yes"}}}));
  auto& stream = openStream();
  stream.requestHeaders(get("/").headers, true);
  host().clearLogs();
  const auto root = "root " + std::to_string(rootId()) + ": ";
  const auto its = "stream " + std::to_string(stream.contextId()) + ": ";
  plugin().callback("proxy_on_delete", {rootId()});
  // The contexts are destroyed when the callback returns, the streams first.
  EXPECT_THAT(trace(), ElementsAre(its + "onDelete", root + "onDelete", its + "gone", root + "gone"));
  // The SDK ignores the context's later callbacks.
  stream.response(ok());
  EXPECT_THAT(stream.answer().headers, HasNoHeader("x-late"));
  stream.close();
  EXPECT_THAT(said(), Each(HasSubstr("ignored a callback")));
}

TEST_F(Lifecycle, TenThousandStreamsAtATime) {
  ASSERT_TRUE(startScript({{"onResponseHeaders", "responseHeaders.add", {"x-a", "1"}}}));
  host().setLogLevel(LogLevel::Warn);
  constexpr uint64_t kStreams = 10'000;
  constexpr uint64_t kFirst = 1'000'000;
  for (uint64_t i = 0; i < kStreams; ++i) plugin().callback("proxy_on_context_create", {kFirst + i, rootId()});
  for (uint64_t i = 0; i < kStreams; ++i) plugin().callback("proxy_on_request_headers", {kFirst + i, 0, 1});
  // Deletes the contexts in a different order from creation.
  for (uint64_t i = 0; i < kStreams; ++i) plugin().callback("proxy_on_delete", {kFirst + i * 7919 % kStreams});
  EXPECT_THAT(said(), IsEmpty());
  plugin().callback("proxy_on_delete", {kFirst});
  EXPECT_THAT(said(), ElementsAre(HasSubstr("ignored a callback: bad context id")));
}

TEST_F(Lifecycle, OnLogSeesAllMapsOfTheStream) {
  ASSERT_TRUE(startScript({{"onLog", "requestHeaders.get", {":path"}}, {"onLog", "responseHeaders.get", {":status"}}}));
  send(get("/logged"), respond(404));
  EXPECT_THAT(said(), ElementsAre("requestHeaders.get = /logged", "responseHeaders.get = 404"));
}

TEST_F(Lifecycle, RequestHeadersAreGoneOnceTheRequestWentOn) {
  ASSERT_TRUE(startScript({{"onResponseHeaders", "requestHeaders.get", {":path"}}}));
  send(get("/"));
  EXPECT_THAT(said(), ElementsAre(::testing::AnyOf("requestHeaders.get: NotFound", "requestHeaders.get: BadArgument")));
}

}  // namespace
}  // namespace sluice::testing
