#include "calls/http_calls.h"

#include <limits>
#include <utility>

#include "calls/router.h"
#include "wire/http1_codec.h"
#include "wire/message_check.h"

namespace sluice::host {
namespace {

// The responses that the proxy makes up when the service sends none, with Envoy's wording and order.
Message madeUp(int status, std::string_view text) {
  return respond(status, text, {{"content-length", std::to_string(text.size())}, {"content-type", "text/plain"}});
}

Message timedOut() { return madeUp(504, "upstream request timeout"); }

Message disconnected(std::string_view reason) {
  return madeUp(503, "upstream connect error or disconnect/reset before headers. reset reason: " + std::string(reason));
}

uint32_t count(const HeaderMap* map) { return map == nullptr ? 0 : static_cast<uint32_t>(map->size()); }

}  // namespace

Status HttpCalls::call(std::string_view cluster, const Headers& headers, std::string_view body, const Headers& trailers,
                       uint32_t timeoutMilliseconds, uint32_t* id) {
  if (timeoutMilliseconds > std::numeric_limits<int32_t>::max()) return Status::BadArgument;
  auto target = environment_.clusters.http.find(cluster);
  if (target == environment_.clusters.http.end()) {
    environment_.clusters.recordUnknown(root_.plugin()->name, "the", cluster, environment_.clusters.http);
    return Status::BadArgument;
  }
  const bool joinKnown = environment_.profile.joinKnownHeaders;
  HeaderMap map(MapKind::Request, joinKnown, headers);
  if (!map.get(":method") || !map.get(":path") || !map.get(":authority")) return Status::BadArgument;
  if (!body.empty()) map.set("content-length", std::to_string(body.size()));

  Callout callout;
  callout.id = *id = environment_.ids.nextHttpCall();
  callout.plugin = root_.plugin()->name;
  callout.cluster = cluster;
  if (!body.empty()) callout.request.chunks.emplace_back(body);
  callout.timeout = std::chrono::milliseconds(timeoutMilliseconds);
  if (environment_.profile.callsThroughRouter) {
    callout.timeout = routeRequest(map, callout.timeout);
  } else {
    callout.request.trailers = HeaderMap(MapKind::RequestTrailers, joinKnown, trailers).entries();
  }
  callout.request.headers = map.entries();
  Received arrived;
  Http1Codec codec(Direction::Request, arrived);
  if (environment_.profile.callsThroughRouter) {
    codec.writeRequest(map, body.empty());
    if (!body.empty()) codec.writeData(body, true);
    callout.problems = arrived.problems;
  }
  environment_.clusters.callouts.push_back(callout);
  calls_[callout.id] = {.method = std::string(*map.get(":method")), .sent = environment_.clock.now()};
  awaitReply(callout.id, reply(target->second, callout, codec), callout.timeout);
  return Status::Ok;
}

CalloutReply HttpCalls::reply(const Cluster& service, const Callout& callout, const Http1Codec& codec) const {
  if (!environment_.profile.callsThroughRouter || codec.complete() ||
      environment_.clusters.unreachable.contains(callout.cluster)) {
    return service(callout);
  }
  return codec.refused() ? CalloutReply::connectionTermination() : CalloutReply::never();
}

void HttpCalls::awaitReply(uint32_t id, CalloutReply reply, std::chrono::milliseconds timeout) {
  Call& call = calls_[id];
  if (timeout.count() > 0) {
    call.timeoutTimer = environment_.clock.deferFor(timeout, [this, id] { tellResponse(id, timedOut()); });
  }
  if (reply.kind == CalloutReply::Kind::Never) return;
  const auto delay = reply.delay;
  // A deferred task without a timer cannot be cancelled, so the root context may no longer exist when it runs.
  auto arrive = [this, weak = root_.weak_from_this(), id, reply = std::move(reply)] {
    if (auto kept = weak.lock()) replyArrives(id, reply);
  };
  call.replyTimer = environment_.clock.deferFor(delay, std::move(arrive));
}

void HttpCalls::replyArrives(uint32_t id, const CalloutReply& reply) {
  switch (reply.kind) {
    case CalloutReply::Kind::Response:
      return serviceResponds(id, reply.response);
    case CalloutReply::Kind::ConnectionFailure:
      return tellResponse(id, disconnected("remote connection failure"));
    case CalloutReply::Kind::ConnectionTermination:
      return tellResponse(id, disconnected("connection termination"));
    case CalloutReply::Kind::Reset:
      // A response without a body is whole before the connection breaks.
      return isWhole(id, reply.response) ? serviceResponds(id, reply.response) : tellFailure(id);
    case CalloutReply::Kind::Never:
      return;
  }
}

bool HttpCalls::isWhole(uint32_t id, const Message& response) const {
  const auto call = calls_.find(id);
  return call != calls_.end() && !response.headers.empty() && !mayHaveBody(call->second.method, response);
}

void HttpCalls::serviceResponds(uint32_t id, Message response) {
  const auto call = calls_.find(id);
  if (call == calls_.end()) return;
  if (environment_.profile.callsThroughRouter) {
    routeResponse(response.headers, call->second.sent, environment_.clock.now());
  }
  tellResponse(id, std::move(response));
}

std::optional<HttpCalls::Call> HttpCalls::finish(uint32_t id) {
  auto call = calls_.extract(id);
  if (call.empty()) return std::nullopt;
  environment_.clock.cancel(call.mapped().replyTimer);
  environment_.clock.cancel(call.mapped().timeoutTimer);
  return std::move(call.mapped());
}

std::vector<uint32_t> HttpCalls::pending() const {
  std::vector<uint32_t> ids;
  for (const auto& [id, call] : calls_) ids.push_back(id);
  return ids;
}

void HttpCalls::cancelAll() {
  while (!calls_.empty()) finish(calls_.begin()->first);
}

void HttpCalls::tellResponse(uint32_t id, Message response) {
  const auto call = finish(id);
  if (!call) return;
  if (!mayHaveBody(call->method, response)) {
    response.chunks.clear();
    response.trailers.clear();
  }
  const bool joinKnown = environment_.profile.joinKnownHeaders;
  headers_ = std::make_unique<HeaderMap>(MapKind::Response, joinKnown, response.headers);
  if (!response.trailers.empty()) {
    trailers_ = std::make_unique<HeaderMap>(MapKind::ResponseTrailers, joinKnown, response.trailers);
  }
  body_ = response.body();
  Instance& instance = root_.instance();
  Instance::CallScope scope(instance);
  instance.afterCall([this] {
    headers_.reset();
    trailers_.reset();
    body_.reset();
  });
  instance.call(instance.callbacks().proxy_on_http_call_response, root_, root_.id(), id, count(headers_.get()),
                body_->size(), count(trailers_.get()));
}

void HttpCalls::tellFailure(uint32_t id) {
  if (!finish(id)) return;
  status_ = {static_cast<uint32_t>(Status::BrokenConnection), "reset"};
  Instance& instance = root_.instance();
  Instance::CallScope scope(instance);
  instance.afterCall([this] { status_.message.clear(); });
  instance.call(instance.callbacks().proxy_on_http_call_response, root_, root_.id(), id, 0, 0, 0);
}

}  // namespace sluice::host
