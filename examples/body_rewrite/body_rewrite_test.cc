#include <sluice/testing.h>

#include <algorithm>
#include <string>
#include <vector>

#include "common/faults.h"

using namespace sluice;
using namespace sluice::testing;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;

namespace {

const std::string kLinks = R"({"content_types": ["text/*"], "replace": [
    {"find": "http://old.example", "with": "https://new.example"}, {"find": "Old", "with": "New"}]})";
const std::string kSecrets = R"({"content_types": ["application/json", "+json"], "redact": {
    "names": ["password", "caf\u00e9", "\ud83d\ude00"], "paths": ["/user/card", "/a~1b/c~0d"], "placeholder": "*"}})";

std::vector<std::string> pieces(const std::string& text, size_t size) {
  std::vector<std::string> result;
  for (size_t at = 0; at < text.size(); at += size) result.push_back(text.substr(at, size));
  return result;
}

Message response(const std::string& type, std::vector<std::string> chunks) {
  auto message = ok("", {{"content-type", type}});
  message.chunks = std::move(chunks);
  return message;
}

}  // namespace

class BodyRewrite : public FilterTest {
 protected:
  // Starts the filter with these rules, each a JSON object.
  void startWith(const std::string& responseRules, const std::string& requestRules = "") {
    ASSERT_TRUE(
        start({.configuration = R"({"response": [)" + responseRules + R"(], "request": [)" + requestRules + "]}"}));
  }

  // The body that the client receives when the upstream sends `size` bytes at a time.
  std::string rewritten(const std::string& type, const std::string& body, size_t size = SIZE_MAX) {
    const auto exchange = plugin().send(get("/"), response(type, pieces(body, size)));
    EXPECT_TRUE(exchange.response.complete) << body;
    return exchange.response.body();
  }

  // Expects that the body is rewritten to `expected` in one piece, in single bytes, and cut in two anywhere.
  void expectRewritten(const std::string& type, const std::string& body, const std::string& expected) {
    for (size_t size : {SIZE_MAX, size_t{1}, size_t{2}, size_t{3}}) {
      EXPECT_EQ(rewritten(type, body, size), expected) << "pieces of " << size;
    }
    for (size_t at = 1; at < body.size(); ++at) {
      const auto exchange = plugin().send(get("/"), response(type, {body.substr(0, at), body.substr(at)}));
      EXPECT_EQ(exchange.response.body(), expected) << "cut at " << at;
    }
  }
  void expectRedacted(const std::string& body, const std::string& expected) {
    expectRewritten("application/json", body, expected);
  }

  // Expects that a response with this body breaks off, and that the client gets no more of it than `expected`.
  void expectCut(const std::string& body, const std::string& expected = "") {
    for (const size_t size : {SIZE_MAX, size_t{1}}) {
      host().clearLogs();
      const auto exchange = plugin().send(get("/"), response("application/json", pieces(body, size)));
      EXPECT_FALSE(exchange.response.complete) << body;
      EXPECT_TRUE(exchange.response.reset) << body;
      EXPECT_THAT(logs(), Contains(LogLine(LogLevel::Warn, "a response does not go on: body_rewrite_malformed")));
      EXPECT_EQ(exchange.response.body(), size == 1 ? expected : "") << body;
    }
  }

  void expectBadConfiguration(const std::string& configuration, const std::string& message) {
    host().clearLogs();
    EXPECT_FALSE(start({.configuration = configuration})) << configuration;
    EXPECT_THAT(logs(), Contains(LogLine(LogLevel::Error, message)));
  }
};

// --- Text

TEST_F(BodyRewrite, ReplacesTextWhereverItIsCut) {
  startWith(kLinks);
  expectRewritten("text/html", "<a href='http://old.example/a'>Old http://old.examples</a> http://old.exampl",
                  "<a href='https://new.example/a'>New https://new.examples</a> http://old.exampl");
  expectRewritten("text/html", "nothing", "nothing");
  expectRewritten("text/html", "hhttp://old.exampleOldOlOld", "hhttps://new.exampleNewOlNew");
  expectRewritten("text/html", "Old", "New");
  expectRewritten("text/html", "Ol", "Ol");
  expectRewritten("text/html", "", "");
  expectRewritten("text/html", std::string("\0Old\xff\0", 6), std::string("\0New\xff\0", 6));
}

TEST_F(BodyRewrite, TakesTheLongestOfSeveral) {
  startWith(R"({"content_types": ["*"], "replace": [{"find": "ab", "with": "1"}, {"find": "abcd", "with": "2"},
      {"find": "b", "with": ""}, {"find": "cab", "with": "ab"}]})");
  expectRewritten("text/plain", "ab abc abcd abcab b bcab", "1 1c 2 1ab  ab");
  expectRewritten("text/plain", "aaabbbccc", "aa1ccc");
  EXPECT_EQ(plugin().send(get("/"), ok("abcd")).response.body(), "2") << "a body without a type";
}

TEST_F(BodyRewrite, LooksNotAtWhatItHasPutIn) {
  startWith(R"({"content_types": ["*"], "replace": [{"find": "a", "with": "aa"}, {"find": "aab", "with": "!"}]})");
  expectRewritten("text/plain", "aaab", "aa!");
}

TEST_F(BodyRewrite, RewritesRequests) {
  startWith("", kLinks + "," + kSecrets);
  for (size_t size : std::vector<size_t>{1, 4, 1000}) {
    auto request = post("/", "");
    request.headers.emplace_back("content-type", "text/plain");
    request.chunks = pieces("Old: http://old.example", size);
    EXPECT_EQ(send(request).request.body(), "New: https://new.example");
    request.headers.back().second = "application/json";
    request.chunks = pieces(R"({"password": 1})", size);
    EXPECT_EQ(send(request).request.body(), R"({"password": "*"})");
  }
}

TEST_F(BodyRewrite, GoesByTheContentType) {
  startWith(kLinks + "," + kSecrets);
  const std::string body = R"({"password": "Old"})";
  EXPECT_EQ(rewritten("text/plain", body), R"({"password": "New"})");
  EXPECT_EQ(rewritten("Text/HTML ; charset=utf-8", body), R"({"password": "New"})");
  EXPECT_EQ(rewritten("application/json", body), R"({"password": "*"})");
  EXPECT_EQ(rewritten("application/vnd.api+json;v=1", body), R"({"password": "*"})");
  for (const std::string type : {"application/jsonp", "application/octet-stream", "text", "json", "x+jso", ""}) {
    EXPECT_EQ(rewritten(type, body), body) << type;
  }
  EXPECT_EQ(plugin().send(get("/"), ok(body)).response.body(), body);
}

TEST_F(BodyRewrite, DropsWhatIsNotTrueAnyMore) {
  startWith(kLinks);
  const Headers headers = {
      {"content-md5", "x"}, {"digest", "x"}, {"content-digest", "x"}, {"repr-digest", "x"}, {"etag", "x"}};
  auto message = ok("Old", headers);
  message.headers.emplace_back("content-type", "text/html");
  auto exchange = send(get("/"), message);
  for (const auto* name : {"content-length", "content-md5", "digest", "content-digest", "repr-digest"}) {
    EXPECT_THAT(exchange.response.headers, HasNoHeader(name));
  }
  EXPECT_THAT(exchange.response.headers, HasHeader("etag"));
  exchange = send(get("/"), ok("Old", {{"digest", "x"}, {"content-type", "image/png"}}));
  EXPECT_THAT(exchange.response.headers, HasHeader("digest"));
  EXPECT_THAT(exchange.response.headers, HasHeader("content-length", "3"));
}

TEST_F(BodyRewrite, AsksForWholeBodiesOnly) {
  const Headers headers = {{"accept-encoding", "gzip"}, {"range", "bytes=1-2"}};
  startWith(kLinks);
  auto exchange = send(get("/", headers));
  EXPECT_THAT(exchange.request.headers, HasNoHeader("accept-encoding"));
  EXPECT_THAT(exchange.request.headers, HasNoHeader("range"));
  startWith("", kLinks);
  EXPECT_THAT(send(get("/", headers)).request.headers, HasHeader("range", "bytes=1-2"));
}

TEST_F(BodyRewrite, TouchesNothingWhereNothingChanges) {
  startWith(kLinks + "," + kSecrets);
  EXPECT_EQ(rewritten("text/plain", "the same", 4), "the same");
  EXPECT_EQ(rewritten("application/json", R"({"a": [1, "b"]})", 4), R"({"a": [1, "b"]})");
  EXPECT_EQ(host().hostcalls("proxy_set_buffer_bytes"), 0u);
}

// When every piece ends in the beginning of a match, the number of held bytes is limited.
TEST_F(BodyRewrite, NeverKeepsAWholeBody) {
  startWith(R"({"content_types": ["*"], "replace": [{"find": "ab", "with": "c"}]})");
  auto& stream = openStream();
  stream.request(get("/"));
  stream.responseHeaders(ok().headers);
  const std::string piece(16384, 'a');
  size_t sent = 0;
  for (int i = 0; i < 10; ++i) {
    stream.responseBody(piece);
    sent += piece.size();
    EXPECT_LE(sent - stream.answer().body().size(), 65536u + 16384u);
  }
  stream.responseBody("b", true);
  EXPECT_TRUE(stream.answer().complete);
  EXPECT_EQ(stream.answer().body(), std::string(sent - 1, 'a') + "c");
}

TEST_F(BodyRewrite, WritesTheEndWhenTrailersCome) {
  startWith(R"({"content_types": ["*"], "replace": [{"find": "ab", "with": "c"}, {"find": "abcde", "with": "d"}]})");
  for (const auto& [body, expected] :
       {std::pair("aa", "aa"), {"xaab", "xac"}, {"ab", "c"}, {"xabcd", "xccd"}, {"", ""}}) {
    for (const size_t size : std::vector<size_t>{1, 2, 100}) {
      auto message = response("text/plain", pieces(body, size));
      message.trailers = {{"x-end", "yes"}};
      const auto exchange = send(get("/"), message);
      EXPECT_TRUE(exchange.response.complete);
      EXPECT_EQ(exchange.response.body(), expected) << "pieces of " << size;
      EXPECT_THAT(exchange.response.trailers, HasHeader("x-end", "yes"));
    }
  }
}

// The only body that cannot be written to its end: the client must see that it is incomplete.
TEST_F(BodyRewrite, BreaksOffWhenTrailersComeTooLate) {
  startWith(R"({"content_types": ["*"], "replace": [{"find": "ab", "with": "c"}]})");
  auto message = response("text/plain", {std::string(65537, 'a')});
  message.trailers = {{"x-end", "yes"}};
  const auto exchange = send(get("/"), message);
  EXPECT_FALSE(exchange.response.complete);
  EXPECT_THAT(logs(), Contains(LogLine(LogLevel::Warn, HasSubstr("trailers came"))));
}

// --- JSON

TEST_F(BodyRewrite, RedactsValuesOfEveryType) {
  startWith(kSecrets);
  for (const std::string value :
       {"1", "-1.5e+7", "0", "true", "false", "null", R"("text")", R"("")", R"("\"}\\")", R"("\u0022")", "[]", "{}",
        R"([1, "]", [{}]])", R"({"a": {"password": "}"}, "b": [1]})", "\"\xc3\xa9\xf0\x9f\x98\x80\""}) {
    for (const std::string space : {"", " ", "\n\t\r "}) {
      const auto before = "{" + space + R"("a":1,"password")" + space + ":" + space;
      const auto after = space + R"(,"b":2)" + space + "}";
      EXPECT_EQ(rewritten("application/json", before + value + after), before + "\"*\"" + after);
      EXPECT_EQ(rewritten("application/json", before + value + after, 1), before + "\"*\"" + after);
    }
  }
}

TEST_F(BodyRewrite, RedactsByName) {
  startWith(kSecrets);
  expectRedacted(R"({"password": 1, "x": {"password": [2]}, "password": 3})",
                 R"({"password": "*", "x": {"password": "*"}, "password": "*"})");
  expectRedacted(R"([[{"password": 1}], {"Password": 2, "passwor": 3, "passwords": 4, "xpassword": 5, "": 6}])",
                 R"([[{"password": "*"}], {"Password": 2, "passwor": 3, "passwords": 4, "xpassword": 5, "": 6}])");
  expectRedacted(R"({"a": "password", "password": "a"} "password" ["password", 1])",
                 R"({"a": "password", "password": "*"} "password" ["password", 1])");
}

TEST_F(BodyRewrite, SeesThroughEscapes) {
  startWith(kSecrets);
  expectRedacted(R"({"\u0070assw\u006fr\u0064": 1, "pass\/word": 2})",
                 R"({"\u0070assw\u006fr\u0064": "*", "pass\/word": 2})");
  expectRedacted("{\"caf\xc3\xa9\": 1, \"caf\\u00e9\": 2, \"caf\\u00E9\": 3, \"cafe\": 4}",
                 "{\"caf\xc3\xa9\": \"*\", \"caf\\u00e9\": \"*\", \"caf\\u00E9\": \"*\", \"cafe\": 4}");
  expectRedacted("{\"\xf0\x9f\x98\x80\": 1, \"\\ud83d\\ude00\": 2, \"\\uD83D\\uDE00\": 3}",
                 "{\"\xf0\x9f\x98\x80\": \"*\", \"\\ud83d\\ude00\": \"*\", \"\\uD83D\\uDE00\": \"*\"}");
  expectRedacted(R"({"\ude00\ud83d": 1, "\ud83d": 2, "\ud83dx\ude00": 3, "\ud83d\ud83d\ude00": 4})",
                 R"({"\ude00\ud83d": 1, "\ud83d": 2, "\ud83dx\ude00": 3, "\ud83d\ud83d\ude00": 4})");
}

TEST_F(BodyRewrite, RedactsByPath) {
  startWith(kSecrets);
  expectRedacted(R"({"user": {"card": 1, "name": {"card": 2}}, "card": 3, "a/b": {"c~d": 4, "c": 5}})",
                 R"({"user": {"card": "*", "name": {"card": 2}}, "card": 3, "a/b": {"c~d": "*", "c": 5}})");
  expectRedacted(R"([{"user": [[{"card": 1}], {"card": {}}]}, {"x": {"user": {"card": 2}}}])",
                 R"([{"user": [[{"card": "*"}], {"card": "*"}]}, {"x": {"user": {"card": 2}}}])");
  expectRedacted(R"({"user": 1, "x": {"card": 2}} {"user": {"card": 3}})",
                 R"({"user": 1, "x": {"card": 2}} {"user": {"card": "*"}})");
}

TEST_F(BodyRewrite, PassesSeveralTexts) {
  startWith(kSecrets);
  expectRedacted("{\"password\": 1}\n{\"password\": 2}\n3 \"x\"\n",
                 "{\"password\": \"*\"}\n{\"password\": \"*\"}\n3 \"x\"\n");
}

TEST_F(BodyRewrite, WritesThePlaceholderAsJson) {
  startWith(R"({"content_types": ["*"], "redact": {"names": ["a"], "placeholder": "\"\\\u0001\u001f\u00e9"}})");
  expectRedacted(R"({"a": 1})", "{\"a\": \"\\\"\\\\\\u0001\\u001f\xc3\xa9\"}");
}

TEST_F(BodyRewrite, PassesATextThatEndsEarly) {
  startWith(kSecrets);
  expectRedacted(R"({"a": 1, "b": [tru)", R"({"a": 1, "b": [tru)");
  expectRedacted(R"({"a": 1, "password": "s3)", R"({"a": 1, "password": "*")");
  expectRedacted(R"({"a": 1, "password": [{"b": 1}, )", R"({"a": 1, "password": "*")");
  expectRedacted(R"({"a": 1, "passw)", R"({"a": 1, "passw)");
}

TEST_F(BodyRewrite, BreaksOffWhatIsMalformed) {
  startWith(kSecrets);
  expectCut("password=s3cret");
  expectCut("<password>s3cret</password>");
  expectCut("{'password': 's3cret'}", "{");
  expectCut("{password: 1}", "{");
  expectCut("{\"a\" 1}", "{\"a\" ");
  expectCut("{\"a\": 1 \"password\": 2}", "{\"a\": 1 ");
  expectCut("{\"a\": 1,}", "{\"a\": 1,");
  expectCut("[1,]", "[1,");
  expectCut("[,1]", "[");
  expectCut("[1}", "[1");
  expectCut("{\"a\": 1]", "{\"a\": 1");
  expectCut("]");
  expectCut("{\"a\": NaN}", "{\"a\": ");
  expectCut("{\"a\": nul}", "{\"a\": nul");
  expectCut("[truefalse]", "[true");
  expectCut("[1 2]", "[1 ");
  expectCut("[1/**/]", "[1");
  expectCut("{\"a\\x\": 1}", "{\"a\\");
  expectCut("{\"a\\u00g0\": 1}", "{\"a\\u00");
  expectCut("{\"a\n\": 1}", "{\"a");
  expectCut("\xef\xbb\xbf{}");
  expectCut(std::string("[\0]", 3), "[");
  expectCut("{\"password\": 's3cret'}", "{\"password\": ");
  expectCut("{\"password\": {\"a\": oops}}", "{\"password\": \"*\"");
}

// Overlong and other wrong encodings that a lenient parser could read as a name to redact.
TEST_F(BodyRewrite, BreaksOffWhatIsNotUtf8) {
  startWith(kSecrets);
  for (const std::string bad : {"\x80", "\xc1\xb0", "\xc3\"", "\xc3(", "\xe0\x80\xb0", "\xe2\x82", "\xed\xa0\x80",
                                "\xf0\x80\x81\xb0", "\xf4\x90\x80\x80", "\xf8\x88\x80\x80\x80", "\xff", "\xfe"}) {
    for (const std::string place : {"{\"", "[\""}) {
      const auto body = place + bad + "assword\": 1}";
      EXPECT_FALSE(send(get("/"), response("application/json", {body})).response.complete) << body;
    }
  }
  expectRedacted("[\"\xc2\x80\xdf\xbf\xe0\xa0\x80\xed\x9f\xbf\xee\x80\x80\xf0\x90\x80\x80\xf4\x8f\xbf\xbf\"]",
                 "[\"\xc2\x80\xdf\xbf\xe0\xa0\x80\xed\x9f\xbf\xee\x80\x80\xf0\x90\x80\x80\xf4\x8f\xbf\xbf\"]");
}

TEST_F(BodyRewrite, BoundsTheDepth) {
  startWith(kSecrets);
  const auto nested = [](size_t depth) {
    std::string text;
    for (size_t i = 0; i < depth; ++i) text += i % 2 == 0 ? "[" : "{\"a\":";
    text += "{\"password\":1}";
    for (size_t i = depth; i-- > 0;) text += i % 2 == 0 ? "]" : "}";
    return text;
  };
  EXPECT_THAT(rewritten("application/json", nested(63)), HasSubstr("{\"password\":\"*\"}"));
  EXPECT_FALSE(send(get("/"), response("application/json", {nested(64)})).response.complete);
}

TEST_F(BodyRewrite, AnswersMalformedRequests) {
  startWith("", kSecrets);
  for (const size_t size : std::vector<size_t>{1, 1000}) {
    auto request = post("/", "");
    request.headers.emplace_back("content-type", "application/json");
    request.chunks = pieces("{\"password\": s3cret}", size);
    const auto exchange = send(request, ok("fine"));
    EXPECT_THAT(exchange, IsLocalResponse(400, "the body is malformed\n"));
    EXPECT_EQ(exchange.details, "body_rewrite_malformed");
    EXPECT_FALSE(exchange.request.complete);
    EXPECT_THAT(exchange.request.body(), Not(HasSubstr("s3cret")));
  }
}

TEST_F(BodyRewrite, RefusesToRedactWhatItCannotLookInto) {
  startWith(kSecrets, kSecrets);
  for (const Headers& headers : {Headers{{"content-encoding", "gzip"}}, {{"content-range", "bytes 9-14/40"}}}) {
    auto message = response("application/json", {"\"s3cret"});
    message.headers.insert(message.headers.end(), headers.begin(), headers.end());
    EXPECT_THAT(send(get("/"), message), IsLocalResponse(502));
    auto request = post("/", "{}", {{"content-type", "application/json"}});
    request.headers.insert(request.headers.end(), headers.begin(), headers.end());
    const auto exchange = send(request);
    EXPECT_THAT(exchange, IsLocalResponse(415));
    EXPECT_FALSE(exchange.request.started);
  }
  auto message = response("application/json", {"{\"password\": 1}"});
  message.headers.emplace_back("content-encoding", "identity");
  EXPECT_EQ(send(get("/"), message).response.body(), "{\"password\": \"*\"}");
}

// Attempts of an upstream or a client to get a field through unchanged. "*" means that the field is redacted, a status
// that the message is refused.
TEST_F(BodyRewrite, TriedBypassesOfARedactor) {
  struct Attempt {
    std::string name;
    Headers headers;
    std::string body;
    std::string outcome;
  };
  const std::string secret = R"({"password": "x"})";
  const std::string redacted = R"({"password": "*"})";
  const Attempt attempts[] = {
      {"as it is", {{"content-type", "application/json"}}, secret, redacted},
      {"upper case", {{"content-type", "Application/JSON"}}, secret, redacted},
      {"a parameter", {{"content-type", "application/json ;charset=utf-8"}}, secret, redacted},
      {"spaces and tabs", {{"content-type", " \tapplication/json\t "}}, secret, redacted},
      {"twice, joined", {{"content-type", "application/json,application/json"}}, secret, redacted},
      {"another type first, joined", {{"content-type", "text/plain, application/json"}}, secret, redacted},
      {"another type last, joined", {{"content-type", "application/json; a=b,text/plain"}}, secret, redacted},
      {"only in a parameter", {{"content-type", "text/plain; a=\"b, application/json\""}}, secret, secret},
      {"two headers", {{"content-type", "text/plain"}, {"content-type", "application/json"}}, secret, redacted},
      {"two headers, an empty one first", {{"content-type", ""}, {"content-type", "a/b+json"}}, secret, redacted},
      {"compressed", {{"content-type", "application/json"}, {"content-encoding", "gzip"}}, secret, "502"},
      {"compressed, joined",
       {{"content-type", "application/json"}, {"content-encoding", "identity, gzip"}},
       secret,
       "502"},
      {"compressed, two headers",
       {{"content-type", "application/json"}, {"content-encoding", "identity"}, {"content-encoding", "gzip"}},
       secret,
       "502"},
      {"not compressed", {{"content-type", "application/json"}, {"content-encoding", "Identity"}}, secret, redacted},
      {"a part", {{"content-type", "application/json"}, {"content-range", "bytes 0-3/9"}}, secret, "502"},
      {"an escaped name",
       {{"content-type", "application/json"}},
       R"({"pass\u0077ord": "x"})",
       R"({"pass\u0077ord": "*"})"},
      {"another type alone", {{"content-type", "text/plain"}}, secret, secret},
      {"no type", {}, secret, secret},
  };
  startWith(kSecrets);
  for (const auto& attempt : attempts) {
    const auto exchange = send(get("/"), ok(attempt.body, attempt.headers));
    if (attempt.outcome == "502") {
      EXPECT_THAT(exchange, IsLocalResponse(502)) << attempt.name;
    } else {
      EXPECT_EQ(exchange.response.body(), attempt.outcome) << attempt.name;
    }
  }
}

// --- Tunnels

class BodyRewriteTunnels : public BodyRewrite {
 protected:
  const Headers kUpgrade = {{"connection", "Upgrade"}, {"upgrade", "websocket"}};
  HttpStream& openTunnel(const Headers& more = {}) {
    auto& stream = openStream();
    auto headers = get("/").headers;
    headers.insert(headers.end(), kUpgrade.begin(), kUpgrade.end());
    headers.insert(headers.end(), more.begin(), more.end());
    stream.requestHeaders(headers);
    return stream;
  }
  const std::string kAll = R"({"content_types": ["*"], "replace": [{"find": "abc", "with": "1"}]})";
};

// Outside a tunnel, the beginning of a text to find is held back until more bytes arrive. In a tunnel that may be
// never.
TEST_F(BodyRewriteTunnels, PassAsTheyAre) {
  startWith(kAll, kAll);
  auto& stream = openTunnel();
  stream.requestBody("abc ab");
  EXPECT_EQ(stream.received().body(), "abc ab");
  stream.responseHeaders({{":status", "101"}, {"upgrade", "websocket"}, {"connection", "upgrade"}});
  stream.responseBody("abc ab");
  EXPECT_EQ(stream.answer().body(), "abc ab");
}

// A request for a tunnel may get an ordinary response, which is rewritten.
TEST_F(BodyRewriteTunnels, ThatWereRefusedHaveAnOrdinaryResponse) {
  startWith(kSecrets);
  auto& stream = openTunnel();
  stream.response(ok(R"({"password": "x"})", {{"content-type", "application/json"}}));
  EXPECT_EQ(stream.answer().body(), R"({"password": "*"})");
}

TEST_F(BodyRewriteTunnels, OfATypeThatMustBeRedactedDoNotPass) {
  startWith(kSecrets, kSecrets);
  auto& request = openTunnel({{"content-type", "application/json"}});
  EXPECT_THAT(request.answer(), HasStatus(415));
  auto& response = openTunnel();
  response.responseHeaders({{":status", "101"}, {"content-type", "application/json"}});
  EXPECT_THAT(response.answer(), HasStatus(502));
}

TEST_F(BodyRewrite, LeavesTextAloneThatItCannotLookInto) {
  startWith(kLinks);
  const auto exchange = send(get("/"), ok("Old", {{"content-type", "text/html"}, {"content-encoding", "br"}}));
  EXPECT_EQ(exchange.response.body(), "Old");
  EXPECT_THAT(exchange.response.headers, HasHeader("content-length", "3"));
}

TEST_F(BodyRewrite, DoesNotRewriteItsOwnAnswer) {
  startWith(R"({"content_types": ["*"], "replace": [{"find": "the body", "with": "Old"}]})", kSecrets);
  const auto exchange = send(post("/", "oops", {{"content-type", "application/json"}}));
  EXPECT_THAT(exchange, IsLocalResponse(400, "the body is malformed\n"));
}

// --- Sizes

class BodyRewriteSizes : public BodyRewrite {
 protected:
  static std::string page(size_t size) {
    std::string text;
    for (size_t i = 0; text.size() < size; ++i) {
      text += "<li><a href=\"http://old.example/" + std::to_string(i) + "\">Old</a>" + std::string(i % 40, 'h');
    }
    return text;
  }
  static std::string records(size_t size) {
    std::string text = "[";
    for (size_t i = 0; text.size() < size; ++i) {
      if (i != 0) text += ", ";
      text += R"({"id": )" + std::to_string(i) + R"(, "user": {"card": {"number": [4111, "x\"y"]}}, "password": ")" +
              std::string(i % 40, '\\') + std::string(i % 40, '\\') + "\"}";
    }
    return text + "]";
  }
};

TEST_F(BodyRewriteSizes, OfPiecesMakeNoDifference) {
  startWith(kLinks + "," + kSecrets);
  for (const auto& [type, body] : {std::pair("text/html", page(66'000)), {"application/json", records(66'000)}}) {
    const auto expected = rewritten(type, body);
    EXPECT_THAT(expected, Not(HasSubstr("Old")));
    EXPECT_THAT(expected, Not(HasSubstr("4111")));
    EXPECT_NE(expected, body);
    for (const size_t size : std::vector<size_t>{1, 7, 999, 65536}) {
      EXPECT_EQ(rewritten(type, body, size), expected) << "pieces of " << size;
    }
  }
}

TEST_F(BodyRewriteSizes, TakeTheMemoryOfAPiece) {
  startWith(kLinks + "," + kSecrets);
  const auto play = [&](int times, size_t piece) {
    for (int i = 0; i < times; ++i) {
      rewritten("text/html", page(1000), piece);
      rewritten("application/json", records(1000), piece);
    }
  };
  play(10, 300);
  const auto pages = plugin().memoryPages();
  play(500, 300);
  EXPECT_EQ(plugin().memoryPages(), pages);
  for (const auto& [type, chunk] : {std::pair("text/html", page(1 << 18)), {"application/json", records(1 << 18)}}) {
    const auto message = response(type, {chunk, chunk, chunk});
    const auto received = plugin().send(get("/"), message).response;
    EXPECT_TRUE(received.complete);
    const auto afterOne = plugin().memoryPages();
    EXPECT_LE(afterOne, 2u + 6 * 4 + 4) << "some times a piece of 4 pages";
    EXPECT_EQ(plugin().send(get("/"), message).response.body(), received.body());
    EXPECT_EQ(plugin().memoryPages(), afterOne);
  }
}

// --- Mistakes in configurations and of hosts

TEST_F(BodyRewrite, RefusesABadConfiguration) {
  const auto rule = [](const std::string& members) {
    return R"({"response": [{"content_types": ["*"], )" + members + "}]}";
  };
  const auto replace = [&](const std::string& entry) { return rule("\"replace\": [" + entry + "]"); };
  const auto redact = [&](const std::string& members) { return rule("\"redact\": {" + members + "}"); };
  expectBadConfiguration("", "configuration:1:1: The document is empty.");
  expectBadConfiguration("{}", "configuration: has no rules");
  expectBadConfiguration("[]", "configuration: must be an object");
  expectBadConfiguration(R"({"response": {}})", "response: must be an array");
  expectBadConfiguration(R"({"responses": []})", "responses: unknown key");
  expectBadConfiguration(R"({"request": [1]})", "request[0]: must be an object");
  expectBadConfiguration(R"({"request": [{}]})", "request[0]: missing \"content_types\"");
  expectBadConfiguration(R"({"request": [{"content_types": []}]})", "request[0].content_types: is empty");
  for (const std::string bad : {"", "html", "/", "text/", "/html", "+", "text/html;a=b", "text /html", "a/b/c"}) {
    expectBadConfiguration(R"({"request": [{"content_types": [")" + bad + R"("], "replace": []}]})",
                           "request[0].content_types[0]: must be like text/html, text/*, +json or *");
  }
  expectBadConfiguration(R"({"request": [{"content_types": ["*"]}]})",
                         "request[0]: must have either replace or redact");
  expectBadConfiguration(rule(R"("replace": {})"), "response[0].replace: must be an array");
  expectBadConfiguration(replace(""), "response[0].replace: is empty");
  expectBadConfiguration(replace(R"({"find": "a"})"), "response[0].replace[0]: missing \"with\"");
  expectBadConfiguration(replace(R"({"find": "", "with": "b"})"),
                         "response[0].replace[0].find: must have 1 to 256 bytes");
  expectBadConfiguration(replace(R"({"find": "a", "with": "b"}, {"find": "a", "with": "c"})"),
                         "response[0].replace[1].find: given twice");
  expectBadConfiguration(replace(R"({"find": ")" + std::string(257, 'a') + R"(", "with": "b"})"),
                         "response[0].replace[0].find: must have 1 to 256 bytes");
  expectBadConfiguration(replace(R"({"find": "a", "with": ")" + std::string(1025, 'a') + R"("})"),
                         "response[0].replace[0].with: must have at most 1024 bytes");
  std::string many;
  for (char c = 'a'; c <= 'q'; ++c)
    many += std::string(c == 'a' ? "" : ", ") + R"({"find": ")" + c + R"(", "with": ""})";
  expectBadConfiguration(replace(many), "response[0].replace[16]: there are more than 16 replacements");
  expectBadConfiguration(rule(R"("redact": [])"), "response[0].redact: must be an object");
  expectBadConfiguration(redact(""), "response[0].redact: must have names or paths");
  expectBadConfiguration(redact(R"("name": [])"), "response[0].redact.name: unknown key");
  expectBadConfiguration(redact(R"("names": "a")"), "response[0].redact.names: must be an array");
  expectBadConfiguration(redact(R"("names": [1])"), "response[0].redact.names[0]: must be a string");
  expectBadConfiguration(redact(R"("paths": [""])"), "response[0].redact.paths[0]: must begin with a slash");
  expectBadConfiguration(redact(R"("paths": ["a"])"), "response[0].redact.paths[0]: must begin with a slash");
  for (const std::string bad : {"/~", "/~2", "/a~/b"}) {
    expectBadConfiguration(
        redact(R"("paths": [")" + bad + "\"]"),
        "response[0].redact.paths[0]: has a single tilde; write ~0 for one, and ~1 for a slash in a name");
  }
  expectBadConfiguration(redact(R"("names": ["a"], "placeholder": 1)"),
                         "response[0].redact.placeholder: must be a string");
  const auto list = [](const std::string& item, int count) {
    std::string items = "\"" + item + "\"";
    for (int i = 1; i < count; ++i) items += ", \"" + item + "\"";
    return items;
  };
  expectBadConfiguration(redact("\"names\": [" + list("a", 33) + "]"),
                         "response[0].redact.names[32]: there are more than 32 names");
  expectBadConfiguration(redact("\"paths\": [" + list("/a", 33) + "]"),
                         "response[0].redact.paths[32]: there are more than 32 paths");
  ASSERT_TRUE(
      start({.configuration = redact("\"names\": [" + list("a", 32) + "], \"paths\": [" + list("/a", 32) + "]")}));
}

// A host that returns invalid results: no body that should be rewritten passes unchanged.
TEST_F(BodyRewrite, PassesNothingUnredactedWhateverHostcallsAnswer) {
  startWith(kSecrets, kSecrets);
  withEveryAnswerOfEveryHostcall(host(), [&](std::string_view hostcall, Status status) {
    auto request = post("/", "", {{"content-type", "application/json"}});
    request.chunks = {"{\"password\": ", "\"s3cret\"}"};
    const auto exchange = send(request, response("application/json", request.chunks));
    EXPECT_THAT(exchange.request.body(), Not(HasSubstr("s3cret"))) << hostcall << ' ' << toString(status);
    EXPECT_THAT(exchange.response.body(), Not(HasSubstr("s3cret"))) << hostcall << ' ' << toString(status);
    const bool whole = exchange.request.complete && exchange.response.complete;
    // If the host does not give the request's method, the request is refused like a tunnel.
    const bool isOrdinary = hostcall == "proxy_get_header_map_value" && status == Status::NotFound;
    if (!whole && hostcall != "proxy_log" && !hostcall.empty() && !isOrdinary) {
      EXPECT_THAT(logs(),
                  Contains(LogLine(LogLevel::Warn, HasSubstr("status " + std::to_string(static_cast<int>(status))))))
          << hostcall;
    }
  });
  EXPECT_EQ(rewritten("application/json", "{\"password\": 1}"), "{\"password\": \"*\"}");
}

TEST_F(BodyRewrite, PassesNothingUnredactedWhenMemoryRunsOut) {
  withEachAllocationFailing(host(), [&](const std::string& what) {
    if (!start({.configuration = R"({"response": [)" + kSecrets + R"(], "request": [)" + kSecrets + "]}"})) {
      EXPECT_THAT(logs(), Contains(LogLine(LogLevel::Error, HasSubstr("cannot be read")))) << what;
      return false;
    }
    auto request = post("/", "", {{"content-type", "application/json"}});
    request.chunks = {"{\"password\": ", "\"s3cret\"}"};
    const auto exchange = send(request, response("application/json", request.chunks));
    EXPECT_THAT(exchange.request.body(), Not(HasSubstr("s3cret"))) << what;
    EXPECT_THAT(exchange.response.body(), Not(HasSubstr("s3cret"))) << what;
    const bool whole = exchange.request.complete && exchange.response.body() == "{\"password\": \"*\"}";
    if (!whole) {
      EXPECT_THAT(logs(), Contains(LogLine(LogLevel::Warn))) << what;
    }
    return whole;
  });
}

// A host that returns fewer or more bytes of a body than it announces.
TEST_F(BodyRewrite, BreaksOffABodyThatTheHostShowsInPart) {
  startWith(kLinks);
  for (const std::string shown : {"", "part", "more than there is of it"}) {
    host().clearLogs();
    host().answerHostcall("proxy_get_buffer_bytes", shown);
    EXPECT_FALSE(send(get("/"), response("text/html", {"the body"})).response.complete);
    EXPECT_THAT(logs(), Contains(LogLine(LogLevel::Warn, HasSubstr("body_rewrite_host_failure"))));
  }
}

TEST_F(BodyRewrite, OutlivesCallbacksInAnyOrder) {
  startWith(kLinks, kLinks);
  const uint64_t id = 77;
  plugin().callback("proxy_on_context_create", {id, plugin().rootContextId()});
  for (const auto* callback :
       {"proxy_on_response_trailers", "proxy_on_response_body", "proxy_on_request_trailers", "proxy_on_request_body",
        "proxy_on_response_headers", "proxy_on_response_body", "proxy_on_request_headers", "proxy_on_request_body"}) {
    const bool isTrailers = std::string_view(callback).ends_with("trailers");
    plugin().callback(callback, isTrailers ? std::vector<uint64_t>{id, 1} : std::vector<uint64_t>{id, 4096, 1});
  }
  plugin().callback("proxy_on_delete", {id});
  EXPECT_EQ(rewritten("text/html", "Old"), "New");
}
