#include <sluice/crypto.h>
#include <sluice/encoding.h>
#include <sluice/testing.h>

#include <chrono>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "common/faults.h"

using namespace sluice;
using namespace sluice::testing;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

namespace {

const std::string kKeyDigits = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
const std::string kOtherDigits = "ffeeddccbbaa99887766554433221100";
const std::string kTwoKeys = R"("keys": {"new": ")" + kKeyDigits + R"(", "old": ")" + kOtherDigits + R"("})";
const std::string kHeadersOnly = "{" + kTwoKeys + "}";
const std::string kWithBody = "{" + kTwoKeys + R"(, "sign_body": true})";

std::string sign(const std::string& keyDigits, const std::string& text) {
  const auto code = hmacSha256(HmacKey(decodeHex(keyDigits).value()), text);
  return encodeHex(bytesOf(code));
}

void setHeader(Message& message, const std::string& name, const std::string& value) {
  for (auto& [known, old] : message.headers) {
    if (known == name) old = value;
  }
}

void removeHeader(Message& message, const std::string& name) {
  std::erase_if(message.headers, [&](const auto& header) { return header.first == name; });
}

}  // namespace

class HmacCheck : public FilterTest {
 protected:
  HmacCheck() : FilterTest(Profile::envoyWithHeadersStopIteration()) {}

  std::string timestamp(std::chrono::seconds offset = {}) {
    const auto now = static_cast<int64_t>(host().now() / 1'000'000'000);
    return std::to_string(now + offset.count());
  }

  Message signedGet(const std::string& path = "/orders?id=7", std::chrono::seconds offset = {}) {
    const auto time = timestamp(offset);
    return get(
        path,
        {{"x-key-id", "new"}, {"x-timestamp", time}, {"x-signature", sign(kKeyDigits, "GET\n" + path + "\n" + time)}});
  }

  Message signedPost(const std::string& body, const std::string& path = "/orders") {
    const auto time = timestamp();
    return post(path, body,
                {{"x-key-id", "new"},
                 {"x-timestamp", time},
                 {"x-signature", sign(kKeyDigits, "POST\n" + path + "\n" + time + "\n" + body)}});
  }

  void expectPasses(const Message& request) {
    const auto exchange = send(request, ok("secret"));
    EXPECT_THAT(exchange.response, HasStatus(200));
    EXPECT_THAT(exchange.response, HasBody("secret"));
    EXPECT_EQ(exchange.request.body(), request.body());
  }

  void expectRefused(const Message& request, const std::string& details, int status = 401) {
    const auto exchange = send(request, ok("secret"));
    EXPECT_THAT(exchange, IsLocalResponse(status)) << details;
    EXPECT_FALSE(exchange.request.complete) << details;
    EXPECT_EQ(exchange.details, details);
  }

  void expectBadConfiguration(const std::string& configuration, const std::string& message) {
    host().clearLogs();
    EXPECT_FALSE(start({.configuration = configuration})) << configuration;
    EXPECT_THAT(logs(), Contains(LogLine(LogLevel::Error, message)));
  }
};

TEST_F(HmacCheck, LetsASignedRequestPass) {
  ASSERT_TRUE(start({.configuration = kHeadersOnly}));
  expectPasses(signedGet());
  expectPasses(signedGet("/" + std::string(5000, 'p')));
}

TEST_F(HmacCheck, TakesUpperCaseDigits) {
  ASSERT_TRUE(start({.configuration = kHeadersOnly}));
  auto request = signedGet();
  auto signature = request.header("x-signature");
  for (char& c : signature) c = static_cast<char>(std::toupper(c));
  setHeader(request, "x-signature", signature);
  expectPasses(request);
}

TEST_F(HmacCheck, KnowsSeveralKeysById) {
  ASSERT_TRUE(start({.configuration = kHeadersOnly}));
  const auto time = timestamp();
  const auto signature = sign(kOtherDigits, "GET\n/\n" + time);
  expectPasses(get("/", {{"x-key-id", "old"}, {"x-timestamp", time}, {"x-signature", signature}}));
  expectRefused(get("/", {{"x-key-id", "new"}, {"x-timestamp", time}, {"x-signature", signature}}),
                "hmac_check_wrong_signature");
}

TEST_F(HmacCheck, RefusesWhatIsNotSigned) {
  ASSERT_TRUE(start({.configuration = kHeadersOnly}));
  expectRefused(get("/"), "hmac_check_incomplete");
  for (const auto* name : {"x-key-id", "x-timestamp", "x-signature"}) {
    auto request = signedGet();
    removeHeader(request, name);
    expectRefused(request, "hmac_check_incomplete");
  }
}

TEST_F(HmacCheck, RefusesWhatWasChangedOnTheWay) {
  ASSERT_TRUE(start({.configuration = kHeadersOnly}));
  auto request = signedGet();
  setHeader(request, ":path", "/orders?id=8");
  expectRefused(request, "hmac_check_wrong_signature");
  request = signedGet();
  setHeader(request, ":method", "PUT");
  expectRefused(request, "hmac_check_wrong_signature");
  request = signedGet();
  setHeader(request, "x-timestamp", timestamp(std::chrono::seconds(1)));
  expectRefused(request, "hmac_check_wrong_signature");
  request = signedGet();
  auto signature = request.header("x-signature");
  signature.back() = signature.back() == '0' ? '1' : '0';
  setHeader(request, "x-signature", signature);
  expectRefused(request, "hmac_check_wrong_signature");
}

TEST_F(HmacCheck, TellsTheClientNothingOfTheKeys) {
  ASSERT_TRUE(start({.configuration = kHeadersOnly}));
  auto unknown = signedGet();
  setHeader(unknown, "x-key-id", "older");
  expectRefused(unknown, "hmac_check_unknown_key");
  auto wrong = signedGet();
  setHeader(wrong, "x-key-id", "old");
  expectRefused(wrong, "hmac_check_wrong_signature");
  EXPECT_EQ(send(unknown).response.body(), send(wrong).response.body());
  EXPECT_THAT(send(wrong), IsLocalResponse(401, "the signature does not match\n"));
}

TEST_F(HmacCheck, RefusesMalformedHeaders) {
  ASSERT_TRUE(start({.configuration = kHeadersOnly}));
  for (const std::string bad : {"", "now", "-1", "+1700000000", " 1700000000", "1700000000 ", "1.7e9", "0x65",
                                "17000000000", "99999999999999999999999", "1700000000\xff"}) {
    auto request = signedGet();
    setHeader(request, "x-timestamp", bad);
    expectRefused(request, "hmac_check_malformed");
  }
  const auto good = signedGet().header("x-signature");
  for (const std::string& bad : {std::string(), good.substr(1), good + "0", good + good, "0x" + good.substr(2),
                                 std::string(64, 'g'), std::string(64, '\0'), std::string(64, '\xff')}) {
    auto request = signedGet();
    setHeader(request, "x-signature", bad);
    expectRefused(request, "hmac_check_malformed");
  }
}

TEST_F(HmacCheck, BindsTheClocks) {
  using std::chrono::seconds;
  ASSERT_TRUE(start({.configuration = "{" + kTwoKeys + R"(, "max_clock_skew_seconds": 60})"}));
  expectPasses(signedGet("/", seconds(60)));
  expectPasses(signedGet("/", seconds(-60)));
  expectRefused(signedGet("/", seconds(61)), "hmac_check_clock_skew");
  expectRefused(signedGet("/", seconds(-61)), "hmac_check_clock_skew");
  auto request = signedGet();
  setHeader(request, "x-timestamp", "0");
  expectRefused(request, "hmac_check_clock_skew");
  setHeader(request, "x-timestamp", "9999999999");
  expectRefused(request, "hmac_check_clock_skew");
  const auto old = signedGet();
  advance(seconds(61));
  expectRefused(old, "hmac_check_clock_skew");
}

TEST_F(HmacCheck, LooksAtNoBodyUnlessItIsToldTo) {
  ASSERT_TRUE(start({.configuration = kHeadersOnly}));
  const auto time = timestamp();
  expectPasses(
      post("/", "any body",
           {{"x-key-id", "new"}, {"x-timestamp", time}, {"x-signature", sign(kKeyDigits, "POST\n/\n" + time)}}));
}

TEST_F(HmacCheck, ChecksTheBody) {
  ASSERT_TRUE(start({.configuration = kWithBody}));
  expectPasses(signedPost("a body"));
  expectPasses(signedPost(std::string("\0\n\xff", 3)));
  auto request = signedPost("a body");
  request.chunks = {"b body"};
  expectRefused(request, "hmac_check_wrong_signature");
  request = signedPost("a body");
  request.chunks = {"a body", "!"};
  expectRefused(request, "hmac_check_wrong_signature");
  request = signedPost("a body");
  request.chunks = {};
  expectRefused(request, "hmac_check_wrong_signature");
}

TEST_F(HmacCheck, ChecksARequestWithoutBodyWhereBodiesAreSigned) {
  ASSERT_TRUE(start({.configuration = kWithBody}));
  const auto time = timestamp();
  expectPasses(get(
      "/", {{"x-key-id", "new"}, {"x-timestamp", time}, {"x-signature", sign(kKeyDigits, "GET\n/\n" + time + "\n")}}));
}

TEST_F(HmacCheck, TheUpstreamSeesNothingUntilTheBodyIsChecked) {
  ASSERT_TRUE(start({.configuration = kWithBody}));
  const auto request = signedPost("in three pieces");
  auto& stream = openStream();
  stream.requestHeaders(request.headers);
  EXPECT_FALSE(stream.received().started);
  stream.requestBody("in ");
  stream.requestBody("three ");
  EXPECT_FALSE(stream.received().started);
  stream.requestBody("pieces", true);
  EXPECT_TRUE(stream.received().complete);
  EXPECT_EQ(stream.received().body(), "in three pieces");
}

TEST_F(HmacCheck, ChecksABodyWithTrailers) {
  ASSERT_TRUE(start({.configuration = kWithBody}));
  for (const bool good : {true, false}) {
    const auto request = signedPost("a body");
    auto& stream = openStream();
    stream.requestHeaders(request.headers);
    stream.requestBody(good ? "a body" : "b body");
    EXPECT_FALSE(stream.received().started);
    stream.requestTrailers({{"x-trailer", "1"}});
    EXPECT_EQ(stream.received().complete, good);
    EXPECT_EQ(stream.answer().status(), good ? 0 : 401);
  }
}

TEST_F(HmacCheck, RefusesBeforeTheBodyWhereItCan) {
  ASSERT_TRUE(start({.configuration = kWithBody}));
  auto request = signedPost("a body");
  removeHeader(request, "x-key-id");
  auto& stream = openStream();
  stream.requestHeaders(request.headers);
  EXPECT_THAT(stream.answer(), HasStatus(401));
  stream.requestBody("a body", true);
  EXPECT_FALSE(stream.received().started);
}

// Attempts to get past the filter, or to make the upstream see something other than what was signed.
struct Attempt {
  std::string name;
  std::string details;  // of the refusal; "" if the request passes
  Headers more;         // in addition to those of a signed request
  std::string body = "a body";
  bool trailers = false;
  bool ends = true;
};

void PrintTo(const Attempt& attempt, std::ostream* out) { *out << attempt.name; }

class HmacCheckBypasses : public HmacCheck, public ::testing::WithParamInterface<Attempt> {};

INSTANTIATE_TEST_SUITE_P(
    Tried, HmacCheckBypasses,
    ::testing::Values(Attempt{"as_it_was_signed", "", {}},
                      Attempt{"a_second_key_id", "hmac_check_repeated", {{"x-key-id", "admin"}}},
                      Attempt{"the_same_key_id_again", "hmac_check_repeated", {{"x-key-id", "new"}}},
                      Attempt{"a_second_key_id_in_another_case", "hmac_check_repeated", {{"X-Key-Id", "admin"}}},
                      Attempt{"a_second_timestamp", "hmac_check_repeated", {{"x-timestamp", "1"}}},
                      Attempt{"a_second_signature", "hmac_check_repeated", {{"x-signature", std::string(64, '0')}}},
                      Attempt{"another_body", "hmac_check_wrong_signature", {}, "b body"},
                      Attempt{"a_longer_body", "hmac_check_wrong_signature", {}, "a body!"},
                      Attempt{"no_body", "hmac_check_wrong_signature", {}, ""},
                      Attempt{"the_body_with_trailers", "", {}, "a body", true},
                      Attempt{"another_body_with_trailers", "hmac_check_wrong_signature", {}, "b body", true},
                      Attempt{"no_body_with_trailers", "hmac_check_wrong_signature", {}, "", true},
                      Attempt{"a_body_without_end", "nothing yet", {}, "a body", false, false},
                      Attempt{"a_web_socket",
                              "hmac_check_tunnel",
                              {{"connection", "Upgrade"}, {"upgrade", "websocket"}},
                              "a",
                              false,
                              false}),
    [](const auto& attempt) { return attempt.param.name; });

TEST_P(HmacCheckBypasses, EndAsExpected) {
  const auto& attempt = GetParam();
  ASSERT_TRUE(start({.configuration = kWithBody}));
  auto request = signedPost("a body");
  request.headers.insert(request.headers.end(), attempt.more.begin(), attempt.more.end());
  auto& stream = openStream();
  stream.respondWith(ok("secret"));
  stream.requestHeaders(request.headers);
  stream.requestBody(attempt.body, attempt.ends && !attempt.trailers);
  if (attempt.trailers) stream.requestTrailers({{"t", "1"}});
  const auto exchange = stream.exchange();
  EXPECT_EQ(exchange.request.complete, attempt.details.empty());
  EXPECT_EQ(exchange.request.started, attempt.details.empty());
  if (attempt.details.starts_with("hmac_check")) {
    EXPECT_EQ(exchange.details, attempt.details);
  }
}

// A proxy in front may join two values into one, which is then no valid key id, timestamp or signature.
TEST_F(HmacCheck, KnowsNoJoinedValues) {
  ASSERT_TRUE(start({.configuration = kHeadersOnly}));
  const std::pair<std::string, std::string> joined[] = {{"x-key-id", "hmac_check_unknown_key"},
                                                        {"x-timestamp", "hmac_check_malformed"},
                                                        {"x-signature", "hmac_check_malformed"}};
  for (const auto& [name, details] : joined) {
    auto request = signedGet();
    const auto value = request.header(name);
    setHeader(request, name, value + "," + value);
    expectRefused(request, details);
  }
}

// Without "sign_body" only the headers of a tunnel request are checked.
TEST_F(HmacCheck, LetsASignedTunnelPassWhereBodiesAreNotSigned) {
  ASSERT_TRUE(start({.configuration = kHeadersOnly}));
  auto request = signedGet();
  request.headers.emplace_back("connection", "upgrade");
  request.headers.emplace_back("upgrade", "websocket");
  auto& stream = openStream();
  stream.requestHeaders(request.headers);
  stream.requestBody("frame");
  EXPECT_EQ(stream.received().body(), "frame");
}

class HmacCheckBodies : public HmacCheck {
 protected:
  // Plays a request whose body has `size` bytes, in pieces of `piece` bytes.
  void play(size_t size, size_t piece) {
    const std::string body(size, 'x');
    const auto request = signedPost(body);
    auto stream = plugin().openStream();
    stream->requestHeaders(request.headers);
    for (size_t at = 0; at < size; at += piece) stream->requestBody(body.substr(at, piece), at + piece >= size);
    EXPECT_TRUE(stream->received().complete);
    EXPECT_EQ(stream->received().body().size(), size);
  }
};

TEST_F(HmacCheckBodies, OfAnySizeTakeTheMemoryOfOnePiece) {
  ASSERT_TRUE(start({.configuration = kWithBody}));
  play(65536, 1);
  EXPECT_LE(plugin().memoryPages(), 2u);
  play(1 << 20, 1 << 20);  // The most that the host buffers.
  EXPECT_LE(plugin().memoryPages(), 2u + 17u);
}

TEST_F(HmacCheckBodies, LeaveNothingBehind) {
  ASSERT_TRUE(start({.configuration = kWithBody}));
  for (int i = 0; i < 10; ++i) play(600, 200);
  const auto pages = plugin().memoryPages();
  for (int i = 0; i < 1000; ++i) play(600, 200);
  EXPECT_EQ(plugin().memoryPages(), pages);
}

TEST_F(HmacCheck, RefusesABadConfiguration) {
  const auto keys = [](const std::string& members) { return R"({"keys": {)" + members + "}}"; };
  expectBadConfiguration("", "configuration:1:1: The document is empty.");
  expectBadConfiguration("{", "configuration:1:2: Missing a name for object member.");
  expectBadConfiguration("{}", "configuration: missing \"keys\"");
  expectBadConfiguration("[]", "configuration: must be an object");
  expectBadConfiguration("null", "configuration: must be an object");
  expectBadConfiguration(R"({"keys": [], "key": 1})", "key: unknown key");
  expectBadConfiguration(R"({"keys": []})", "keys: must be an object");
  expectBadConfiguration(R"({"keys": {}, "keys": {}})", "keys: given twice");
  expectBadConfiguration(keys(""), "keys: must have at least one key");
  expectBadConfiguration(keys(R"("a": 1)"), "keys.a: must be a string");
  expectBadConfiguration(keys(R"("": ")" + kOtherDigits + R"(")"), "keys.: the key's id is empty");
  expectBadConfiguration(keys(R"("a": "00")"), "keys.a: must be 16 to 64 bytes in hexadecimal digits");
  expectBadConfiguration(keys(R"("a": ")" + std::string(130, '0') + R"(")"),
                         "keys.a: must be 16 to 64 bytes in hexadecimal digits");
  expectBadConfiguration(keys(R"("a": ")" + kOtherDigits + R"(0")"),
                         "keys.a: must be hexadecimal digits, two for each byte");
  expectBadConfiguration(keys(R"("a": ")" + std::string(32, 'x') + R"(")"),
                         "keys.a: must be hexadecimal digits, two for each byte");
  expectBadConfiguration(keys(R"("a": ")" + kOtherDigits + R"(", "a": ")" + kOtherDigits + R"(")"),
                         "keys.a: given twice");
  expectBadConfiguration("{" + kTwoKeys + R"(, "sign_body": "yes"})", "sign_body: must be true or false");
  for (const std::string bad :
       {"0", "-1", "1.5", "1e3", "4294967296", "99999999999999999999", "\"60\"", "null", "[60]"}) {
    expectBadConfiguration("{" + kTwoKeys + R"(, "max_clock_skew_seconds": )" + bad + "}",
                           "max_clock_skew_seconds: must be a whole number from 1 to 4294967295");
  }
  std::string many;
  for (int i = 0; i <= 100; ++i)
    many += (i == 0 ? "\"" : ", \"") + std::to_string(i) + R"(": ")" + kOtherDigits + R"(")";
  expectBadConfiguration(keys(many), "keys.100: there are more than 100 keys");
}

// A log must not contain keys.
TEST_F(HmacCheck, LogsNoKey) {
  EXPECT_FALSE(start({.configuration = "{" + kTwoKeys + ", \"a\": 1}"}));
  EXPECT_FALSE(start({.configuration = "{" + kTwoKeys + "]"}));
  ASSERT_TRUE(start({.configuration = kHeadersOnly}));
  expectPasses(signedGet());
  expectRefused(get("/"), "hmac_check_incomplete");
  for (const auto& line : logs()) EXPECT_THAT(line.text, Not(HasSubstr(kKeyDigits.substr(0, 8))));
}

// A host that returns invalid results: the request does not pass, the log says why, and nothing crashes.
TEST_F(HmacCheck, PassesNothingWhateverHostcallsAnswer) {
  for (int value = 1; value <= 12; ++value) {
    const auto status = static_cast<Status>(value);
    for (const auto* hostcall :
         {"proxy_get_header_map_pairs", "proxy_get_header_map_value", "proxy_get_current_time_nanoseconds",
          "proxy_get_buffer_bytes", "proxy_send_local_response", ""}) {
      host().clearFaults();
      ASSERT_TRUE(start({.configuration = kWithBody}));
      host().clearLogs();
      auto request = signedPost("a body");
      const std::string name = hostcall;
      // The filter sends a local response only when it refuses the request.
      if (name == "proxy_send_local_response") removeHeader(request, "x-signature");
      if (name.empty())
        host().failAllHostcalls(status);
      else
        host().failHostcall(name, status);
      const auto exchange = send(request, ok("secret"));
      EXPECT_FALSE(exchange.request.started) << name << ' ' << toString(status);
      EXPECT_NE(exchange.response.body(), "secret") << name << ' ' << toString(status);
      const bool isOrdinary = name == "proxy_get_header_map_value" && status == Status::NotFound;
      if (!name.empty() && !isOrdinary) {
        EXPECT_THAT(logs(), Contains(LogLine(LogLevel::Warn, HasSubstr("status " + std::to_string(value))))) << name;
      }
    }
    host().clearFaults();
    host().failHostcall("proxy_get_buffer_bytes", status);
    EXPECT_FALSE(start({.configuration = kWithBody}));
  }
  host().clearFaults();
}

// Only a part of the body, with a signature for that part: the upstream must not get it.
TEST_F(HmacCheck, RefusesABodyThatTheHostShowsInPart) {
  ASSERT_TRUE(start({.configuration = kWithBody}));
  auto request = signedPost("a body");
  request.chunks = {"a body, and more"};
  host().answerHostcall("proxy_get_buffer_bytes", "a body");
  expectRefused(request, "hmac_check_host_failure", 500);
}

TEST_F(HmacCheck, PassesNothingUncheckedWhenMemoryRunsOut) {
  withEachAllocationFailing(host(), [&](const std::string& what) {
    if (!start({.configuration = kWithBody})) {
      EXPECT_THAT(logs(), Contains(LogLine(LogLevel::Error, HasSubstr("cannot be read")))) << what;
      return false;
    }
    auto request = signedPost("a body");
    const bool passed = send(request, ok("secret")).request.complete;
    if (!passed) {
      EXPECT_THAT(logs(), Contains(LogLine(LogLevel::Warn))) << what;
    }
    request.chunks = {"b body"};
    const auto forged = send(request, ok("secret"));
    EXPECT_FALSE(forged.request.started) << what;
    return passed && forged.details == "hmac_check_wrong_signature";
  });
}
