#include "http/stream_impl.h"

#include <algorithm>

#include "calls/grpc_wire.h"
#include "http/message_check.h"
#include "sluice/host/text.h"

namespace sluice::host {
namespace {

const Headers& entries(const HeaderMap& map) { return map.entries(); }

// Sends a whole message piece by piece.
template <class SendHeaders, class SendBody, class SendTrailers>
void sendPieces(const Message& message, const SendHeaders& sendHeaders, const SendBody& sendBody,
                const SendTrailers& sendTrailers) {
  const bool endsWithBody = !message.isChunked();
  sendHeaders(message.headers, message.chunks.empty() && endsWithBody);
  for (size_t i = 0; i < message.chunks.size(); ++i) {
    sendBody(message.chunks[i], endsWithBody && i + 1 == message.chunks.size());
  }
  if (!message.trailers.empty()) {
    sendTrailers(message.trailers);
  } else if (message.chunked) {
    sendBody(std::string_view(), true);
  }
}

}  // namespace

StreamImpl::StreamImpl(std::shared_ptr<Clock> clock, const Profile& profile, uint64_t id,
                       const std::vector<std::shared_ptr<Context>>& roots)
    : clock_(std::move(clock)),
      info_{.profile = profile, .clock = *clock_, .attributes = {.id = id, .startTime = clock_->now()}} {
  std::vector<HttpFilter*> order;
  for (const auto& root : roots) {
    filters_.push_back(std::make_unique<StreamContext>(*this, root));
    order.push_back(filters_.back().get());
  }
  const uint64_t limit = profile.bufferLimit;
  request_ = std::make_unique<Pipeline>(Direction::Request, order, limit, upstream_);
  std::reverse(order.begin(), order.end());
  response_ = std::make_unique<Pipeline>(Direction::Response, order, limit, client_);
}

std::unique_ptr<HeaderMap> StreamImpl::newMap(MapKind kind, const Headers& headers) const {
  return std::make_unique<HeaderMap>(kind, info_.profile.joinKnownHeaders, headers);
}

void StreamImpl::requestHeaders(const Headers& headers, bool end) {
  if (request_->headers() != nullptr) throw Error(ErrorKind::Usage, "the request's headers have been sent already.");
  auto map = newMap(MapKind::Request, headers);
  isHead_ = map->get(":method") == "HEAD";
  isGrpc_ = isGrpcContentType(map->get("content-type").value_or(""));
  request_->sendHeaders(std::move(map), end);
}

void StreamImpl::requestBody(std::string_view chunk, bool end) {
  if (info_.closed) return;
  if (request_->headers() == nullptr) throw Error(ErrorKind::Usage, "send the request's headers before its body.");
  if (request_->complete()) throw Error(ErrorKind::Usage, "the request has ended already.");
  request_->sendData(std::string(chunk), end);
}

void StreamImpl::requestTrailers(const Headers& trailers) {
  if (info_.closed) return;
  if (request_->headers() == nullptr) throw Error(ErrorKind::Usage, "send the request's headers before its trailers.");
  if (request_->complete()) throw Error(ErrorKind::Usage, "the request has ended already.");
  request_->sendTrailers(newMap(MapKind::Trailers, trailers));
}

void StreamImpl::requestMetadata(const Headers& metadata) {
  if (info_.closed) return;
  if (request_->headers() == nullptr) throw Error(ErrorKind::Usage, "send the request's headers before its metadata.");
  if (request_->complete()) throw Error(ErrorKind::Usage, "the request has ended already.");
  request_->sendMetadata(metadata);
}

void StreamImpl::sendRequest(const Message& message) {
  sendPieces(
      message, [this](const Headers& headers, bool end) { requestHeaders(headers, end); },
      [this](std::string_view chunk, bool end) { requestBody(chunk, end); },
      [this](const Headers& trailers) { requestTrailers(trailers); });
}

void StreamImpl::responseHeaders(const Headers& headers, bool end) {
  if (info_.closed || info_.localResponse) return;
  if (request_->headers() == nullptr) throw Error(ErrorKind::Usage, "send a request before its response.");
  if (response_->headers() != nullptr) throw Error(ErrorKind::Usage, "the response's headers have been sent already.");
  info_.details = "via_upstream";
  response_->sendHeaders(newMap(MapKind::Response, headers), end);
}

void StreamImpl::responseBody(std::string_view chunk, bool end) {
  if (info_.closed || info_.localResponse) return;
  if (response_->headers() == nullptr) throw Error(ErrorKind::Usage, "send the response's headers before its body.");
  if (response_->complete()) throw Error(ErrorKind::Usage, "the response has ended already.");
  response_->sendData(std::string(chunk), end);
}

void StreamImpl::responseTrailers(const Headers& trailers) {
  if (info_.closed || info_.localResponse) return;
  if (response_->headers() == nullptr)
    throw Error(ErrorKind::Usage, "send the response's headers before its trailers.");
  if (response_->complete()) throw Error(ErrorKind::Usage, "the response has ended already.");
  response_->sendTrailers(newMap(MapKind::Trailers, trailers));
}

void StreamImpl::responseMetadata(const Headers& metadata) {
  if (info_.closed || info_.localResponse) return;
  if (response_->headers() == nullptr) {
    throw Error(ErrorKind::Usage, "send the response's headers before its metadata.");
  }
  if (response_->complete()) throw Error(ErrorKind::Usage, "the response has ended already.");
  response_->sendMetadata(metadata);
}

void StreamImpl::sendResponse(const Message& message) {
  sendPieces(
      message, [this](const Headers& headers, bool end) { responseHeaders(headers, end); },
      [this](std::string_view chunk, bool end) { responseBody(chunk, end); },
      [this](const Headers& trailers) { responseTrailers(trailers); });
}

void StreamImpl::respondWith(Message message) {
  scripted_ = std::move(message);
  if (info_.received.complete) {
    clock_->defer([this, alive = weak_from_this()] {
      if (auto kept = alive.lock()) playScriptedResponse();
    });
  }
}

void StreamImpl::playScriptedResponse() {
  if (!scripted_ || info_.closed || response_->headers() != nullptr) return;
  const Message message = std::move(*scripted_);
  scripted_.reset();
  sendResponse(message);
}

void StreamImpl::upstreamReset() {
  if (info_.closed) return;
  if (info_.answer.started) return reset("upstream_reset_after_response_started");
  sendLocalResponse({503,
                     "upstream_reset_before_response_started{connection_termination}",
                     "upstream connect error or disconnect/reset before headers. reset reason: connection termination",
                     {},
                     std::nullopt});
}

void StreamImpl::close() {
  if (info_.closed) return;
  if (info_.answer.started && !info_.answer.complete) info_.answer.reset = true;
  if (info_.received.started && !info_.received.complete) info_.received.reset = true;
  finish();
}

void StreamImpl::reset(std::string_view why) {
  if (info_.closed) return;
  if (info_.details.empty()) info_.details = why;
  info_.answer.reset = true;
  if (info_.received.started && !info_.received.complete) info_.received.reset = true;
  finish();
}

std::unique_ptr<HeaderMap> StreamImpl::localHeaders(const LocalResponse& response, std::string* body) const {
  auto map = newMap(MapKind::Response, {{":status", std::to_string(response.status)}});
  for (const auto& [name, value] : response.headers) {
    if (name != ":status") map->add(name, value);  // The map already has the filter's status.
  }
  *body = response.body;
  if (isGrpc_) {
    map->set(":status", "200");
    map->set("content-type", "application/grpc");
    if (!map->get("grpc-status")) {
      auto mapped = static_cast<uint32_t>(grpcStatusFor(response.status));
      map->set("grpc-status", std::to_string(response.grpcStatus.value_or(mapped)));
    }
    if (!body->empty() && !isHead_) map->set("grpc-message", percentEncoded(*body));
    map->remove("content-length");
    body->clear();
  } else if (!body->empty()) {
    map->set("content-length", std::to_string(body->size()));
    if (!map->get("content-type")) map->set("content-type", "text/plain");
  } else {
    map->remove("content-length");
    map->remove("content-type");
  }
  if (isHead_) body->clear();
  return map;
}

void StreamImpl::sendLocalResponse(const LocalResponse& response) {
  if (info_.closed) return;
  info_.details = response.details;
  if (info_.answer.started) return reset(response.details);

  info_.localResponse = true;
  request_->abort();
  std::string body;
  auto map = localHeaders(response, &body);
  const bool end = body.empty();
  if (response_->headers() == nullptr) {
    response_->sendHeaders(std::move(map), end);
    if (!end && !info_.closed) response_->sendData(std::move(body), true);
    return;
  }
  // The filters have already seen part of another response, so this one bypasses them.
  response_->abort();
  for (auto& filter : filters_) filter->forgetResponse();
  response_->setHeaders(std::move(map));
  client_.onHeaders(*response_->headers(), end);
  if (!end) client_.onData(std::move(body), true);
}

void StreamImpl::finish() {
  if (info_.closed) return;
  auto kept = shared_from_this();
  info_.closed = true;
  request_->abort();
  response_->abort();
  const bool logFirst = info_.profile.logBeforeDone;
  if (logFirst) {
    for (auto& filter : filters_) filter->log();
  }
  for (auto& filter : filters_) {
    filter->done();
    if (!logFirst) filter->log();
    filter->deleteInGuest();
  }
}

uint32_t StreamImpl::contextId(size_t position) const {
  return position < filters_.size() && request_->headers() != nullptr ? filters_[position]->id() : 0;
}

void StreamImpl::Upstream::onHeaders(const HeaderMap& headers, bool end) {
  if (auto refusal = refuseRequest(headers)) {
    stream_.sendLocalResponse({refusal->status, refusal->details, refusal->body, {}, std::nullopt});
    return;
  }
  Received& received = stream_.info_.received;
  received.headers = entries(headers);
  received.started = true;
  ++received.arrivals;
  finishIf(end);
}

void StreamImpl::Upstream::onData(std::string data, bool end) {
  if (!data.empty()) stream_.info_.received.chunks.push_back(std::move(data));
  finishIf(end);
}

void StreamImpl::Upstream::onTrailers(const HeaderMap& trailers) {
  stream_.info_.received.trailers = entries(trailers);
  finishIf(true);
}

void StreamImpl::Upstream::onMetadata(const Headers& metadata) { stream_.info_.received.metadata.push_back(metadata); }

void StreamImpl::Upstream::onTooLarge() {
  stream_.sendLocalResponse({413, "request_payload_too_large", "Payload Too Large", {}, std::nullopt});
}

void StreamImpl::Upstream::finishIf(bool end) {
  if (!end || stream_.info_.received.complete) return;
  stream_.info_.received.complete = true;
  // The response comes over the network, so it arrives after the current activity.
  stream_.clock_->defer([&stream = stream_, alive = stream_.weak_from_this()] {
    if (auto kept = alive.lock()) stream.playScriptedResponse();
  });
}

void StreamImpl::Client::onHeaders(const HeaderMap& headers, bool end) {
  if (auto refusal = refuseResponse(headers)) {
    stream_.sendLocalResponse({refusal->status, refusal->details, refusal->body, {}, std::nullopt});
    return;
  }
  Received& answer = stream_.info_.answer;
  answer.headers = entries(headers);
  answer.started = true;
  ++answer.arrivals;
  finishIf(end);
}

void StreamImpl::Client::onData(std::string data, bool end) {
  if (!data.empty()) stream_.info_.answer.chunks.push_back(std::move(data));
  finishIf(end);
}

void StreamImpl::Client::onTrailers(const HeaderMap& trailers) {
  stream_.info_.answer.trailers = entries(trailers);
  finishIf(true);
}

void StreamImpl::Client::onMetadata(const Headers& metadata) { stream_.info_.answer.metadata.push_back(metadata); }

void StreamImpl::Client::onTooLarge() {
  stream_.sendLocalResponse({500, "response_payload_too_large", "Internal Server Error", {}, std::nullopt});
}

void StreamImpl::Client::finishIf(bool end) {
  if (!end) return;
  stream_.info_.answer.complete = true;
  stream_.finish();
}

}  // namespace sluice::host
