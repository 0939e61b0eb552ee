// A filter whose request path says what its task does, for cases that a script cannot express.
#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "sluice/sluice.h"

#if defined(__wasm__)
#include <algorithm>
#include <iterator>

#include "sluice/internal/allocator.h"
#endif

using namespace sluice;

namespace {

constexpr Header kHeaders[] = {{":method", "GET"}, {":path", "/"}, {":authority", "service"}};

// Logs when its lifetime begins and ends.
class Local {
 public:
  explicit Local(std::string_view name) : name_(name) { logInfo(name_, " begins"); }
  Local(const Local&) = delete;
  Local& operator=(const Local&) = delete;
  ~Local() { logInfo(name_, " ends"); }

 private:
  std::string name_;
};

#if defined(__wasm__)
// A snapshot of the allocator's free lists; any allocation changes them.
class Allocations {
 public:
  Allocations() { std::copy(std::begin(internal::freeBlocks), std::end(internal::freeBlocks), before_); }
  bool any() const { return !std::equal(std::begin(before_), std::end(before_), std::begin(internal::freeBlocks)); }

 private:
  internal::FreeBlock* before_[12];
};
#else
class Allocations {
 public:
  bool any() const { return false; }
};
#endif

}  // namespace

class Stream : public HttpContext {
 public:
  FilterHeadersStatus onRequestHeaders(uint32_t, bool) override {
    const std::string path(requestHeaders().get(":path").valueOr({}));
    if (path == "/locals") return run(locals());
    if (path == "/view") return run(view());
    if (path == "/copy") return run(copy());
    if (path == "/braces") return run(braces());
    if (path == "/nothing") return nothing();
    if (path == "/eight") return run(eight());
    if (path == "/late") return run(late());
    if (path == "/late/all") return run(lateTogether());
    if (path == "/own") return run(onItsOwn());
    if (path == "/trap") return run(trap(false));
    if (path == "/trap/later") return run(trap(true));
    if (path == "/deep") return run(deep(100));
    if (path == "/twice") return run(twice());
    return FilterHeadersStatus::Continue;
  }

 private:
  auto ask() { return httpCall({.cluster = "service", .headers = kHeaders, .timeout = std::chrono::seconds(1)}); }

  Task inner() {
    const Local local("inner local");
    co_await ask();
  }
  Task locals() {
    const Local local("local");
    co_await inner();
    const Local second("second local");
    co_await whenAll(ask(), ask());
    logInfo("finished");
  }

  // Wrong: keeps a view across co_await.
  Task view() {
    const auto path = requestHeaders().get(":path").valueOr({});
    co_await ask();
    logInfo("view = ", path);
  }
  // Right: keeps a copy across co_await.
  Task copy() {
    const std::string path(requestHeaders().get(":path").valueOr({}));
    co_await ask();
    logInfo("copy = ", path);
  }

  // Callouts in one expression, whose temporaries live until the await ends. The strings are too long for the
  // small-string buffer.
  Task braces() {
    const std::string name(60, 'n');
    const auto first = co_await httpCall(
        {.cluster = "service",
         .headers = {{":method", "POST"}, {":path", "/" + name}, {":authority", "service"}, {"x-name", name + "!"}},
         .body = "body of " + name});
    logInfo("first: ", first.statusCode());
    const auto [second, third] =
        co_await whenAll(httpCall({.cluster = "service",
                                   .headers = {{":method", "GET"}, {":path", "/2" + name}, {":authority", "service"}},
                                   .timeout = std::chrono::seconds(1)}),
                         httpCall({.cluster = "service",
                                   .headers = {{":method", "GET"}, {":path", "/3" + name}, {":authority", "service"}},
                                   .trailers = {{"x-last", name}}}));
    logInfo("second: ", second.statusCode(), ", third: ", third.statusCode());
    warnUnlessOk(sendLocalResponse({.status = 418, .body = name + "?", .headers = {{"x-name", "/" + name}}}),
                 "answering");
  }

  Task nobody(const Allocations& before) {
    logInfo("a task that does not wait: ", before.any() ? "has allocated" : "has not allocated");
    co_return;
  }
  FilterHeadersStatus nothing() {
    static_cast<void>(TaskStatus(run(nobody(Allocations()))));
    const Allocations before;
    return run(nobody(before));
  }

  Task eight() {
    const auto replies = co_await whenAll(ask(), ask(), ask(), ask(), ask(), ask(), ask(), ask());
    for (const auto& reply : replies) {
      if (reply.statusCode() != 200) logError("a reply is ", reply.statusCode());
    }
  }

  Task late() {
    auto first = ask();
    const auto second = co_await ask();
    const auto reply = co_await std::move(first);
    logInfo("late: ", second.error(), ' ', reply.error());
  }
  Task lateTogether() {
    auto first = ask();
    const auto second = co_await ask();
    const auto [a, b] = co_await whenAll(std::move(first), ask());
    logInfo("late: ", second.error(), ' ', a.error(), ' ', b.error());
  }
  Task twice() {
    auto call = ask();
    auto& again = call;
    const auto a = co_await std::move(call);
    const auto b = co_await std::move(again);
    logInfo("twice: ", a.error(), ' ', b.error());
  }

  // Continues the request itself, and still ends normally.
  Task onItsOwn() {
    co_await ask();
    warnUnlessOk(continueRequest(), "going on");
    co_await ask();
    logInfo("on its own: finished");
  }

  Task trap(bool later) {
    const std::string text(100, 'x');
    if (later) co_await ask();
    logInfo(*requestHeaders().get("not there"), text);
  }

  TaskOf<std::string> deep(int depth) {
    if (depth == 0) {
      co_await ask();
      co_return "deep";
    }
    co_return co_await deep(depth - 1) + ".";
  }
  Task deep() { logInfo((co_await deep(100)).size()); }
  TaskStatus run(TaskOf<std::string>) { return HttpContext::run(deep()); }
  TaskStatus run(Task task) { return HttpContext::run(std::move(task)); }
};

static Register<Stream> registration;
