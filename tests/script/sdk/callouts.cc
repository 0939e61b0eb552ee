// Callouts with handlers and in tasks. The latest reply is `reply`; any callback can read it, even too late.
#include <chrono>
#include <string>
#include <vector>

#include "../connection.h"
#include "../contexts.h"
#include "steps.h"

using namespace sluice;

namespace script {

namespace {

constexpr Header kHeaders[] = {{":method", "GET"}, {":path", "/"}, {":authority", "service"}};
constexpr std::chrono::milliseconds kTimeout(1000);

struct Request {
  explicit Request(const Call& call)
      : cluster(call.text(0)),
        timeout(call.number<int64_t>(1, 1000)),
        body(call.text(2)),
        headers(call.headers(3)),
        trailers(headers.empty() ? HeaderSpan() : HeaderSpan(&headers.back(), 1)) {}

  HeaderSpan headersToSend() const { return headers.empty() ? HeaderSpan(kHeaders) : HeaderSpan(headers); }

  std::string_view cluster;
  std::chrono::milliseconds timeout;
  std::string_view body;
  std::vector<Header> headers;
  HeaderSpan trailers;
};

// The context that makes the callouts and gets the replies.
struct Caller {
  ContextBase& context;
  Root& root;
  Stream* stream;
  Connection* connection;

  void hear(const HttpReply& reply) const {
    root.reply = reply;
    hear();
  }
  void hear() const {
    root.run(&context == &root ? callback("root.onReply") : callback("onReply"),
             {root, context.id(), stream, connection, 0});
  }
};

#if __has_include(<coroutine>)

Task callOnce(const Caller caller, const std::string cluster) {
  caller.hear(co_await caller.context.httpCall({.cluster = cluster, .headers = kHeaders, .timeout = kTimeout}));
}

// Calls the clusters one after the other.
Task callInTurn(const Caller caller, const std::vector<std::string> clusters) {
  for (const auto& cluster : clusters) co_await callOnce(caller, cluster);
  logInfo("in turn: done");
}

// Calls all clusters at the same time.
Task callTogether(const Caller caller, const std::vector<std::string> clusters) {
  std::vector<HttpCall> calls;
  for (const auto& cluster : clusters)
    calls.push_back(caller.context.httpCall({.cluster = cluster, .headers = kHeaders, .timeout = kTimeout}));
  const auto replies = co_await whenAll(std::move(calls));
  for (const auto& reply : replies) {
    logInfo("together: ", reply.error(), ' ', reply.statusCode(), ' ', reply.body().valueOr("no body"), ' ',
            reply.header("name").valueOr("no header"), ' ', reply.headers().valueOr({}).size(), ' ',
            reply.trailers().valueOr({}).size());
  }
  caller.hear();
}

TaskOf<uint32_t> add(const uint32_t a, const uint32_t b) { co_return a + b; }

// A task that waits for nothing.
Task callNobody(const Caller caller) {
  uint32_t sum = 0;
  for (uint32_t i = 0; i < 100; ++i) sum = co_await add(sum, i);
  logInfo("nobody: ", sum);
  caller.hear();
}

Task makeTask(const Call& call, const Caller& caller) {
  const std::vector<std::string> clusters(call.arguments.begin(), call.arguments.end());
  const auto how = methodOf(call.function);
  if (how == "inTurn") return callInTurn(caller, clusters);
  if (how == "together") return callTogether(caller, clusters);
  return callNobody(caller);
}

bool callTask(const Call& call, Place& place, const Caller& caller) {
  if (objectOf(call.function) == "start") {
    caller.context.start(makeTask(call, caller));
  } else if (objectOf(call.function) == "run" && place.stream != nullptr) {
    const auto status = place.stream->run(makeTask(call, caller));
    if (call.callback.ends_with("_headers"))
      place.answer = static_cast<int>(FilterHeadersStatus(status));
    else if (call.callback.ends_with("_body"))
      place.answer = static_cast<int>(FilterDataStatus(status));
    else
      place.answer = static_cast<int>(FilterTrailersStatus(status));
  } else {
    return false;
  }
  return true;
}

#else

bool callTask(const Call&, Place, const Caller&) { return false; }

#endif

bool callReply(const Call& call, const HttpReply& reply) {
  const auto method = methodOf(call.function);
  if (objectOf(call.function) != "reply") return false;
  if (method == "ok") {
    call.reportValue(reply.ok());
  } else if (method == "error") {
    call.report(reply.error());
  } else if (method == "errorMessage") {
    call.report(reply.errorMessage());
  } else if (method == "statusCode") {
    call.reportValue(reply.statusCode());
  } else if (method == "header") {
    call.report(reply.header(call.text(0)));
  } else if (method == "headers") {
    call.report(reply.headers());
  } else if (method == "body") {
    call.report(reply.body());
  } else if (method == "trailers") {
    call.report(reply.trailers());
  } else if (method == "keep") {
    const auto first = reply.keep();
    auto second = reply.keep();
    const auto third = std::move(second);
    logInfo(call.function, " = ", first.error(), ' ', first.statusCode(), ' ', third.statusCode(), ' ',
            second.statusCode());
    call.report(first.headers());
    call.report(third.body());
    call.report(first.trailers());
    call.report(second.body());
  } else {
    return false;
  }
  return true;
}

}  // namespace

bool callCallout(const Call& call, Place& place) {
  ContextBase* context = &place.root;
  if (place.stream != nullptr) context = place.stream;
  if (place.connection != nullptr) context = place.connection;
  const Caller caller{*context, place.root, place.stream, place.connection};
  if (call.function == "httpCall") {
    const Request request(call);
    call.report(context->httpCall({.cluster = request.cluster,
                                   .headers = request.headersToSend(),
                                   .body = request.body,
                                   .trailers = request.trailers,
                                   .timeout = request.timeout},
                                  [caller](const HttpReply& reply) { caller.hear(reply); }));
    return true;
  }
  return callReply(call, place.root.reply) || callTask(call, place, caller);
}

}  // namespace script
