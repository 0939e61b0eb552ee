// Calls two services one after the other, and adds the reply of the second one to the request; with handlers, or
// (COROUTINE) in a task.
#include "sluice/sluice.h"

using namespace sluice;
using namespace std::chrono_literals;

static constexpr Header kRequest[] = {{":method", "GET"}, {":path", "/check"}, {":authority", "service"}};

class TwoCalloutsStream : public HttpContext {
 public:
#if defined(COROUTINE)
  FilterHeadersStatus onRequestHeaders(uint32_t, bool) override { return run(ask()); }

 private:
  Task ask() {
    const auto first = co_await httpCall({.cluster = "service", .headers = kRequest, .timeout = 1s});
    if (first.statusCode() != 200) co_return refuse();
    const auto second = co_await httpCall({.cluster = "service", .headers = kRequest, .timeout = 1s});
    if (second.statusCode() != 200) co_return refuse();
    addAnswer(second);
  }
#else
  FilterHeadersStatus onRequestHeaders(uint32_t, bool) override {
    const auto sent = httpCall({.cluster = "service", .headers = kRequest, .timeout = 1s},
                               [this](const HttpReply& first) { onFirst(first); });
    if (sent == Status::Ok) return FilterHeadersStatus::StopAllIterationAndWatermark;
    refuse();
    return FilterHeadersStatus::StopIteration;
  }

 private:
  void onFirst(const HttpReply& first) {
    if (first.statusCode() != 200) return refuse();
    const auto sent = httpCall({.cluster = "service", .headers = kRequest, .timeout = 1s},
                               [this](const HttpReply& second) { onSecond(second); });
    if (sent != Status::Ok) refuse();
  }
  void onSecond(const HttpReply& second) {
    if (second.statusCode() != 200) return refuse();
    addAnswer(second);
    warnUnlessOk(continueRequest(), "continuing");
  }
#endif

  void addAnswer(const HttpReply& reply) {
    const auto answer = reply.header("x-answer").valueOr({});
    warnUnlessOk(requestHeaders().add("x-answer", answer), "adding the answer");
  }
  void refuse() { warnUnlessOk(sendLocalResponse(403), "refusing"); }
};

static Register<TwoCalloutsStream> registration;
