// Callouts of a plugin: requests sent out, replies and failures handed back.
#include <limits>

#include "host_impl.h"
#include "plugin_impl.h"
#include "root_context.h"

namespace sluice::host {
namespace {

// The proxy's own answers where a service gives none, as Envoy words them.
Message timedOut() { return respond(504, "upstream request timeout", {{"content-type", "text/plain"}}); }

Message disconnected(std::string_view reason) {
  return respond(503, "upstream connect error or disconnect/reset before headers. reset reason: " + std::string(reason),
                 {{"content-type", "text/plain"}});
}

uint32_t count(const HeaderMap* map) { return map == nullptr ? 0 : static_cast<uint32_t>(map->size()); }

}  // namespace

Status RootContext::httpCall(std::string_view cluster, Headers headers, std::string_view body, Headers trailers,
                             uint32_t timeoutMilliseconds, uint32_t* id) {
  HostImpl& host = vm().host();
  if (timeoutMilliseconds > std::numeric_limits<int32_t>::max()) return Status::BadArgument;
  auto target = host.clusters.find(cluster);
  if (target == host.clusters.end()) return Status::BadArgument;
  const bool joinKnown = host.profile().joinKnownHeaders;
  HeaderMap map(MapKind::Request, joinKnown, headers);
  if (!map.get(":method") || !map.get(":path") || !map.get(":authority")) return Status::BadArgument;
  if (!body.empty()) map.set("content-length", std::to_string(body.size()));

  Callout callout;
  callout.id = *id = vm().nextHttpCallId();
  callout.plugin = plugin()->options().name;
  callout.cluster = cluster;
  callout.request.headers = map.entries();
  if (!body.empty()) callout.request.chunks.emplace_back(body);
  callout.request.trailers = HeaderMap(MapKind::Trailers, joinKnown, trailers).entries();
  callout.timeout = std::chrono::milliseconds(timeoutMilliseconds);
  host.callouts.push_back(callout);
  awaitReply(callout.id, target->second(callout), callout.timeout);
  return Status::Ok;
}

void RootContext::awaitReply(uint32_t id, CalloutReply reply, std::chrono::milliseconds timeout) {
  HostImpl& host = vm().host();
  HttpCall& call = httpCalls_[id];
  if (timeout.count() > 0) {
    call.timeoutTimer = host.deferFor(timeout, [this, id] { httpResponse(id, timedOut()); });
  }
  if (reply.kind == CalloutReply::Kind::Never) return;
  auto arrive = [weak = weak_from_this(), id, reply] {
    auto root = weak.lock();
    if (root == nullptr) return;
    switch (reply.kind) {
      case CalloutReply::Kind::Response:
        return root->httpResponse(id, reply.response);
      case CalloutReply::Kind::ConnectionFailure:
        return root->httpResponse(id, disconnected("remote connection failure"));
      case CalloutReply::Kind::ConnectionTermination:
        return root->httpResponse(id, disconnected("connection termination"));
      case CalloutReply::Kind::Reset:
        return root->httpFailure(id);
      case CalloutReply::Kind::Never:
        return;
    }
  };
  call.replyTimer = host.deferFor(reply.delay, arrive);
}

bool RootContext::finishHttpCall(uint32_t id) {
  auto call = httpCalls_.find(id);
  if (call == httpCalls_.end()) return false;
  vm().host().timers().cancel(call->second.replyTimer);
  vm().host().timers().cancel(call->second.timeoutTimer);
  httpCalls_.erase(call);
  return true;
}

void RootContext::httpResponse(uint32_t id, const Message& response) {
  if (!finishHttpCall(id)) return;
  const bool joinKnown = vm().host().profile().joinKnownHeaders;
  replyHeaders_ = std::make_unique<HeaderMap>(MapKind::Response, joinKnown, response.headers);
  if (!response.trailers.empty()) {
    replyTrailers_ = std::make_unique<HeaderMap>(MapKind::Trailers, joinKnown, response.trailers);
  }
  replyBody_ = response.body();
  Vm::CallScope scope(vm());
  vm().afterCall([this] {
    replyHeaders_.reset();
    replyTrailers_.reset();
    replyBody_.reset();
  });
  vm().call(vm().callbacks().proxy_on_http_call_response, *this, this->id(), id, count(replyHeaders_.get()),
            replyBody_->size(), count(replyTrailers_.get()));
}

void RootContext::httpFailure(uint32_t id) {
  if (!finishHttpCall(id)) return;
  statusCode = static_cast<uint32_t>(Status::BrokenConnection);
  statusMessage = "reset";
  Vm::CallScope scope(vm());
  vm().afterCall([this] { statusMessage.clear(); });
  vm().call(vm().callbacks().proxy_on_http_call_response, *this, this->id(), id, 0, 0, 0);
}

}  // namespace sluice::host
