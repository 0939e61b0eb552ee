// expect: success
// What GCC 12 refuses where a std::initializer_list stands in a statement with co_await: see internal/braced_list.h.
#include <sluice/sluice.h>

#include <string>

using namespace sluice;

class Filter : public HttpContext {
 public:
  FilterHeadersStatus onRequestHeaders(uint32_t, bool) override { return run(ask()); }

 private:
  Task ask() {
    const std::string user(requestHeaders().get("x-user").valueOr(""));
    const auto reply = co_await httpCall(
        {.cluster = "users", .headers = {{":method", "GET"}, {":path", "/" + user}, {":authority", "users"}}});
    const auto [first, second] = co_await whenAll(
        httpCall({.cluster = "users", .headers = {{":method", "GET"}, {":path", "/" + user}, {":authority", "users"}}}),
        httpCall({.cluster = "users", .headers = {{":method", "GET"}, {":path", "/"}, {":authority", "users"}}}));
    const auto verdict = co_await grpcCall(
        {.target = "policies", .service = "policy.Policy", .method = "Check", .metadata = {{"x-user", user}}}, user);
    if (reply.ok() && first.ok() && second.ok() && verdict.ok()) co_return;
    warnUnlessOk(sendLocalResponse({.status = 403, .headers = {{"x-user", "/" + user}}}), "refusing");
  }
};

static Register<Filter> registration;
