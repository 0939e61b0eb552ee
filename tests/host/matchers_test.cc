// What the matchers accept, and what GoogleTest prints when one does not match.
#include "sluice/testing/matchers.h"

#include <gtest/gtest.h>

#include <string>

namespace sluice::testing {
namespace {

using host::Headers;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::PrintToString;

/// The message of a failed EXPECT_THAT(value, matcher): the expectation, the actual value, and the reason.
template <class Value, class Matcher>
std::string failure(const Value& value, const Matcher& matcher) {
  ::testing::StringMatchResultListener why;
  const auto typed = ::testing::SafeMatcherCast<const Value&>(matcher);
  EXPECT_FALSE(typed.MatchAndExplain(value, &why));
  return ::testing::DescribeMatcher<const Value&>(matcher) + "\n" + PrintToString(value) + "\n" + why.str();
}

host::Received received(host::Message message) {
  host::Received result;
  static_cast<host::Message&>(result) = std::move(message);
  result.started = result.complete = true;
  result.arrivals = 1;
  return result;
}

const Headers kHeaders = {{":status", "200"}, {"x-a", "1"}, {"X-A", "2"}};

TEST(Matchers, HasHeaderWantsOneValueThatMatches) {
  EXPECT_THAT(kHeaders, HasHeader("x-a"));
  EXPECT_THAT(kHeaders, HasHeader("x-a", "2"));
  EXPECT_THAT(kHeaders, HasHeader("X-a", HasSubstr("1")));
  EXPECT_THAT(kHeaders, Not(HasHeader("x-b")));
  EXPECT_EQ(failure(kHeaders, HasHeader("x-a", "3")),
            "has a list of values of \"x-a\" that contains at least one element that is equal to \"3\"\n"
            "{ (\":status\", \"200\"), (\"x-a\", \"1\"), (\"X-A\", \"2\") }\n"
            "whose \"x-a\" is { \"1\", \"2\" }");
  EXPECT_THAT(failure(kHeaders, HasHeader("x-b", "3")), HasSubstr("\nwhich has no header \"x-b\""));
  EXPECT_THAT(failure(kHeaders, Not(HasHeader("x-a", "1"))),
              HasSubstr("doesn't have a list of values of \"x-a\" that contains"));
}

TEST(Matchers, HasHeaderValuesWantsAllInOrder) {
  EXPECT_THAT(kHeaders, HasHeaderValues("x-a", {"1", "2"}));
  EXPECT_THAT(kHeaders, HasHeaderValues("x-b", {}));
  EXPECT_THAT(kHeaders, Not(HasHeaderValues("x-a", {"1"})));
  EXPECT_THAT(failure(kHeaders, HasHeaderValues("x-a", {"2", "1"})),
              HasSubstr("element #0 is equal to \"2\",\nelement #1 is equal to \"1\""));
}

TEST(Matchers, HasNoHeaderWantsNoValue) {
  EXPECT_THAT(kHeaders, HasNoHeader("x-b"));
  EXPECT_EQ(failure(kHeaders, HasNoHeader("x-a")),
            "has a list of values of \"x-a\" that is empty\n"
            "{ (\":status\", \"200\"), (\"x-a\", \"1\"), (\"X-A\", \"2\") }\n"
            "whose \"x-a\" is { \"1\", \"2\" }");
}

TEST(Matchers, HasBodyShowsTheMessage) {
  const auto response = received(host::respond(404, "no\n", {{"x-a", "1"}}));
  EXPECT_THAT(response, HasBody("no\n"));
  EXPECT_THAT(host::ok("body"), HasBody(HasSubstr("od")));
  EXPECT_EQ(failure(response, HasBody("yes")),
            "is an object whose property `body` is equal to \"yes\"\n"
            "\n  :status: \"404\"\n  x-a: \"1\"\n  content-length: \"3\"\n  body: \"no\\n\"\n"
            "whose property `body` is \"no\\n\"");
}

TEST(Matchers, HasStatusShowsTheMessage) {
  EXPECT_THAT(received(host::ok()), HasStatus(200));
  EXPECT_EQ(failure(host::respond(404, "no"), HasStatus(200)),
            "is an object whose property `status` is equal to 200\n"
            "\n  :status: \"404\"\n  content-length: \"2\"\n  body: \"no\"\n"
            "whose property `status` is 404 (of type int)");
}

TEST(Matchers, IsLocalResponseShowsBothSides) {
  host::Exchange exchange;
  exchange.response = received(host::respond(403, "no"));
  exchange.details = "refused";
  EXPECT_THAT(failure(exchange, IsLocalResponse(403)), HasSubstr("whose field `localResponse` is false"));
  exchange.localResponse = true;
  EXPECT_THAT(exchange, IsLocalResponse(403));
  EXPECT_THAT(exchange, IsLocalResponse(403, "no"));
  EXPECT_THAT(exchange, Not(IsLocalResponse(403, "yes")));
  const auto text = failure(exchange, IsLocalResponse(401));
  EXPECT_THAT(text, HasSubstr("property `status` is equal to 401"));
  EXPECT_THAT(text, HasSubstr("\nthe upstream received: nothing\n"
                              "the client received (a local response): \n"
                              "  :status: \"403\"\n  content-length: \"2\"\n  body: \"no\"\n"
                              "details: refused"));
  EXPECT_THAT(text, HasSubstr("whose property `status` is 403"));
}

TEST(Matchers, HasMetricWantsNameTagsAndValue) {
  const host::MetricMap metrics = {{"a", {MetricType::Counter, 2}},
                                   {"code=.=good;.;route=.=shop;.;a", {MetricType::Gauge, 3}},
                                   {"sizes", {MetricType::Histogram, 0, {1}}}};
  EXPECT_THAT(metrics, HasMetric("a", 2));
  EXPECT_THAT(metrics, HasMetric("a", ::testing::Gt(1U)));
  EXPECT_THAT(metrics, HasMetric("a", {{"route", "shop"}, {"code", "good"}}, 3));
  EXPECT_THAT(metrics, Not(HasMetric("a", {{"route", "shop"}}, 3))) << "these are not all its tags";
  EXPECT_THAT(metrics, Not(HasMetric("sizes", 0)));
  EXPECT_THAT(failure(metrics, HasMetric("a", 3)), HasSubstr("has a metric a with a value that is equal to 3"));
  EXPECT_THAT(failure(metrics, HasMetric("a", 3)), HasSubstr("where it is a Counter 2"));
  EXPECT_THAT(failure(metrics, HasMetric("b", {{"x", "y"}}, 3)), HasSubstr("has a metric b{x=y} with a value"));
  EXPECT_THAT(failure(metrics, HasMetric("b", 3)),
              HasSubstr("which has no such metric; there are: a a{code=good, route=shop} sizes"));
}

TEST(Matchers, LogLineShowsLevelAndText) {
  const std::vector<host::LogLine> lines = {{LogLevel::Info, "one", "p"}, {LogLevel::Warn, "two", "p"}};
  EXPECT_THAT(lines, Contains(LogLine(LogLevel::Warn)));
  EXPECT_THAT(lines, Contains(LogLine(LogLevel::Info, "one")));
  EXPECT_THAT(failure(lines, Contains(LogLine(LogLevel::Warn, "one"))), HasSubstr("{ \n  Info: one, \n  Warn: two }"));
  EXPECT_THAT(failure(lines[0], LogLine(LogLevel::Warn)), HasSubstr("whose field `level` is Info"));
  EXPECT_THAT(failure(lines[0], LogLine(LogLevel::Info, "two")), HasSubstr("whose field `text` is \"one\""));
}

TEST(Printers, AReceivedMessageSaysHowFarItIs) {
  EXPECT_EQ(PrintToString(host::Received{}), "nothing");
  auto message = received(host::respond(200));
  message.trailers = {{"t", "1"}};
  message.metadata = {{{"m", "2"}}};
  message.arrivals = 2;
  message.complete = false;
  EXPECT_EQ(PrintToString(message),
            "\n  :status: \"200\"\n  body: \"\"\n  trailers:\n    t: \"1\"\n  metadata:\n    m: \"2\""
            "\n  (the headers arrived 2 times)\n  (the end of the message has not arrived)");
  message.reset = true;
  EXPECT_THAT(PrintToString(message), HasSubstr("(the stream was reset)"));
}

TEST(Printers, BytesThatCannotBePrintedAreEscaped) {
  const auto text = PrintToString(host::ok(std::string("a\"\\\n\0\xff", 6) + std::string(600, 'x')));
  EXPECT_THAT(text, HasSubstr("body: \"a\\\"\\\\\\n\\x00\\xffxxx"));
  EXPECT_THAT(text, HasSubstr("xxx\"... (606 bytes)"));
}

TEST(Printers, CallsSayWhereTheyGo) {
  using std::chrono::milliseconds;
  EXPECT_EQ(PrintToString(host::Callout{1, "p", "auth", host::get("/check"), milliseconds(50)}),
            "\n  to auth, timeout 50 ms:" + PrintToString(host::get("/check")));
  EXPECT_EQ(PrintToString(host::GrpcCall{.cluster = "greeter",
                                         .service = "s.Greeter",
                                         .method = "Hello",
                                         .metadata = {{"x-a", "1"}},
                                         .message = "hi",
                                         .timeout = milliseconds(7)}),
            "\n  call of s.Greeter/Hello to greeter\n    x-a: \"1\"\n    message: \"hi\"\n    timeout: 7 ms");
}

TEST(Printers, SmallThings) {
  EXPECT_EQ(PrintToString(host::TcpReceived{{"ab", "c"}, true}), "\"abc\", ended");
  EXPECT_EQ(PrintToString(host::TcpReceived{}), "\"\", not ended");
  EXPECT_EQ(PrintToString(host::Metric{MetricType::Counter, 3, {}}), "Counter 3");
  EXPECT_EQ(PrintToString(host::Metric{MetricType::Histogram, 0, {1, 2}}), "Histogram with the samples { 1, 2 }");
  EXPECT_EQ(PrintToString(host::Error(host::ErrorKind::Trap, "unreachable")), "trap: unreachable");
  EXPECT_EQ(PrintToString(host::Counts{1, 2, 3, 4, 5}),
            "1 calls, 2 instructions, 3 crossings, 4 bytes copied, 5 pages");
  EXPECT_EQ(PrintToString(Status::NotFound), "NotFound");
  EXPECT_EQ(PrintToString(GrpcStatus::Unavailable), "Unavailable");
  EXPECT_EQ(PrintToString(FilterHeadersStatus::StopIteration), "StopIteration");
}

}  // namespace
}  // namespace sluice::testing
