#include <sluice/testing.h>

#include <chrono>
#include <string>
#include <vector>

#include "common/faults.h"

using namespace sluice;
using namespace sluice::testing;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

namespace {

const std::string kRoutes =
    R"({"routes": [{"path": "/users/admin", "name": "admin"}, {"path": "/users", "name": "users"},
    {"path": "/accounts/", "name": "users"}]})";

std::string labels(const std::string& route, const std::string& codeClass) {
  return "route=.=" + route + ";.;code_class=.=" + codeClass + ";.;";
}

}  // namespace

class Metrics : public FilterTest {
 protected:
  uint64_t requests(const std::string& route, const std::string& codeClass) {
    const auto metric = host().metric(labels(route, codeClass) + "http_requests_total");
    return metric ? metric->value : 0;
  }
  std::vector<uint64_t> samples(const std::string& name, const std::string& route, const std::string& codeClass) {
    const auto metric = host().metric(labels(route, codeClass) + name);
    return metric ? metric->samples : std::vector<uint64_t>();
  }

  // Plays a request on the host's route with this name.
  void requestOnRoute(const std::string& name) {
    auto stream = plugin().openStream();
    stream->setProperty("xds.route_name", name);
    stream->respondWith(ok());
    stream->request(get("/"));
  }

  void expectBadConfiguration(const std::string& configuration, const std::string& message) {
    host().clearLogs();
    EXPECT_FALSE(start({.configuration = configuration})) << configuration;
    EXPECT_THAT(logs(), Contains(LogLine(LogLevel::Error, message)));
  }
};

TEST_F(Metrics, CountsByRouteAndClass) {
  ASSERT_TRUE(start({.configuration = kRoutes}));
  send(get("/users"), respond(200));
  send(get("/users/7?a=b"), respond(204));
  send(get("/users?full"), respond(301));
  send(get("/accounts/x"), respond(404));
  send(get("/users/admin"), respond(500));
  send(get("/userspace"), respond(503));
  send(get("/accounts"), respond(200));
  EXPECT_EQ(requests("users", "2xx"), 2u);
  EXPECT_EQ(requests("users", "3xx"), 1u);
  EXPECT_EQ(requests("users", "4xx"), 1u);
  EXPECT_EQ(requests("admin", "5xx"), 1u);
  EXPECT_EQ(requests("unmatched", "5xx"), 1u);
  EXPECT_EQ(requests("unmatched", "2xx"), 1u);
  EXPECT_THAT(logs(), IsEmpty());
}

// Spellings that an upstream may interpret as a route's path. They count for the route that the filter recognizes, and
// never create a new label.
TEST_F(Metrics, TriedBypasses) {
  const std::pair<std::string, std::string> attempts[] = {{"/users/./admin", "users"},
                                                          {"/users//admin", "users"},
                                                          {"/x/../users", "unmatched"},
                                                          {"//users", "unmatched"},
                                                          {"/%75sers", "unmatched"},
                                                          {"/Users", "unmatched"},
                                                          {"/users;a=b", "users"},
                                                          {"/users/%61dmin", "users"},
                                                          {"/users?x=/users/admin", "users"},
                                                          {"http://h/users", "unmatched"},
                                                          {"*", "unmatched"},
                                                          {"/users\\admin", "unmatched"},
                                                          {"/" + std::string(9000, 'x'), "unmatched"}};
  for (const auto& [path, route] : attempts) {
    ASSERT_TRUE(start({.configuration = kRoutes}));
    const auto* status = path.starts_with('/') ? "2xx" : "4xx";  // The proxy has no route for other paths.
    const auto before = requests(route, status);
    send(get(path), respond(200));
    EXPECT_EQ(requests(route, status), before + 1) << path;
  }
}

TEST_F(Metrics, MeasuresSizes) {
  ASSERT_TRUE(start({.configuration = kRoutes}));
  send(post("/users", "12345"), ok("1234567"));
  send(get("/users"), ok());
  EXPECT_THAT(samples("http_request_bytes", "users", "2xx"), ElementsAre(5, 0));
  EXPECT_THAT(samples("http_response_bytes", "users", "2xx"), ElementsAre(7, 0));
}

TEST_F(Metrics, MeasuresTime) {
  ASSERT_TRUE(start({.configuration = kRoutes}));
  for (const int milliseconds : {0, 1, 250}) {
    auto stream = plugin().openStream();
    stream->request(get("/users"));
    advance(std::chrono::milliseconds(milliseconds) + std::chrono::microseconds(700));
    stream->response(ok());
  }
  EXPECT_THAT(samples("http_request_duration_ms", "users", "2xx"), ElementsAre(0, 1, 250));
}

TEST_F(Metrics, CountsRequestsWithoutResponse) {
  ASSERT_TRUE(start({.configuration = kRoutes}));
  auto stream = plugin().openStream();
  stream->request(get("/users"));
  stream->close();
  EXPECT_EQ(requests("users", "none"), 1u);
}

TEST_F(Metrics, CountsInTheHostsRoutes) {
  ASSERT_TRUE(start({.configuration = "{}"}));
  requestOnRoute("shop");
  requestOnRoute("shop");
  requestOnRoute("");
  requestOnRoute("a;b");
  EXPECT_EQ(requests("shop", "2xx"), 2u);
  EXPECT_EQ(requests("unmatched", "2xx"), 1u);
  EXPECT_EQ(requests("a_b", "2xx"), 1u);
}

TEST_F(Metrics, CountsWhatIsTooManyTogether) {
  ASSERT_TRUE(start({.configuration = R"({"max_routes": 2})"}));
  for (const auto* name : {"one", "two", "three", "four", "one", "two", "three"}) requestOnRoute(name);
  EXPECT_EQ(requests("one", "2xx"), 2u);
  EXPECT_EQ(requests("two", "2xx"), 2u);
  EXPECT_EQ(requests("other", "2xx"), 3u);
  EXPECT_FALSE(host().metric(labels("three", "2xx") + "http_requests_total").has_value());
}

// A host never deletes a metric.
TEST_F(Metrics, DefinesEachOnce) {
  ASSERT_TRUE(start({.configuration = R"({"max_routes": 3})"}));
  const auto play = [&](int times) {
    for (int i = 0; i < times; ++i) {
      requestOnRoute("route " + std::to_string(i % 50));
      send(get("/"), respond(100 * (1 + i % 5)));
    }
  };
  play(50);
  const auto defined = host().hostcalls("proxy_define_metric");
  const auto pages = plugin().memoryPages();
  play(500);
  EXPECT_EQ(host().hostcalls("proxy_define_metric"), defined);
  EXPECT_EQ(plugin().memoryPages(), pages);
  EXPECT_LE(defined, 4u * 5 * 6);
}

TEST_F(Metrics, VmsCountTogether) {
  ASSERT_TRUE(start({.name = "one", .vmId = "one", .configuration = kRoutes}));
  send(get("/users"));
  ASSERT_TRUE(start({.name = "two", .vmId = "two", .configuration = kRoutes}));
  send(get("/users"));
  EXPECT_EQ(requests("users", "2xx"), 2u);
}

TEST_F(Metrics, RefusesABadConfiguration) {
  const auto route = [](const std::string& members) { return R"({"routes": [{)" + members + "}]}"; };
  expectBadConfiguration("", "configuration:1:1: The document is empty.");
  expectBadConfiguration("[]", "configuration: must be an object");
  expectBadConfiguration(R"({"route": []})", "route: unknown key");
  expectBadConfiguration(R"({"routes": {}})", "routes: must be an array");
  expectBadConfiguration(R"({"routes": []})", "routes: is empty");
  expectBadConfiguration(R"({"routes": [], "max_routes": 1})", "max_routes: has no meaning where routes are given");
  for (const std::string bad : {"0", "201", "-1", "\"1\"", "1.5"})
    expectBadConfiguration("{\"max_routes\": " + bad + "}", "max_routes: must be a whole number from 1 to 200");
  expectBadConfiguration(R"({"routes": ["/"]})", "routes[0]: must be an object");
  expectBadConfiguration(route(R"("name": "a")"), "routes[0]: missing \"path\"");
  expectBadConfiguration(route(R"("path": "/")"), "routes[0]: missing \"name\"");
  expectBadConfiguration(route(R"("path": "/", "name": 1)"), "routes[0].name: must be a string");
  expectBadConfiguration(route(R"("path": "/", "name": "a", "method": "GET")"), "routes[0].method: unknown key");
  for (const std::string bad : {"", "users", "*"})
    expectBadConfiguration(route(R"("name": "a", "path": ")" + bad + "\""), "routes[0].path: must begin with a slash");
  for (const std::string& bad : {std::string(), std::string("a b"), std::string("a;b"), std::string("\xc3\xa9"),
                                 std::string(65, 'a'), std::string("other"), std::string("unmatched")})
    expectBadConfiguration(
        route(R"("path": "/", "name": ")" + bad + "\""),
        "routes[0].name: must be 1 to 64 letters, digits, _, - and ., and neither unmatched nor other");
  std::string many;
  for (int i = 0; i <= 200; ++i) many += std::string(i == 0 ? "" : ", ") + R"({"path": "/", "name": "a"})";
  expectBadConfiguration(R"({"routes": [)" + many + "]}", "routes[200]: there are more than 200 routes");
  expectBadConfiguration(std::string(70'000, ' '),
                         "configuration: 70000 bytes are more than the 65536 that are allowed");
}

// A host that returns invalid results: exchanges go on, and the log says what was not counted.
TEST_F(Metrics, OutlivesEveryAnswerOfEveryHostcall) {
  for (const auto& configuration : {std::string("{}"), kRoutes}) {
    ASSERT_TRUE(start({.configuration = configuration}));
    withEveryAnswerOfEveryHostcall(host(), [&](std::string_view hostcall, Status status) {
      EXPECT_THAT(send(get("/users"), ok("body")).response, HasBody("body")) << hostcall;
      const bool isUsed =
          hostcall == "proxy_increment_metric" || hostcall == "proxy_record_metric" || hostcall == "proxy_get_property";
      const bool isOrdinary = hostcall == "proxy_get_property" && status == Status::NotFound;
      if (isUsed && !isOrdinary) {
        EXPECT_THAT(logs(),
                    Contains(LogLine(LogLevel::Warn, HasSubstr("status " + std::to_string(static_cast<int>(status))))))
            << hostcall;
      }
    });
    host().clearLogs();
    const auto before = requests(configuration == kRoutes ? "users" : "default", "2xx");
    send(get("/users"));
    EXPECT_EQ(requests(configuration == kRoutes ? "users" : "default", "2xx"), before + 1);
    EXPECT_THAT(logs(), IsEmpty());
    for (const std::string nonsense : {"", "1", "12345678", "123456789"}) {
      host().answerHostcall("proxy_get_property", nonsense);
      EXPECT_THAT(send(get("/users"), ok("body")).response, HasBody("body"));
    }
    host().clearFaults();
  }
}

TEST_F(Metrics, SaysSoWhenMemoryRunsOut) {
  withEachAllocationFailing(host(), [&](const std::string& what) {
    if (!start({.configuration = "{}"})) {
      EXPECT_THAT(logs(), Contains(LogLine(LogLevel::Error, HasSubstr("cannot be read")))) << what;
      return false;
    }
    const auto before = requests("default", "2xx");
    EXPECT_THAT(send(get("/"), ok("body")).response, HasBody("body")) << what;
    const bool counted = requests("default", "2xx") == before + 1;
    if (!counted) {
      EXPECT_THAT(logs(), Contains(LogLine(LogLevel::Warn))) << what;
    }
    return counted && logs().empty();
  });
}

TEST_F(Metrics, OneCallbackAStreamMatters) {
  ASSERT_TRUE(start({.configuration = kRoutes}));
  for (const auto* callback :
       {"proxy_on_request_headers", "proxy_on_request_body", "proxy_on_response_headers", "proxy_on_response_body"})
    EXPECT_FALSE(plugin().exports(callback)) << callback;
  send(get("/users"), ok("body"));
  const auto before = plugin().counts();
  send(get("/users"), ok("body"));
  EXPECT_EQ((plugin().counts() - before).crossings, 17u);
}
