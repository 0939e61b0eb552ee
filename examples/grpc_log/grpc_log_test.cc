#include <sluice/testing.h>

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "common/faults.h"

using namespace sluice;
using namespace sluice::testing;
using namespace std::chrono_literals;
using host::GrpcCall;
using host::GrpcReply;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

namespace {

// A message, parsed without protobuf: its numbers and bytes by field number.
struct Fields {
  std::multimap<uint64_t, uint64_t> numbers;
  std::multimap<uint64_t, std::string> bytes;

  explicit Fields(std::string_view message) {
    const auto varint = [&] {
      uint64_t value = 0;
      for (int shift = 0; !message.empty(); shift += 7) {
        const auto byte = static_cast<unsigned char>(message.front());
        message.remove_prefix(1);
        value |= uint64_t{byte & 127u} << shift;
        if (byte < 128) break;
      }
      return value;
    };
    while (!message.empty()) {
      const auto tag = varint();
      if (tag % 8 == 0) {
        numbers.emplace(tag / 8, varint());
      } else {
        const auto size = varint();
        EXPECT_TRUE(tag % 8 == 2 && size <= message.size()) << "tag " << tag << ", size " << size;
        bytes.emplace(tag / 8, message.substr(0, size));
        message.remove_prefix(std::min<size_t>(size, message.size()));
      }
    }
  }
  uint64_t number(uint64_t field) const { return numbers.contains(field) ? numbers.find(field)->second : 0; }
  std::string text(uint64_t field) const { return bytes.contains(field) ? bytes.find(field)->second : ""; }
  std::vector<Fields> messages(uint64_t field) const {
    std::vector<Fields> all;
    const auto [first, last] = bytes.equal_range(field);
    for (auto at = first; at != last; ++at) all.emplace_back(at->second);
    return all;
  }
};

// The content of a WriteRequest.
struct Batch {
  std::string logName;
  std::vector<Fields> entries;
  uint64_t lost;

  explicit Batch(const Fields& fields) : logName(fields.text(1)), entries(fields.messages(2)), lost(fields.number(3)) {}
  explicit Batch(std::string_view message) : Batch(Fields(message)) {}
  std::vector<std::string> paths() const {
    std::vector<std::string> all;
    for (const auto& entry : entries) all.push_back(entry.text(5));
    return all;
  }
};

// A WriteResponse.
std::string response(size_t written) {
  std::string bytes = "\x08";
  for (; written >= 128; written /= 128) bytes += static_cast<char>(written % 128 + 128);
  return bytes += static_cast<char>(written);
}

}  // namespace

class GrpcLog : public FilterTest {
 protected:
  ::testing::AssertionResult startWith(const std::string& more = "") {
    return start(
        {.configuration = R"({"cluster": "collector", "log_name": "edge", "flush_interval_ms": 1000)" + more + "}"});
  }
  // Collectors: one writes all entries, one always gives the same reply, one gives the same reply until it recovers.
  static GrpcReply write(const GrpcCall& call) { return GrpcReply::of(response(Batch(call.message).entries.size())); }
  void collectorWrites() { host().addGrpcService("collector", host::GrpcService{.onCall = write}); }
  void collectorAnswers(GrpcReply reply) { host().addGrpcService("collector", std::move(reply)); }

  void request(const std::string& path) { send(get(path)); }
  size_t calls() { return host().grpcCalls().size(); }
  Batch batch(size_t n) { return Batch(host().grpcCalls().at(n).message); }
  uint64_t counted(std::string_view name) {
    const auto metric = host().metric("grpc_log." + std::string(name));
    return metric ? metric->value : 0;
  }

  void expectBadConfiguration(const std::string& configuration, const std::string& message) {
    host().clearLogs();
    EXPECT_FALSE(start({.configuration = configuration})) << configuration;
    EXPECT_THAT(logs(), Contains(LogLine(LogLevel::Error, message))) << configuration;
  }
};

TEST_F(GrpcLog, WritesEntriesInABatchAtEachTick) {
  collectorWrites();
  ASSERT_TRUE(startWith());
  send(post("/first?q=1", "12345", {{"x-request-id", "id-1"}}), respond(404, "not here"));
  request("/second");
  EXPECT_EQ(calls(), 0u);
  advance(1s);
  ASSERT_EQ(calls(), 1u);
  const auto& call = host().grpcCalls()[0];
  EXPECT_EQ(call.cluster, "collector");
  EXPECT_EQ(call.service, "sluice.accesslog.v1.AccessLog");
  EXPECT_EQ(call.method, "Write");
  EXPECT_EQ(call.timeout, 5s);
  const auto written = batch(0);
  EXPECT_EQ(written.logName, "edge");
  EXPECT_EQ(written.lost, 0u);
  EXPECT_THAT(written.paths(), ElementsAre("/first?q=1", "/second"));
  const auto& first = written.entries[0];
  EXPECT_EQ(first.text(3), "POST");
  EXPECT_NE(first.text(4), "");
  EXPECT_EQ(first.number(6), 404u);
  EXPECT_EQ(first.number(7), 5u);
  EXPECT_EQ(first.number(8), 8u);
  EXPECT_EQ(first.text(9), "id-1");
  EXPECT_EQ(written.entries[1].number(6), 200u);

  // Without new entries nothing is sent.
  advance(3s);
  EXPECT_EQ(calls(), 1u);
  request("/third");
  advance(1s);
  EXPECT_THAT(batch(1).paths(), ElementsAre("/third"));
  EXPECT_EQ(counted("entries_written"), 3u);
  EXPECT_EQ(counted("entries_lost"), 0u);
  EXPECT_EQ(counted("failed_calls"), 0u);
  for (const auto level : {LogLevel::Warn, LogLevel::Error}) EXPECT_THAT(logs(), Not(Contains(LogLine(level))));
}

TEST_F(GrpcLog, WritesAFullBatchAtOnceAndOneAfterTheOther) {
  host().addGrpcService("collector", host::GrpcService{.onCall = [](const GrpcCall& call) {
                          auto reply = write(call);
                          reply.delay = 100ms;
                          return reply;
                        }});
  ASSERT_TRUE(startWith(R"(, "flush_bytes": 1)"));
  for (const char* path : {"/1", "/2", "/3"}) request(path);
  EXPECT_EQ(calls(), 1u);
  advance(100ms);
  EXPECT_EQ(calls(), 2u);
  advance(100ms);
  ASSERT_EQ(calls(), 3u);
  advance(100ms);
  for (size_t i = 0; i < 3; ++i) EXPECT_THAT(batch(i).paths(), ElementsAre("/" + std::to_string(i + 1)));
  EXPECT_EQ(counted("entries_written"), 3u);
}

TEST_F(GrpcLog, TextsAreBytesOfABoundedLength) {
  collectorWrites();
  ASSERT_TRUE(startWith());
  request("/\xff\xfe");
  request("/" + std::string(5000, 'x'));
  advance(1s);
  EXPECT_THAT(batch(0).paths(), ElementsAre("/\xff\xfe", "/" + std::string(1023, 'x')));
  EXPECT_EQ(counted("entries_written"), 2u);
}

// Attempts of a client to forge parts of an entry, or a whole entry.
TEST_F(GrpcLog, TriedBypasses) {
  const std::string paths[] = {"/a\\n\"status\":200", "/2%05*%03/ok", "/caf\xe9\xff",
                               "/" + std::string(5000, '\x0a' + 'W'), "/%0a%0d"};
  for (const auto& path : paths) {
    collectorWrites();
    ASSERT_TRUE(startWith());
    const auto before = calls();
    send(get(path, {{"x-request-id", "one"}, {"x-request-id", "two"}}), respond(403));
    advance(1s);
    ASSERT_EQ(calls(), before + 1);
    const auto written = batch(before);
    ASSERT_EQ(written.entries.size(), 1u);
    EXPECT_EQ(written.paths()[0], path.substr(0, 1024));
    EXPECT_EQ(written.entries[0].number(6), 403u);
    EXPECT_THAT(written.entries[0].text(9), StartsWith("one"));
  }
}

TEST_F(GrpcLog, ABatchIsSentAgainAfterLongerAndLongerWaits) {
  collectorAnswers(GrpcReply::connectionFailure());
  ASSERT_TRUE(startWith());
  request("/");
  std::vector<int> times;
  for (int second = 1; second <= 40; ++second) {
    const auto before = calls();
    advance(1s);
    if (calls() != before) times.push_back(second);
  }
  EXPECT_THAT(times, ElementsAre(1, 2, 4, 8, 16));
  for (size_t i = 0; i < 5; ++i) EXPECT_THAT(batch(i).paths(), ElementsAre("/"));
  EXPECT_EQ(counted("failed_calls"), 5u);
  EXPECT_EQ(counted("entries_lost"), 1u);
  EXPECT_THAT(logs(), Contains(LogLine(LogLevel::Info,
                                       StartsWith("grpc_log: collector did not take 1 entries, to be sent again: ")))
                          .Times(4));
  EXPECT_THAT(logs(), Contains(LogLine(LogLevel::Error,
                                       StartsWith("grpc_log: collector did not take 1 entries, sent 5 times: "))));
  EXPECT_THAT(logs(), Contains(LogLine(LogLevel::Warn, "grpc_log: lost 1 entries")));
}

TEST_F(GrpcLog, TheCollectorLearnsHowManyEntriesWereLost) {
  int refusals = 2;
  host().addGrpcService("collector", host::GrpcService{.onCall = [&](const GrpcCall& call) {
                          return --refusals >= 0 ? GrpcReply::error(GrpcStatus::Unavailable, "busy") : write(call);
                        }});
  ASSERT_TRUE(startWith(R"(, "max_attempts": 1)"));
  for (int i = 0; i < 4; ++i) {
    request("/" + std::to_string(i));
    advance(1s);
  }
  ASSERT_EQ(calls(), 4u);
  EXPECT_EQ(batch(0).lost, 0u);
  EXPECT_EQ(batch(1).lost, 1u);
  EXPECT_EQ(batch(2).lost, 2u);
  EXPECT_EQ(batch(3).lost, 0u);
  EXPECT_EQ(counted("entries_written"), 2u);
  EXPECT_EQ(counted("entries_lost"), 2u);
  EXPECT_THAT(logs(), Contains(LogLine(LogLevel::Error, HasSubstr("busy"))));
}

TEST_F(GrpcLog, WhatCannotGoWellIsNotTriedAgain) {
  collectorAnswers(GrpcReply::error(GrpcStatus::PermissionDenied, "who are you?"));
  ASSERT_TRUE(startWith());
  request("/");
  advance(60s);
  EXPECT_EQ(calls(), 1u);
  EXPECT_EQ(counted("entries_lost"), 1u);
  EXPECT_THAT(logs(),
              Contains(LogLine(LogLevel::Error, StartsWith("grpc_log: collector did not take 1 entries, sent 1 times: "
                                                           "PermissionDenied who are you?"))));
}

TEST_F(GrpcLog, ACollectorThatTakesAPartLosesTheRest) {
  collectorAnswers(GrpcReply::of(response(1)));
  ASSERT_TRUE(startWith());
  for (const char* path : {"/1", "/2", "/3"}) request(path);
  advance(1s);
  EXPECT_EQ(counted("entries_written"), 1u);
  EXPECT_EQ(counted("entries_lost"), 2u);
}

TEST_F(GrpcLog, AnswersThatAreNoneLoseTheBatchAndNothingElse) {
  const GrpcReply answers[] = {GrpcReply::of("\x08"),  GrpcReply::of("\xff\xff\xff\xff"), GrpcReply::of(response(2)),
                               GrpcReply::malformed(), GrpcReply::notGrpc(503),           GrpcReply::reset()};
  for (const auto& answer : answers) {
    collectorAnswers(answer);
    ASSERT_TRUE(startWith(R"(, "max_attempts": 1)"));
    const auto lost = counted("entries_lost");
    const auto written = counted("entries_written");
    request("/lost");
    advance(1s);
    EXPECT_EQ(counted("entries_lost"), lost + 1) << static_cast<int>(answer.kind);
    EXPECT_EQ(counted("entries_written"), written);
    collectorWrites();
    request("/written");
    advance(1s);
    EXPECT_EQ(counted("entries_written"), written + 1);
  }
}

TEST_F(GrpcLog, MemoryIsBoundedWhileTheCollectorIsDown) {
  collectorAnswers(GrpcReply::never());
  ASSERT_TRUE(startWith(R"(, "max_buffered_bytes": 16384, "flush_bytes": 4096, "timeout_ms": 60000)"));
  uint32_t pages = 0;
  for (int i = 0; i < 2000; ++i) {
    request("/" + std::string(static_cast<size_t>(i % 500), 'x'));
    if (i == 200) pages = plugin().memoryPages();
  }
  EXPECT_EQ(plugin().memoryPages(), pages);
  advance(1s);
  const auto lost = counted("entries_lost");
  EXPECT_GT(lost, 1900u);
  EXPECT_LT(lost, 2000u);
  EXPECT_THAT(logs(), Contains(LogLine(LogLevel::Warn, "grpc_log: lost " + std::to_string(lost) + " entries")));

  // The collector recovers when the timeout of the unanswered call is over: the other entries arrive, in batches of the
  // usual size.
  collectorWrites();
  advance(120s);
  EXPECT_EQ(counted("entries_written") + lost, 2000u);
  for (size_t i = 1; i < calls(); ++i) EXPECT_LT(host().grpcCalls()[i].message.size(), 6000u);
  EXPECT_GT(calls(), 3u);
}

TEST_F(GrpcLog, AnUnknownClusterIsTriedAgainToo) {
  ASSERT_TRUE(startWith());
  request("/");
  advance(1s);
  EXPECT_THAT(logs(), Contains(LogLine(LogLevel::Info, HasSubstr("the host does not call it: "))));
  collectorWrites();
  advance(1s);
  EXPECT_EQ(counted("entries_written"), 1u);
}

TEST_F(GrpcLog, WritesTheRestBeforeItEnds) {
  host().addGrpcService("collector", host::GrpcService{.onCall = [](const GrpcCall& call) {
                          auto reply = write(call);
                          reply.delay = 100ms;
                          return reply;
                        }});
  ASSERT_TRUE(startWith(R"(, "flush_bytes": 400)"));
  for (int i = 0; i < 4; ++i) request("/" + std::string(100, 'x'));
  EXPECT_FALSE(plugin().shutdown());
  advance(1s);
  EXPECT_EQ(counted("entries_written"), 4u);
  EXPECT_TRUE(plugin().shutdown()) << "it should be gone already";
}

TEST_F(GrpcLog, EndsAtOnceWithNothingToWrite) {
  collectorWrites();
  ASSERT_TRUE(startWith());
  request("/");
  advance(1s);
  EXPECT_TRUE(plugin().shutdown());
}

TEST_F(GrpcLog, DoesNotWaitForACollectorThatFailsWhenItEnds) {
  collectorAnswers(GrpcReply::connectionFailure());
  ASSERT_TRUE(startWith(R"(, "flush_bytes": 1)"));
  for (const char* path : {"/1", "/2", "/3"}) request(path);
  const auto before = calls();
  EXPECT_FALSE(plugin().shutdown());
  host().runPending();
  EXPECT_LE(calls(), before + 1);
  EXPECT_EQ(counted("entries_lost"), 3u);
  EXPECT_TRUE(plugin().shutdown()) << "it should be gone already";
}

TEST_F(GrpcLog, BadConfigurationsAreRefusedByName) {
  expectBadConfiguration("{}", "configuration: missing \"cluster\"");
  expectBadConfiguration(R"({"cluster": 5})", "cluster: must be a string");
  expectBadConfiguration(R"({"cluster": ""})", "cluster: is empty");
  expectBadConfiguration(R"({"cluster": "c", "clutser": "d"})", "clutser: unknown key");
  expectBadConfiguration(R"({"cluster": "c", "max_attempts": 0})", "max_attempts: must be a whole number from 1 to 20");
  expectBadConfiguration(R"({"cluster": "c", "timeout_ms": -1})", "timeout_ms: must be a whole number from 1 to 60000");
  expectBadConfiguration(R"({"cluster": "c", "flush_interval_ms": 9})",
                         "flush_interval_ms: must be a whole number from 10 to 600000");
  expectBadConfiguration(R"({"cluster": "c", "max_buffered_bytes": 16383})",
                         "max_buffered_bytes: must be a whole number from 16384 to 16777216");
  expectBadConfiguration(R"({"cluster": "c", "flush_bytes": 20000, "max_buffered_bytes": 16384})",
                         "configuration: max_buffered_bytes is less than \"flush_bytes\"");
}

TEST_F(GrpcLog, EveryAnswerOfEveryHostcallIsSurvived) {
  collectorWrites();
  ASSERT_TRUE(startWith(R"(, "flush_bytes": 1000)"));
  withEveryAnswerOfEveryHostcall(host(), [&](std::string_view hostcall, Status status) {
    const auto before = calls();
    const auto lost = counted("entries_lost");
    for (int i = 0; i < 3; ++i) request("/path");
    advance(2s);
    // The host recovers: waiting entries and new entries are written.
    host().clearFaults();
    request("/last");
    advance(10s);
    ASSERT_GT(calls(), before);
    EXPECT_THAT(batch(calls() - 1).paths(), Contains("/last")) << hostcall << ' ' << toString(status);
    // If the reply cannot be read, nobody knows how many entries were written.
    const bool isUnreadable = hostcall == "proxy_get_buffer_bytes";
    EXPECT_EQ(counted("entries_lost"), lost + (isUnreadable ? 3 : 0)) << hostcall << ' ' << toString(status);
  });
}

TEST_F(GrpcLog, RunningOutOfMemoryIsSurvived) {
  collectorWrites();
  withEachAllocationFailing(host(), [&](const std::string& what) {
    if (!startWith()) {
      EXPECT_THAT(logs(), Contains(LogLine(LogLevel::Error, HasSubstr("cannot be read")))) << what;
      return false;
    }
    const auto before = calls();
    const auto written = counted("entries_written");
    request("/path");
    advance(1s);
    EXPECT_EQ(calls(), before + 1) << what;
    const auto sent = batch(before);
    EXPECT_EQ(sent.entries.size(), 1u) << what;
    const auto& entry = sent.entries[0];
    return entry.text(3) == "GET" && entry.text(4) != "" && entry.text(5) == "/path" && entry.number(6) == 200 &&
           entry.text(10) != "" && counted("entries_written") == written + 1;
  });
}
