// Tasks: a stream waits for them and then continues; they end with their context; the SDK catches misuse.
#include "script_test.h"

namespace sluice::testing {
namespace {

using ::testing::Contains;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr std::chrono::milliseconds kDelay(10);

class Tasks : public ScriptTest {
 protected:
  explicit Tasks(Profile profile = Profile::envoy()) : ScriptTest(std::move(profile)) {
    for (const auto* name : {"one", "two", "three"}) {
      auto message = ok(name, {{"name", name}});
      message.trailers = {{"t", "1"}};
      host().addCluster(name, host::CalloutReply::of(message, kDelay));
    }
    host().addCluster("never", host::CalloutReply::never());
    host().addCluster("reset", host::CalloutReply::reset(kDelay));
  }
  void wait() { advance(kDelay); }
};

TEST_F(Tasks, ARequestWaitsForEachReplyInTurn) {
  ASSERT_TRUE(startScript({{"onRequestHeaders", "run.inTurn", {"one", "two"}},
                           {"onReply", "reply.body"},
                           {"onReply", "requestHeaders.add", {"x-asked", "yes"}}}));
  auto& stream = openStream();
  stream.request(post("/", "body"));
  EXPECT_TRUE(stream.requestPaused());
  EXPECT_EQ(host().callouts().size(), 1u);
  wait();
  EXPECT_TRUE(stream.requestPaused());
  EXPECT_EQ(host().callouts().size(), 2u);
  wait();
  EXPECT_TRUE(stream.received().complete);
  EXPECT_EQ(stream.received().body(), "body");
  EXPECT_THAT(stream.received().headers, HasHeaderValues("x-asked", {"yes", "yes"}));
  EXPECT_EQ(stream.received().arrivals, 1u);
  EXPECT_THAT(said(), ElementsAre("reply.body = one", "requestHeaders.add: Ok", "reply.body = two",
                                  "requestHeaders.add: Ok", "in turn: done"));
}

TEST_F(Tasks, ATaskThatDoesNotWaitLetsTheStreamPass) {
  ASSERT_TRUE(startScript({{"onRequestHeaders", "run.nobody"},
                           {"onRequestBody", "run.nobody"},
                           {"onRequestTrailers", "run.nobody"},
                           {"onResponseHeaders", "run.nobody"}}));
  auto request = post("/", "body");
  request.trailers = {{"t", "1"}};
  const auto exchange = send(request);
  EXPECT_TRUE(exchange.request.complete);
  EXPECT_TRUE(exchange.response.complete);
  EXPECT_THAT(said(), Each("nobody: 4950"));
  EXPECT_EQ(said().size(), 4u);
  EXPECT_EQ(host().hostcalls("proxy_continue_stream"), 0u);
}

struct Phase {
  std::string callback;
  bool request;
};

void PrintTo(const Phase& phase, std::ostream* out) { *out << phase.callback; }

class EachPhase : public Tasks, public ::testing::WithParamInterface<Phase> {};

INSTANTIATE_TEST_SUITE_P(Callbacks, EachPhase,
                         ::testing::Values(Phase{"onRequestHeaders", true}, Phase{"onRequestBody", true},
                                           Phase{"onRequestTrailers", true}, Phase{"onResponseHeaders", false},
                                           Phase{"onResponseBody", false}, Phase{"onResponseTrailers", false}));

TEST_P(EachPhase, WaitsForATaskAndNothingPassesMeanwhile) {
  const auto& [callback, request] = GetParam();
  ASSERT_TRUE(startScript({{callback, "run.inTurn", {"one", "two"}}}));
  auto& stream = openStream();
  Message message = request ? post("/", "body") : ok("body");
  message.trailers = {{"t", "1"}};
  if (request) {
    stream.request(message);
  } else {
    stream.request(get("/"));
    stream.response(message);
  }
  const auto& arrived = request ? stream.received() : stream.answer();
  EXPECT_FALSE(arrived.complete);
  wait();
  EXPECT_TRUE(request ? stream.requestPaused() : stream.responsePaused());
  EXPECT_FALSE(arrived.complete);
  wait();
  EXPECT_TRUE(arrived.complete);
  EXPECT_EQ(arrived.body(), "body");
  EXPECT_THAT(arrived.trailers, HasHeader("t", "1"));
  EXPECT_EQ(arrived.arrivals, 1u);
  EXPECT_THAT(said(), ElementsAre("in turn: done"));
}

TEST_P(EachPhase, EndsWithALocalResponse) {
  const auto& [callback, request] = GetParam();
  if (callback == "onResponseBody" || callback == "onResponseTrailers") GTEST_SKIP() << "The headers are out already.";
  for (const bool waits : {false, true}) {
    ASSERT_TRUE(startScript(
        {{callback, waits ? "run.inTurn" : "run.nobody", {"one"}}, {"onReply", "sendLocalResponse", {"403", "no"}}}));
    auto& stream = openStream();
    Message message = post("/", "body");
    message.trailers = {{"t", "1"}};
    stream.request(message);
    if (!request) stream.response(ok("from the upstream"));
    wait();
    EXPECT_THAT(stream.exchange(), IsLocalResponse(403, "no")) << waits;
    EXPECT_TRUE(stream.closed());
  }
  EXPECT_EQ(host().hostcalls("proxy_continue_stream"), 0u);
}

TEST_P(EachPhase, EndsWithTheStreamClosed) {
  const auto& [callback, request] = GetParam();
  for (const bool waits : {false, true}) {
    ASSERT_TRUE(startScript({{callback, waits ? "run.inTurn" : "run.nobody", {"one"}},
                             {"onReply", request ? "closeRequest" : "closeResponse"}}));
    auto& stream = openStream();
    Message message = request ? post("/", "body") : ok("body");
    message.trailers = {{"t", "1"}};
    stream.request(request ? message : get("/"));
    if (!request) stream.response(message);
    wait();
    EXPECT_TRUE(stream.closed()) << waits;
  }
  EXPECT_EQ(host().hostcalls("proxy_continue_stream"), 0u);
}

TEST_F(Tasks, TheResponseOfALocalResponseMayWaitToo) {
  ASSERT_TRUE(startScript({{"onRequestHeaders", "run.inTurn", {"one"}},
                           {"onReply", "sendLocalResponse", {"403", "no"}},
                           {"onResponseHeaders", "run.inTurn", {"two"}}}));
  auto& stream = openStream();
  stream.request(get("/"));
  wait();
  EXPECT_FALSE(stream.answer().started);
  wait();
  EXPECT_THAT(stream.exchange(), IsLocalResponse(403, "no"));
}

TEST_F(Tasks, AStreamGoesOnWhenTheLastOfItsTasksIsFinished) {
  ASSERT_TRUE(startScript({{"onRequestBody", "run.inTurn", {"one", "two"}}}));
  auto& stream = openStream();
  stream.requestHeaders(post("/", "").headers);
  stream.requestBody("a");
  wait();
  stream.requestBody("b");
  wait();
  stream.requestBody("c", true);
  wait();
  EXPECT_FALSE(stream.received().complete);
  wait();
  EXPECT_EQ(stream.received().body(), "abc");
  EXPECT_TRUE(stream.received().complete);
  EXPECT_EQ(stream.received().arrivals, 1u);
}

TEST_F(Tasks, AllTogetherTakeAsLongAsTheLongest) {
  host().addCluster("three", host::CalloutReply::of(respond(404, "slow"), 3 * kDelay));
  ASSERT_TRUE(startScript({{"onRequestHeaders", "run.together", {"three", "one", "unknown", "reset", "two"}}}));
  auto& stream = openStream();
  stream.request(get("/"));
  wait();
  EXPECT_THAT(said(), IsEmpty());
  EXPECT_TRUE(stream.requestPaused());
  wait();
  wait();
  EXPECT_TRUE(stream.received().complete);
  EXPECT_THAT(said(),
              ElementsAre("together: Ok 404 slow no header 3 0", "together: Ok 200 one one 4 1",
                          "together: BadArgument 0 no body no header 0 0",
                          "together: BrokenConnection 0 no body no header 0 0", "together: Ok 200 two two 4 1"));
}

TEST_F(Tasks, NoneTogetherTakeNoTime) {
  ASSERT_TRUE(
      startScript({{"onRequestHeaders", "run.together", {}}, {"onResponseHeaders", "run.together", {"unknown"}}}));
  EXPECT_TRUE(send(get("/")).response.complete);
  EXPECT_THAT(said(), ElementsAre("together: BadArgument 0 no body no header 0 0"));
}

TEST_F(Tasks, ACallThatCannotBeMadeDoesNotWait) {
  ASSERT_TRUE(startScript({{"onRequestHeaders", "run.inTurn", {"unknown"}},
                           {"onReply", "reply.error"},
                           {"onReply", "reply.errorMessage"}}));
  EXPECT_TRUE(send(get("/")).response.complete);
  EXPECT_THAT(said(), ElementsAre("reply.error: BadArgument", "reply.errorMessage: NotFound", "in turn: done"));
}

TEST_F(Tasks, AReplyThatIsNone) {
  ASSERT_TRUE(startScript(
      {{"onRequestHeaders", "run.inTurn", {"reset"}}, {"onReply", "reply.error"}, {"onReply", "reply.errorMessage"}}));
  auto& stream = openStream();
  stream.request(get("/"));
  wait();
  EXPECT_TRUE(stream.received().complete);
  EXPECT_THAT(said(), ElementsAre("reply.error: BrokenConnection", "reply.errorMessage = reset", "in turn: done"));
}

TEST_F(Tasks, AServiceThatDoesNotAnswer) {
  ASSERT_TRUE(startScript({{"onRequestHeaders", "run.inTurn", {"never"}}, {"onReply", "reply.statusCode"}}));
  auto& stream = openStream();
  stream.request(get("/"));
  advance(std::chrono::milliseconds(999));
  EXPECT_TRUE(stream.requestPaused());
  advance(std::chrono::milliseconds(1));
  EXPECT_TRUE(stream.received().complete);
  EXPECT_THAT(said(), ElementsAre("reply.statusCode = 504", "in turn: done"));
}

TEST_F(Tasks, TheClientGoesAwayFirst) {
  for (const auto* how : {"run.inTurn", "run.together", "start.inTurn", "start.together"}) {
    ASSERT_TRUE(startScript({{"onRequestHeaders", how, {"one", "two"}}, {"onReply", "reply.body"}}));
    auto& stream = openStream();
    stream.request(get("/"));
    stream.close();
    wait();
    wait();
    EXPECT_THAT(said(), IsEmpty()) << how;
  }
}

TEST_F(Tasks, ARootContextRunsItsOwn) {
  ASSERT_TRUE(startScript({{"onTick", "start.inTurn", {"one", "two"}},
                           {"onTick", "start.nobody"},
                           {"onTick", "run.inTurn", {"one"}},
                           {"root.onReply", "reply.body"}}));
  plugin().callback("proxy_on_tick", {plugin().rootContextId()}, plugin().rootContextId());
  wait();
  wait();
  EXPECT_THAT(said(), ElementsAre("nobody: 4950", "reply.body: NotFound", "no such function: run.inTurn",
                                  "reply.body = one", "reply.body = two", "in turn: done"));
  host().clearLogs();
  plugin().callback("proxy_on_tick", {plugin().rootContextId()}, plugin().rootContextId());
  plugin().callback("proxy_on_delete", {plugin().rootContextId()});
  wait();
  EXPECT_THAT(said(), ElementsAre("nobody: 4950", "reply.body: NotFound", "no such function: run.inTurn"));
}

TEST_F(Tasks, AStreamDoesNotWaitForWhatItStarts) {
  ASSERT_TRUE(startScript({{"onRequestHeaders", "start.inTurn", {"one"}}, {"onReply", "reply.body"}}));
  auto& stream = openStream();
  stream.request(get("/"));
  EXPECT_TRUE(stream.received().complete);
  wait();
  EXPECT_THAT(said(), ElementsAre("reply.body = one", "in turn: done"));
}

TEST_F(Tasks, AHostThatCannotContinueIsReported) {
  ASSERT_TRUE(startScript({{"onRequestHeaders", "run.inTurn", {"one"}}}));
  openStream().request(get("/"));
  host().failHostcall("proxy_continue_stream", Status::InternalFailure);
  wait();
  EXPECT_THAT(said(), ElementsAre("in turn: done", "sluice: continuing a stream after its task: status 10"));
}

class TasksFilter : public Tasks {
 protected:
  TasksFilter() : Tasks(envoyWithoutRouter()) {
    host().addCluster("service", host::CalloutReply::of(ok("reply"), kDelay));
  }
  void SetUp() override { plugin_ = host().load(siblingFilter("sdk_tasks")); }
  std::unique_ptr<HttpStream> ask(std::string_view path) {
    auto stream = plugin_->openStream();
    stream->request(get(path));
    return stream;
  }

  std::shared_ptr<Plugin> plugin_;
};

TEST_F(TasksFilter, LocalsLiveAcrossAwaitsAndEndInOrder) {
  const auto stream = ask("/locals");
  wait();
  wait();
  EXPECT_TRUE(stream->received().complete);
  EXPECT_THAT(said(), ElementsAre("local begins", "inner local begins", "inner local ends", "second local begins",
                                  "finished", "second local ends", "local ends"));
}

TEST_F(TasksFilter, LocalsEndWhereTheTaskIsCancelled) {
  auto stream = ask("/locals");
  stream->close();
  EXPECT_THAT(said(), ElementsAre("local begins", "inner local begins", "inner local ends", "local ends"));
  host().clearLogs();
  stream = ask("/locals");
  wait();
  stream->close();
  wait();
  EXPECT_THAT(said(), ElementsAre("local begins", "inner local begins", "inner local ends", "second local begins",
                                  "second local ends", "local ends"));
}

TEST_F(TasksFilter, ACopySurvivesAnAwait) {
  const auto stream = ask("/copy");
  wait();
  EXPECT_THAT(said(), ElementsAre("copy = /copy"));
}

TEST_F(TasksFilter, ACallInBracesIsSentBeforeItsTemporariesEnd) {
  const std::string name(60, 'n');
  const auto stream = ask("/braces");
  ASSERT_EQ(host().callouts().size(), 1u);
  const auto first = host().callouts()[0];
  EXPECT_THAT(first.request.headers, HasHeader(":path", "/" + name));
  EXPECT_THAT(first.request.headers, HasHeader("x-name", name + "!"));
  EXPECT_EQ(first.request.body(), "body of " + name);
  EXPECT_EQ(first.timeout, std::chrono::milliseconds(0));
  wait();
  ASSERT_EQ(host().callouts().size(), 3u);
  const auto second = host().callouts()[1];
  const auto third = host().callouts()[2];
  EXPECT_THAT(second.request.headers, HasHeader(":path", "/2" + name));
  EXPECT_EQ(second.timeout, std::chrono::milliseconds(1000));
  EXPECT_THAT(third.request.headers, HasHeader(":path", "/3" + name));
  EXPECT_THAT(third.request.trailers, HasHeader("x-last", name));
  wait();
  EXPECT_THAT(said(), ElementsAre("first: 200", "second: 200, third: 200"));
  EXPECT_THAT(stream->answer().headers, HasHeader("x-name", "/" + name));
  EXPECT_EQ(stream->answer().body(), name + "?");
}

TEST_F(TasksFilter, AViewThatDoesNotIsCaughtByTheAddressSanitizer) {
#if SLUICE_TEST_HAS_ASAN
  if (isWasmRun()) GTEST_SKIP() << "Only the native run sees stale views.";
  const auto stream = ask("/view");
  EXPECT_DEATH(wait(), "heap-use-after-free");
#else
  GTEST_SKIP() << "Built without the address sanitizer.";
#endif
}

TEST_F(TasksFilter, ATaskThatDoesNotWaitAllocatesNothing) {
  EXPECT_TRUE(ask("/nothing")->received().complete);
  ask("/nothing");
  ASSERT_EQ(said().size(), 4u);
  EXPECT_EQ(said().back(), "a task that does not wait: has not allocated");
}

TEST_F(TasksFilter, ACallThatIsAwaitedTooLateOrTwiceIsAnErrorAndDoesNotWaitForEver) {
  auto stream = ask("/late");
  wait();
  EXPECT_TRUE(stream->received().complete);
  EXPECT_THAT(said(), Contains("late: Ok BadArgument"));
  host().clearLogs();
  stream = ask("/late/all");
  wait();
  wait();
  EXPECT_TRUE(stream->received().complete);
  EXPECT_THAT(said(), Contains("late: Ok BadArgument Ok"));
  host().clearLogs();
  stream = ask("/twice");
  wait();
  EXPECT_TRUE(stream->received().complete);
  EXPECT_THAT(said(), Contains("twice: Ok BadArgument"));
}

TEST_F(TasksFilter, AStreamThatWentOnByItselfIsNotContinuedAgain) {
  const auto stream = ask("/own");
  wait();
  EXPECT_TRUE(stream->received().complete);
  wait();
  EXPECT_EQ(stream->received().arrivals, 1u);
  EXPECT_THAT(said(), ElementsAre("on its own: finished"));
  EXPECT_EQ(host().hostcalls("proxy_continue_stream"), 1u);
}

TEST_F(TasksFilter, ATrapInATaskIsATrap) {
  expectTraps();
  auto stream = ask("/trap");
  EXPECT_TRUE(plugin_->failure().has_value());
  plugin_ = host().load(siblingFilter("sdk_tasks"), {.vmId = "another"});
  stream = ask("/trap/later");
  wait();
  EXPECT_TRUE(plugin_->failure().has_value());
}

TEST_F(TasksFilter, TasksWaitForTasksToAnyDepth) {
  const auto stream = ask("/deep");
  wait();
  EXPECT_TRUE(stream->received().complete);
  EXPECT_THAT(said(), ElementsAre("104"));
}

TEST_F(TasksFilter, TenThousandStreamsOfEightCalloutsNeedNoMoreMemoryThanAHundred) {
  uint32_t pages = 0;
  for (int i = 0; i < 10'000; ++i) {
    const auto stream = ask("/eight");
    if (i % 7 == 0) continue;  // The stream ends before the reply.
    wait();
    ASSERT_TRUE(stream->received().complete) << i;
    if (i == 100) pages = plugin_->memoryPages();
  }
  EXPECT_LE(plugin_->memoryPages(), pages);
}

}  // namespace
}  // namespace sluice::testing
