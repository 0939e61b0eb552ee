#include <sluice/encoding.h>
#include <sluice/testing.h>

#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "basic_auth/password_hash.h"
#include "common/faults.h"

using namespace sluice;
using namespace sluice::testing;
using ::testing::Contains;
using ::testing::Each;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

namespace {

// The hashes of Ada's "open sesame" (ten iterations) and Bob's "hunter2" (a thousand iterations).
const std::string kAda =
    "pbkdf2-sha256$10$000102030405060708090a0b0c0d0e0f$"
    "39e61d64030df38c68071096c8234492341a452430d91de429464437634ecf8f";
const std::string kBob =
    "pbkdf2-sha256$10$101112131415161718191a1b1c1d1e1f$"
    "2cb3fd94d24882be4ac33303906992166963df22dee82f4f69321816ac6e08d5";
const std::string kSlowAda =
    "pbkdf2-sha256$1000$000102030405060708090a0b0c0d0e0f$"
    "04c33ed9d0a11c9d3c8ef673234d5cbbe461513009a831e060915fc779fbb79b";
const std::string kUsers = R"("users": {"ada": ")" + kAda + R"(", "bob": ")" + kBob + R"("})";
const std::string kRealm = R"({"realm": "Staff", )" + kUsers + "}";

std::string digitsOf(const Sha256Digest& digest) { return encodeHex(bytesOf(digest)); }

Headers basic(const std::string& credentials) { return {{"authorization", "Basic " + encodeBase64(credentials)}}; }

}  // namespace

class BasicAuth : public FilterTest {
 protected:
  ::testing::AssertionResult startWith(const std::string& realms, const std::string& more = "") {
    return start({.configuration = R"({"realms": [)" + realms + "]" + more + "}"});
  }

  // The status of the response to a request: 200 when the request reaches the upstream.
  int statusOf(const Headers& headers, const std::string& host = "example.com", const std::string& path = "/") {
    auto request = get(path, headers);
    for (auto& [name, value] : request.headers) {
      if (name == ":authority") value = host;
    }
    const auto exchange = plugin().send(request, ok());
    EXPECT_EQ(exchange.request.started, exchange.response.status() == 200);
    details_ = exchange.details;
    return exchange.response.status();
  }

  void expectBadConfiguration(const std::string& configuration, const std::string& message) {
    host().clearLogs();
    EXPECT_FALSE(start({.configuration = configuration})) << configuration;
    EXPECT_THAT(logs(), Contains(LogLine(LogLevel::Error, message)));
  }

  std::string details_;
};

TEST_F(BasicAuth, AsksForAPassword) {
  ASSERT_TRUE(startWith(kRealm));
  const auto exchange = send(get("/"), ok("secret"));
  EXPECT_THAT(exchange, IsLocalResponse(401, "a name and a password are required\n"));
  EXPECT_THAT(exchange.response.headers, HasHeader("www-authenticate", "Basic realm=\"Staff\", charset=\"UTF-8\""));
  EXPECT_FALSE(exchange.request.started);
}

TEST_F(BasicAuth, LetsUsersPass) {
  ASSERT_TRUE(startWith(kRealm));
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(statusOf(basic("ada:open sesame")), 200);
    EXPECT_EQ(statusOf(basic("bob:hunter2")), 200);
    for (const std::string wrong : {"ada:hunter2", "ada:", "ada:open sesam", "ada:open sesame ", "Ada:open sesame", ":",
                                    ":open sesame", "eve:open sesame", "ada ada:open sesame"}) {
      EXPECT_EQ(statusOf(basic(wrong)), 401) << wrong;
      EXPECT_EQ(details_, "basic_auth_wrong") << wrong;
    }
  }
}

TEST_F(BasicAuth, TakesTheSchemeAsItMayBeWritten) {
  ASSERT_TRUE(startWith(kRealm));
  const auto credentials = encodeBase64("ada:open sesame");
  for (const std::string scheme : {"Basic ", "basic ", "BASIC   "})
    EXPECT_EQ(statusOf({{"authorization", scheme + credentials}}), 200) << scheme;
  for (const std::string scheme : {"Bearer ", "Basic", "Basi ", ""}) {
    EXPECT_EQ(statusOf({{"authorization", scheme + credentials}}), 401) << scheme;
    EXPECT_EQ(details_, "basic_auth_missing");
  }
}

TEST_F(BasicAuth, RefusesMalformedCredentials) {
  ASSERT_TRUE(startWith(kRealm));
  const auto good = encodeBase64("ada:open sesame");
  for (const std::string& bad :
       {std::string(), good + "=", good.substr(1), good + " ", good + good + ",", "." + good.substr(1),
        encodeBase64("ada"), encodeBase64("ada\n:x"), encodeBase64(std::string("ada:\0", 5)), encodeBase64("ada:\x7f"),
        std::string(4096, 'A')}) {
    EXPECT_EQ(statusOf({{"authorization", "Basic " + bad}}), 401) << bad;
    EXPECT_EQ(details_, "basic_auth_malformed") << bad;
  }
}

TEST_F(BasicAuth, TellsTheUpstreamWhoItIs) {
  ASSERT_TRUE(startWith(kRealm, R"(, "user_header": "X-User")"));
  auto headers = basic("ada:open sesame");
  headers.insert(headers.begin(), {"x-user", "root"});
  headers.emplace_back("x-user", "admin");
  const auto exchange = send(get("/", headers));
  EXPECT_THAT(exchange.request.headers, HasHeaderValues("x-user", {"ada"}));
  EXPECT_THAT(exchange.request.headers, HasNoHeader("authorization"));
}

TEST_F(BasicAuth, KeepsCredentialsIfItIsToldTo) {
  ASSERT_TRUE(startWith(kRealm, R"(, "remove_credentials": false)"));
  EXPECT_THAT(send(get("/", basic("ada:open sesame"))).request.headers, HasHeader("authorization"));
}

TEST_F(BasicAuth, NobodyCanSayWhoTheyAre) {
  ASSERT_TRUE(startWith(R"({"hosts": ["open.example.com"], "public": true})",
                        R"(, "unmatched": "pass", "user_header": "x-user")"));
  for (const std::string host : {"open.example.com", "other.example.com"}) {
    auto request = get("/", {{"x-user", "root"}});
    request.headers[2].second = host;
    const auto exchange = send(request);
    EXPECT_TRUE(exchange.request.complete);
    EXPECT_THAT(exchange.request.headers, HasNoHeader("x-user"));
  }
}

TEST_F(BasicAuth, GoesByTheHost) {
  const auto realm = [](const std::string& hosts, const std::string& user) {
    return R"({"realm": "R", "hosts": [)" + hosts + R"(], "users": {")" + user + R"(": ")" + kAda + "\"}}";
  };
  ASSERT_TRUE(startWith(realm(R"("a.example.com", "B.example.com")", "one") + "," +
                        realm(R"("*.example.com", "[::1]")", "two")));
  const auto is = [&](const std::string& host) {
    if (statusOf(basic("one:open sesame"), host) == 200) return 1;
    return statusOf(basic("two:open sesame"), host) == 200 ? 2 : details_ == "basic_auth_unmatched" ? 0 : -1;
  };
  for (const std::string host :
       {"a.example.com", "A.Example.COM", "a.example.com:80", "a.example.com.", "a.example.com.:1", "b.example.com"})
    EXPECT_EQ(is(host), 1) << host;
  for (const std::string host : {"c.example.com", "x.a.example.com", "[::1]", "[::1]:8080"})
    EXPECT_EQ(is(host), 2) << host;
  for (const std::string host : {"example.com", "example.org", "a.example.com.example.org", "[::2]", "a_example.com"})
    EXPECT_EQ(is(host), 0) << host;
}

// Spellings that an upstream could interpret as another host than this filter does.
TEST_F(BasicAuth, RefusesHostsThatAreNotNormal) {
  ASSERT_TRUE(
      startWith(R"({"realm": "R", "hosts": ["staff.example.com"], )" + kUsers + "}", R"(, "unmatched": "pass")"));
  for (const std::string host : {"",
                                 ".",
                                 "..",
                                 ":80",
                                 "[",
                                 "[]x",
                                 "[::1",
                                 "[::1]8080",
                                 "[::1]:x",
                                 "[::1%25eth0]",
                                 "[staff.example.com]",
                                 ".example.com",
                                 "staff.example.com..",
                                 "staff..example.com",
                                 "staff.example.com:8o",
                                 "staff.example.com:80:80",
                                 "staff.example.com:-1",
                                 "staff.example.com: 80",
                                 "me@staff.example.com",
                                 "staff.example.com@other.example.com",
                                 "me:x@staff.example.com",
                                 "other.example.com:80@staff.example.com",
                                 "staff.example.com,other.example.com",
                                 "other.example.com, staff.example.com",
                                 "staff%2eexample.com",
                                 " staff.example.com",
                                 "staff.example.com ",
                                 "staff.example.com/x",
                                 "staff.example.com\\x",
                                 "staff.example.com?x",
                                 "staff.example.com#x",
                                 "st\xc3\xa4"
                                 "ff.example.com",
                                 "staff.example.com\t"}) {
    EXPECT_EQ(statusOf({}, host), 400) << host;
    EXPECT_EQ(details_, "basic_auth_host") << host;
  }
  EXPECT_EQ(statusOf({}, "staff.example.com:"), 401);  // RFC 3986, section 3.2.3: a port may be empty
}

// Attempts to get in without a password, or as another user; with "" the request passes.
struct Attempt {
  std::string name;
  std::string details;
  Headers headers;
  std::string authority = "staff.example.com";
  std::string path = "/";
};

void PrintTo(const Attempt& attempt, std::ostream* out) { *out << attempt.name; }

class BasicAuthBypasses : public BasicAuth, public ::testing::WithParamInterface<Attempt> {};

INSTANTIATE_TEST_SUITE_P(
    Tried, BasicAuthBypasses,
    ::testing::Values(
        Attempt{"the_password", "", basic("ada:open sesame")},
        Attempt{"upper_case", "basic_auth_missing", {}, "STAFF.example.COM"},
        Attempt{"a_port", "basic_auth_missing", {}, "staff.example.com:8443"},
        Attempt{"a_dot_at_the_end", "basic_auth_missing", {}, "staff.example.com."},
        Attempt{"a_dot_and_a_port", "basic_auth_missing", {}, "staff.example.com.:80"},
        Attempt{"two_dots_at_the_end", "basic_auth_host", {}, "staff.example.com.."},
        Attempt{"a_name_before_the_host", "basic_auth_host", {}, "www.example.com@staff.example.com"},
        Attempt{"a_name_and_a_password_before_it", "basic_auth_host", {}, "ada:open sesame@staff.example.com"},
        Attempt{"two_hosts_joined", "basic_auth_host", {}, "www.example.com,staff.example.com"},
        Attempt{
            "another_host_beside_the_authority", "basic_auth_host", {{"host", "staff.example.com"}}, "www.example.com"},
        Attempt{"the_same_host_again", "basic_auth_host", {{"host", "www.example.com"}}, "www.example.com"},
        Attempt{"two_hosts_beside_it",
                "basic_auth_host",
                {{"host", "www.example.com"}, {"host", "staff.example.com"}},
                "www.example.com"},
        Attempt{"two_credentials",
                "basic_auth_malformed",
                {{"authorization", "Basic eDp4"}, {"Authorization", "Basic YWRhOm9wZW4gc2VzYW1l"}}},
        Attempt{"two_credentials_joined",
                "basic_auth_malformed",
                {{"authorization", "Basic YWRhOm9wZW4gc2VzYW1l,Basic YWRhOm9wZW4gc2VzYW1l"}}},
        Attempt{"bits_that_belong_to_no_byte", "basic_auth_malformed", {{"authorization", "Basic Ym9iOmh1bnRlcjJ="}}},
        Attempt{"a_path_with_dots", "basic_auth_path", {}, "www.example.com", "/x/../reports"},
        Attempt{"a_path_with_a_percent_sign", "basic_auth_path", {}, "www.example.com", "/%72eports"},
        Attempt{"a_path_with_two_slashes", "basic_auth_path", {}, "www.example.com", "//reports"},
        Attempt{"a_path_with_a_backslash", "basic_auth_path", {}, "www.example.com", "/\\reports"},
        Attempt{"the_path_as_it_is", "basic_auth_missing", {}, "www.example.com", "/reports/1"},
        Attempt{"a_users_name_of_its_own", "", {{"x-user", "root"}, {"X-User", "ada"}}, "www.example.com"}),
    [](const auto& attempt) { return attempt.param.name; });

// Envoy treats `host` as `:authority` and joins them. This host shows both.
TEST_F(BasicAuth, GoesByOneHostAlone) {
  const auto shown = [&](const Headers& headers) {
    const auto number = [](size_t value) {
      const auto bits = static_cast<uint32_t>(value);
      return std::string{static_cast<char>(bits), static_cast<char>(bits >> 8), 0, 0};
    };
    auto sizes = number(headers.size());
    std::string texts;
    for (const auto& [name, value] : headers) {
      sizes += number(name.size()) + number(value.size());
      texts += name + '\0' + value + '\0';
    }
    EXPECT_TRUE(startWith(R"({"realm": "R", "hosts": ["staff.example.com"], )" + kUsers + "}," +
                          R"({"hosts": ["www.example.com"], "public": true})"));
    host().answerHostcall("proxy_get_header_map_pairs", sizes + texts);
    const auto exchange = send(get("/"));
    host().clearFaults();
    return exchange.request.started ? "" : exchange.details;
  };
  const std::pair<std::string, std::string> www = {":authority", "www.example.com"};
  EXPECT_EQ(shown({www, {":path", "/"}}), "");
  EXPECT_EQ(shown({www, {":path", "/"}, {"host", "WWW.example.com.:80"}}), "");
  EXPECT_EQ(shown({www, {":path", "/"}, {"host", "staff.example.com"}}), "basic_auth_host");
  EXPECT_EQ(shown({www, {":path", "/"}, {"host", "www.example.com"}, {"host", "staff.example.com"}}),
            "basic_auth_repeated");
  EXPECT_EQ(shown({www, {":path", "/"}, {":authority", "staff.example.com"}}), "basic_auth_repeated");
}

TEST_P(BasicAuthBypasses, EndAsExpected) {
  const auto& attempt = GetParam();
  ASSERT_TRUE(startWith(R"({"realm": "Staff", "hosts": ["staff.example.com"], )" + kUsers + "}," +
                            R"({"realm": "R", "hosts": ["www.example.com"], "path": "/reports", )" + kUsers + "}," +
                            R"({"hosts": ["www.example.com"], "public": true})",
                        R"(, "user_header": "x-user")"));
  auto request = get(attempt.path, attempt.headers);
  for (auto& [name, value] : request.headers) {
    if (name == ":authority") value = attempt.authority;
  }
  const auto exchange = send(request, ok("secret"));
  EXPECT_EQ(exchange.request.started, attempt.details.empty());
  if (!attempt.details.empty()) {
    EXPECT_EQ(exchange.details, attempt.details);
  }
  if (attempt.name == "a_users_name_of_its_own") {
    EXPECT_THAT(exchange.request.headers, HasNoHeader("x-user"));
  }
}

TEST_F(BasicAuth, GoesByThePath) {
  ASSERT_TRUE(startWith(R"({"realm": "R", "path": "/admin", )" + kUsers + "}", R"(, "unmatched": "pass")"));
  for (const std::string path :
       {"/admin", "/admin/", "/admin/x", "/admin?x", "/admin;x", "/admin/%20", "/admin/a?b//../"})
    EXPECT_EQ(statusOf({}, "h", path), 401) << path;
  for (const std::string path :
       {"/", "/administrator", "/x/admin", "/?/admin", "/Admin", "/a.b/..c/.d/e..", "/%c3%a4", "/a;b", "/x/"})
    EXPECT_EQ(statusOf({}, "h", path), 200) << path;
}

// Spellings that an upstream could interpret as a path that is not public.
TEST_F(BasicAuth, RefusesPathsThatAreNotNormal) {
  ASSERT_TRUE(startWith(R"({"realm": "R", "path": "/admin", )" + kUsers + "}", R"(, "unmatched": "pass")"));
  for (const std::string path :
       {"//admin",       "/x//admin", "/./admin",  "/x/../admin", "/x/..",     "/.",         "/..;x/admin",
        "/.;/admin",     "/;/admin",  "/%61dmin",  "/%2fadmin",   "/%2Fadmin", "/%2e/admin", "/%2E%2e/admin",
        "/x\\..\\admin", "/%5cadmin", "/%00admin", "/%0a",        "/%7fadmin", "/%2561dmin", "/%",
        "/%4",           "/%zz",      "/x%",       "admin",       "*",         "/admin#x",   "http://h/admin"}) {
    EXPECT_EQ(statusOf(basic("ada:open sesame"), "h", path), 400) << path;
    EXPECT_EQ(details_, "basic_auth_path");
  }
  // If no realm has a path, the spelling does not matter.
  ASSERT_TRUE(startWith(kRealm));
  EXPECT_EQ(statusOf(basic("ada:open sesame"), "h", "//x/../%61"), 200);
}

TEST_F(BasicAuth, TakesTheFirstRealmThatFits) {
  ASSERT_TRUE(
      startWith(R"({"path": "/admin/health", "public": true}, {"realm": "R", "path": "/admin/", )" + kUsers + "}"));
  EXPECT_EQ(statusOf({}, "h", "/admin/health"), 200);
  EXPECT_EQ(statusOf({}, "h", "/admin/healthy"), 401);
  EXPECT_EQ(statusOf({}, "h", "/admin/"), 401);
  EXPECT_EQ(statusOf({}, "h", "/admin"), 403);
  EXPECT_EQ(statusOf({}, "h", "/"), 403);
}

// The cost of a refusal does not reveal which users exist.
TEST_F(BasicAuth, TakesAsLongForNamesThatDoNotExist) {
  ASSERT_TRUE(startWith(kRealm));
  if (plugin().memoryPages() == 0) GTEST_SKIP() << "Instructions are counted in the .wasm run.";
  const auto instructions = [&](const std::string& credentials) {
    const auto before = plugin().counts();
    EXPECT_EQ(statusOf(basic(credentials)), 401);
    return static_cast<int64_t>((plugin().counts() - before).instructions);
  };
  instructions("ada:wrong");
  for (const bool known : {false, true}) {  // also after the right password was used
    if (known) {
      EXPECT_EQ(statusOf(basic("ada:open sesame")), 200);
    }
    const auto expected = instructions("ada:wrong");
    for (const std::string user : {"bob", "eve", "aaa", "zzz"})
      EXPECT_NEAR(static_cast<double>(instructions(user + ":wrong")), static_cast<double>(expected), 100) << user;
    EXPECT_NEAR(static_cast<double>(instructions("ada:open sesamE")),
                static_cast<double>(instructions("eve:open sesame")), 100);
  }
}

TEST_F(BasicAuth, TakesAllIterationsOnce) {
  ASSERT_TRUE(startWith(R"({"realm": "R", "users": {"ada": ")" + kSlowAda + "\"}}"));
  const auto instructions = [&](const std::string& credentials, int status) {
    const auto before = plugin().counts();
    EXPECT_EQ(statusOf(basic(credentials), "h"), status);
    return (plugin().counts() - before).instructions;
  };
  const auto wrong = instructions("ada:wrong", 401);
  const auto first = instructions("ada:open sesame", 200);
  const auto second = instructions("ada:open sesame", 200);
  const auto wrongAgain = instructions("ada:wrong", 401);
  if (plugin().memoryPages() == 0) return;
  EXPECT_GT(first, 1'000'000u);
  EXPECT_LT(second, 100'000u);
  EXPECT_GT(wrong, 1'000'000u);
  EXPECT_GT(wrongAgain, 1'000'000u);
}

TEST_F(BasicAuth, MemoryDoesNotGrow) {
  const std::string quick =
      "pbkdf2-sha256$1$202122232425262728292a2b2c2d2e2f$"
      "a398754009fbe3e17438da06b92b4d0ccb2314eb156e235683046548c9ee7da4";
  ASSERT_TRUE(startWith(R"({"realm": "R", "users": {"carol": ")" + quick + "\"}}", R"(, "user_header": "x-user")"));
  const auto play = [&](int times) {
    for (int i = 0; i < times; ++i) {
      EXPECT_EQ(statusOf(basic("carol:" + std::string(100, 'x'))), 200);
      EXPECT_EQ(statusOf(basic("carol:" + std::string(600, 'y'))), 401);
      EXPECT_EQ(statusOf({{"authorization", "Basic " + std::string(5000, 'A')}}), 401);
    }
  };
  play(10);
  const auto pages = plugin().memoryPages();
  play(400);
  EXPECT_EQ(plugin().memoryPages(), pages);
}

TEST_F(BasicAuth, RefusesABadConfiguration) {
  const auto realm = [](const std::string& members) { return R"({"realms": [{)" + members + "}]}"; };
  const auto users = [&](const std::string& members) { return realm(R"("realm": "R", "users": {)" + members + "}"); };
  const auto user = [&](const std::string& hash) { return users("\"ada\": \"" + hash + "\""); };
  expectBadConfiguration("", "configuration:1:1: The document is empty.");
  expectBadConfiguration("[]", "configuration: must be an object");
  expectBadConfiguration("{}", "configuration: missing \"realms\"");
  expectBadConfiguration(R"({"realms": {}})", "realms: must be an array");
  expectBadConfiguration(R"({"realms": []})", "realms: is empty");
  expectBadConfiguration(R"({"realms": [1]})", "realms[0]: must be an object");
  expectBadConfiguration(R"({"realms": [)" + kRealm + R"(], "unmatched": "maybe"})",
                         "unmatched: must be refuse or pass");
  expectBadConfiguration(R"({"realms": [)" + kRealm + R"(], "unmatched": true})", "unmatched: must be a string");
  expectBadConfiguration(R"({"realms": [)" + kRealm + R"(], "remove_credentials": 1})",
                         "remove_credentials: must be true or false");
  expectBadConfiguration(R"({"realms": [)" + kRealm + R"(], "user_header": "x user"})",
                         "user_header: \"x user\" is not a header's name");
  expectBadConfiguration(R"({"realms": [)" + kRealm + R"(], "user_header": ":path"})",
                         "user_header: \":path\" is not a header's name");
  expectBadConfiguration(realm(""), "realms[0]: missing \"realm\"");
  expectBadConfiguration(realm(R"("realm": "R")"), "realms[0]: missing \"users\"");
  expectBadConfiguration(realm(R"("realm": "a\"b")"),
                         "realms[0].realm: holds a quotation mark, a backslash or a control character");
  expectBadConfiguration(realm(R"("public": true, "realm": "R")"),
                         "realms[0].realm: has no meaning where everybody may enter");
  expectBadConfiguration(realm(R"("public": true, "users": {})"),
                         "realms[0].users: has no meaning where everybody may enter");
  expectBadConfiguration(realm(R"("public": "yes")"), "realms[0].public: must be true or false");
  expectBadConfiguration(realm(R"("hosts": "a")"), "realms[0].hosts: must be an array");
  expectBadConfiguration(realm(R"("hosts": [])"), "realms[0].hosts: is empty");
  for (const std::string bad : {"", "*", "*.", "a:80", "a.", "*.*.a", "a/b", "http://a", "a b"})
    expectBadConfiguration(realm(R"("hosts": [")" + bad + "\"]"),
                           "realms[0].hosts[0]: must be a host without port, or *. and a domain");
  for (const std::string bad : {"", "admin", "//", "/a/../b", "/%61", "/a?b", "/a;b"})
    expectBadConfiguration(realm(R"("path": ")" + bad + "\""),
                           "realms[0].path: must begin with a slash, and be spelt as RFC 3986 normalizes it");
  expectBadConfiguration(users(""), "realms[0].users: must have at least one user");
  for (const std::string bad : {"", "a:b", " a", "a ", "a\\n", "a\\u0000b"}) {
    host().clearLogs();
    EXPECT_FALSE(start({.configuration = users("\"" + bad + "\": \"" + kAda + "\"")})) << bad;
    EXPECT_THAT(logs(), Contains(LogLine(LogLevel::Error, HasSubstr("a user's name has no colon"))));
  }
  expectBadConfiguration(users("\"ada\": 1"), "realms[0].users.ada: must be a string");
  expectBadConfiguration(users("\"ada\": \"" + kAda + "\", \"ada\": \"" + kBob + "\""),
                         "realms[0].users.ada: given twice");
  expectBadConfiguration(
      users("\"bob\": \"" + kBob + "\", \"ada\": \"" + kSlowAda + "\""),
      "realms[0].users.ada: must have as many iterations as the first user: they would tell which users there are");
  const std::string salt = "000102030405060708090a0b0c0d0e0f";
  const std::string hash(64, 'a');
  for (const std::string& bad :
       {std::string(), std::string("open sesame"), "pbkdf2-sha256$" + salt + "$" + hash,
        "pbkdf2-sha1$10$" + salt + "$" + hash, "pbkdf2-sha256$0$" + salt + "$" + hash,
        "pbkdf2-sha256$50001$" + salt + "$" + hash, "pbkdf2-sha256$99999999999$" + salt + "$" + hash,
        "pbkdf2-sha256$-1$" + salt + "$" + hash, "pbkdf2-sha256$$" + salt + "$" + hash,
        "pbkdf2-sha256$10" + salt + "$" + hash, "pbkdf2-sha256$10$" + salt + hash,
        "pbkdf2-sha256$10$" + salt + "00$" + hash, "pbkdf2-sha256$10$" + salt + "$" + hash + "a",
        "pbkdf2-sha256$10$" + salt + "$" + hash.substr(1), "pbkdf2-sha256$10$" + salt + "$" + hash.substr(1) + "x",
        "pbkdf2-sha256$10$x" + salt.substr(1) + "$" + hash, "pbkdf2-sha256$10$" + salt,
        std::string("pbkdf2-sha256$10$"), std::string("pbkdf2-sha256$10")}) {
    expectBadConfiguration(user(bad),
                           "realms[0].users.ada: must be pbkdf2-sha256$ITERATIONS$SALT$HASH, with 1 to 50000 "
                           "iterations, 32 and 64 hexadecimal digits");
  }
  expectBadConfiguration(std::string(70'000, ' '),
                         "configuration: 70000 bytes are more than the 65536 that are allowed");
}

// A log must not contain passwords, nor anything from which a reader could find them.
TEST_F(BasicAuth, LogsNoPassword) {
  EXPECT_FALSE(startWith(kRealm + ", 1"));
  ASSERT_TRUE(startWith(kRealm));
  statusOf(basic("ada:open sesame"));
  statusOf(basic("ada:open sesame!"));
  for (const auto& line : logs()) {
    EXPECT_THAT(line.text, Not(HasSubstr("sesame")));
    EXPECT_THAT(line.text, Not(HasSubstr("39e61d64")));
  }
}

// A host that returns invalid results: no request passes that should not, and the user header is right.
TEST_F(BasicAuth, PassesNobodyWhateverHostcallsAnswer) {
  ASSERT_TRUE(startWith(R"({"realm": "R", "hosts": ["sluice.test", "example.com"], )" + kUsers + "}",
                        R"(, "user_header": "x-user")"));
  withEveryAnswerOfEveryHostcall(host(), [&](std::string_view hostcall, Status status) {
    const auto what = std::string(hostcall) + ' ' + std::string(toString(status));
    auto wrong = basic("ada:wrong");
    wrong.emplace_back("x-user", "root");
    EXPECT_FALSE(send(get("/", wrong), ok("secret")).request.started) << what;
    EXPECT_FALSE(send(get("/", {{"x-user", "root"}}), ok("secret")).request.started) << what;
    auto right = basic("ada:open sesame");
    right.emplace_back("x-user", "root");
    const auto exchange = send(get("/", right), ok("secret"));
    if (exchange.request.started) {
      EXPECT_THAT(exchange.request.headers, HasHeaderValues("x-user", {"ada"})) << what;
      EXPECT_THAT(exchange.request.headers, HasNoHeader("authorization")) << what;
      return;
    }
    if (!hostcall.empty()) {
      EXPECT_THAT(logs(),
                  Contains(LogLine(LogLevel::Warn, HasSubstr("status " + std::to_string(static_cast<int>(status))))))
          << what;
    }
  });
  for (const std::string& nonsense : {std::string(), std::string("\0", 1), std::string(1 << 20, 'B'),
                                      std::string("Basic "), "Basic " + encodeBase64("\xff:")}) {
    host().answerHostcall("proxy_get_header_map_pairs", nonsense);
    EXPECT_FALSE(send(get("/", basic("ada:open sesame")), ok("secret")).request.started);
  }
}

TEST_F(BasicAuth, PassesNobodyWhenMemoryRunsOut) {
  withEachAllocationFailing(host(), [&](const std::string& what) {
    if (!startWith(kRealm, R"(, "user_header": "x-user")")) {
      EXPECT_THAT(logs(), Contains(LogLine(LogLevel::Error, HasSubstr("cannot be read")))) << what;
      return false;
    }
    const auto right = send(get("/", basic("ada:open sesame")));
    if (!right.request.started) {
      EXPECT_THAT(logs(), Contains(LogLine(LogLevel::Warn))) << what;
    }
    const auto wrong = send(get("/", basic("ada:wrong")));
    EXPECT_FALSE(wrong.request.started) << what;
    return right.request.started && wrong.details == "basic_auth_wrong";
  });
}

// --- Unit tests of the parts

// RFC 7914, section 11: the first 32 of its 64 bytes.
TEST(Pbkdf2, IsThatOfTheRfc) {
  EXPECT_EQ(digitsOf(pbkdf2("passwd", "salt", 1)), "55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc");
  EXPECT_EQ(digitsOf(pbkdf2("Password", "NaCl", 80000)),
            "4ddcd8f60b98be21830cee5ef22701f9641a4418d04c0414aeff08876b34ab56");
}
