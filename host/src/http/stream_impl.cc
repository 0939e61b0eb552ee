#include "http/stream_impl.h"

#include <algorithm>
#include <ctime>

#include "abi/number.h"
#include "abi/router_headers.h"
#include "calls/grpc_wire.h"
#include "calls/router.h"
#include "sluice/host/text.h"
#include "wire/message_check.h"

namespace sluice::host {
namespace {

// A time as the header "date" has it.
std::string httpDate(uint64_t nanosecondsSince1970) {
  const auto seconds = static_cast<std::time_t>(nanosecondsSince1970 / 1'000'000'000);
  std::tm time = {};
  gmtime_r(&seconds, &time);
  char text[32];
  return std::string(text, std::strftime(text, sizeof(text), "%a, %d %b %Y %H:%M:%S GMT", &time));
}

// Envoy's response flags.
constexpr uint64_t kUpstreamConnectionTermination = 0x40;
constexpr uint64_t kDownstreamConnectionTermination = 0x4000;
constexpr uint64_t kUpstreamProtocolError = 0x800000;

/// The status in a response's headers, or 0.
int statusOf(const HeaderMap& headers) { return wholeNumber<int>(headers.get(":status").value_or("")).value_or(0); }

// Sends a whole message piece by piece. One in chunks has no content-length, as HTTP/1.1 wants it.
template <class SendHeaders, class SendBody, class SendTrailers>
void sendPieces(const Message& message, const SendHeaders& sendHeaders, const SendBody& sendBody,
                const SendTrailers& sendTrailers) {
  const bool endsWithBody = !message.isChunked();
  Headers headers = message.headers;
  if (message.isChunked())
    std::erase_if(headers, [](const auto& field) { return lowerCase(field.first) == "content-length"; });
  sendHeaders(headers, message.chunks.empty() && endsWithBody);
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
  hasForwardedProto_ = map->get("x-forwarded-proto").has_value();
  isConnect_ = map->get(":method") == "CONNECT";
  isUpgrade_ =
      map->get("upgrade") && lowerCase(map->get("connection").value_or("")).find("upgrade") != std::string::npos;
  request_->sendHeaders(std::move(map), end);
}

void StreamImpl::requestBody(std::string_view chunk, bool end) {
  if (info_.closed) return;
  if (request_->headers() == nullptr) throw Error(ErrorKind::Usage, "send the request's headers before its body.");
  if (request_->complete()) throw Error(ErrorKind::Usage, "the request has ended already.");
  info_.requestBytes += chunk.size();
  request_->sendData(std::string(chunk), end);
}

void StreamImpl::requestTrailers(const Headers& trailers) {
  if (info_.closed) return;
  if (request_->headers() == nullptr) throw Error(ErrorKind::Usage, "send the request's headers before its trailers.");
  if (request_->complete()) throw Error(ErrorKind::Usage, "the request has ended already.");
  request_->sendTrailers(newMap(MapKind::RequestTrailers, trailers));
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
  if (end) upstreamEnds();
  upstreamSaysLength_ = headerValue(headers, "content-length").has_value();
  auto map = newMap(MapKind::Response, headers);
  info_.responseCode = statusOf(*map);
  response_->sendHeaders(std::move(map), end);
}

void StreamImpl::upstreamEnds() {
  request_->drop();
  info_.responseEnded = clock_->now();
}

void StreamImpl::responseBody(std::string_view chunk, bool end) {
  if (info_.closed || info_.localResponse) return;
  if (response_->headers() == nullptr) throw Error(ErrorKind::Usage, "send the response's headers before its body.");
  if (response_->complete()) throw Error(ErrorKind::Usage, "the response has ended already.");
  if (upstream_.isAmbiguous()) return;
  // The end of a body whose length is known comes with its last piece.
  if (clientHasLeft() && !(chunk.empty() && end && upstreamSaysLength_)) return close();
  if (end) upstreamEnds();
  response_->sendData(std::string(chunk), end);
}

void StreamImpl::responseTrailers(const Headers& trailers) {
  if (info_.closed || info_.localResponse) return;
  if (response_->headers() == nullptr)
    throw Error(ErrorKind::Usage, "send the response's headers before its trailers.");
  if (response_->complete()) throw Error(ErrorKind::Usage, "the response has ended already.");
  if (upstream_.isAmbiguous()) return;
  if (clientHasLeft()) return close();
  upstreamEnds();
  response_->sendTrailers(newMap(MapKind::ResponseTrailers, trailers));
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
  if (!mayHaveBody(info_.received.header(":method"), message)) return responseHeaders(message.headers, true);
  sendPieces(
      message, [this](const Headers& headers, bool end) { responseHeaders(headers, end); },
      [this](std::string_view chunk, bool end) { responseBody(chunk, end); },
      [this](const Headers& trailers) { responseTrailers(trailers); });
}

void StreamImpl::respondWith(Message message) {
  scripted_ = std::move(message);
  if (info_.received.complete) afterActivity(&StreamImpl::playScriptedResponse);
}

void StreamImpl::afterActivity(void (StreamImpl::*action)()) {
  clock_->defer([this, alive = weak_from_this(), action] {
    if (auto kept = alive.lock()) (this->*action)();
  });
}

void StreamImpl::playScriptedResponse() {
  if (!scripted_ || info_.closed || response_->headers() != nullptr) return;
  const Message message = std::move(*scripted_);
  scripted_.reset();
  sendResponse(message);
}

void StreamImpl::upstreamReset() {
  if (info_.closed || info_.localResponse) return;
  if (response_->headers() != nullptr) {
    constexpr const char* kDetails = "upstream_reset_after_response_started{protocol_error}";
    info_.details = kDetails;
    info_.flags |= kUpstreamProtocolError;
    if (headersSent_) return reset(kDetails);
    return sendLocalResponse({502,
                              kDetails,
                              "upstream connect error or disconnect/reset before headers. reset reason: protocol error",
                              {},
                              std::nullopt});
  }
  info_.flags |= kUpstreamConnectionTermination;
  sendLocalResponse({503,
                     "upstream_reset_before_response_started{connection_termination}",
                     "upstream connect error or disconnect/reset before headers. reset reason: connection termination",
                     {},
                     std::nullopt});
}

void StreamImpl::close() {
  if (info_.closed) return;
  info_.flags |= kDownstreamConnectionTermination;
  info_.details = "downstream_remote_disconnect";
  if (info_.answer.started && !info_.answer.complete) info_.answer.reset = true;
  if (info_.received.started && !info_.received.complete) info_.received.reset = true;
  finish();
}

void StreamImpl::reset(std::string_view why) {
  if (info_.closed) return;
  if (!info_.details) info_.details = why;
  if (!info_.answer.complete) info_.answer.reset = true;
  if (info_.received.started && !info_.received.complete) info_.received.reset = true;
  finish();
}

std::unique_ptr<HeaderMap> StreamImpl::localHeaders(const LocalResponse& response, std::string* body) const {
  // Envoy keeps a status in 16 bits.
  auto map = newMap(MapKind::Response, {{":status", std::to_string(response.status & 0xffffU)}});
  for (const auto& [name, value] : response.headers) {
    if (name != ":status") map->add(name, value);  // The map already has the filter's status.
  }
  *body = response.body;
  if (isGrpc_) {
    map->set(":status", "200");
    map->overwrite("content-type", "application/grpc");
    if (!map->get("grpc-status")) {
      auto mapped = static_cast<uint32_t>(grpcStatusFor(response.status));
      map->set("grpc-status", std::to_string(response.grpcStatus.value_or(mapped)));
    }
    if (!body->empty() && !isHead_) map->set("grpc-message", percentEncoded(*body));
    map->remove("content-length");
    body->clear();
  } else if (!body->empty()) {
    map->overwrite("content-length", std::to_string(body->size()));
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
  if (headersSent_) return reset(response.details);

  info_.localResponse = true;
  info_.responseCode = static_cast<int>(response.status);
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
  for (auto& filter : filters_) filter->forgetBody();
  response_->setHeaders(std::move(map));
  client_.onHeaders(*response_->headers(), end);
  if (!end) client_.onData(std::move(body), true);
}

void StreamImpl::finish() {
  if (info_.closed) return;
  auto kept = shared_from_this();
  info_.closed = true;
  upstream_.close();
  client_.close();
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

// A client closes its connection as soon as it has the whole response, or cannot read it.
bool StreamImpl::clientHasLeft() const { return info_.answer.complete || info_.answer.reset; }

void StreamImpl::Upstream::onHeaders(HeaderMap& headers, bool end) {
  Received& received = stream_.info_.received;
  // A client's own CONNECT has no route here in Envoy either; a test may send one all the same.
  const auto refusal = stream_.isConnect_ ? std::nullopt : refuseRequest(headers, stream_.hasForwardedProto_);
  if (refusal) {
    received.problems.push_back(refusal->problem);
    stream_.info_.flags |= refusal->flags;
    stream_.sendLocalResponse({refusal->status, refusal->details, refusal->body, {}, std::nullopt});
    return;
  }
  for (const auto name : kRouterHeaders) headers.remove(name);
  if (codec_ != nullptr) {
    received.problems.push_back("the filter continued a request that was not paused: the upstream gets it again");
    ambiguous_ = codec_->complete();
  }
  codec_ = std::make_unique<Http1Codec>(Direction::Request, codec_ == nullptr ? received : repeated_);
  codec_->writeRequest(headers, end);
  if (codec_->refused()) return refuse();
  stream_.info_.requestSent = stream_.clock_->now();
  ++received.arrivals;
  finishIfComplete();
}

void StreamImpl::Upstream::onData(std::string data, bool end) {
  if (codec_ == nullptr || codec_->refused()) return;
  codec_->writeData(data, end);
  if (codec_->refused()) return refuse();
  finishIfComplete();
}

void StreamImpl::Upstream::onTrailers(const HeaderMap& trailers) {
  if (codec_ == nullptr || codec_->refused()) return;
  codec_->writeTrailers(trailers);
  if (codec_->refused()) return refuse();
  finishIfComplete();
}

void StreamImpl::Upstream::onMetadata(const Headers& metadata) { stream_.info_.received.metadata.push_back(metadata); }

void StreamImpl::Upstream::onTooLarge() {
  stream_.sendLocalResponse({413, "request_payload_too_large", "Payload Too Large", {}, std::nullopt});
}

void StreamImpl::Upstream::close() {
  if (codec_ != nullptr) codec_->close();
}

// The upstream closes the connection. That comes over the network, so it arrives after the current activity.
void StreamImpl::Upstream::refuse() { stream_.afterActivity(&StreamImpl::upstreamReset); }

void StreamImpl::Upstream::finishIfComplete() {
  if (!codec_->complete() || answered_) return;
  answered_ = true;
  stream_.info_.received.complete = true;
  // The response comes over the network, so it arrives after the current activity.
  stream_.afterActivity(&StreamImpl::playScriptedResponse);
}

void StreamImpl::Client::onHeaders(HeaderMap& headers, bool end) {
  Received& answer = stream_.info_.answer;
  if (auto refusal = refuseResponse(headers)) {
    answer.problems.push_back(refusal->problem);
    stream_.sendLocalResponse({refusal->status, refusal->details, refusal->body, {}, std::nullopt});
    return;
  }
  const uint64_t status = statusNumber(headers).value_or(0);
  const bool isTunnel = (stream_.isUpgrade_ && status == 101) || (stream_.isConnect_ && status / 100 == 2);
  // What Envoy's connection manager changes before it sends a response.
  if (!isTunnel) {
    for (const char* name : {"connection", "upgrade"}) headers.remove(name);
  }
  for (const char* name : {"transfer-encoding", "proxy-connection"}) headers.remove(name);
  if (!headers.get("date")) headers.add("date", httpDate(stream_.clock_->now()));
  if (!isTunnel && !stream_.request_->complete()) headers.set("connection", "close");
  if (stream_.headersSent_) {
    answer.problems.push_back("the filter continued a response that was not paused: its headers are sent again");
  }
  stream_.headersSent_ = true;
  stream_.info_.responseCode = statusOf(headers);
  ++answer.arrivals;
  if (isTunnel) {
    codec_.writeTunnelResponse(headers);
  } else {
    codec_.writeResponse(headers, end, stream_.isHead_);
  }
  afterWriting(end);
}

void StreamImpl::Client::onData(std::string data, bool end) {
  stream_.info_.responseBytes += data.size();
  codec_.writeData(data, end);
  afterWriting(end);
}

void StreamImpl::Client::onTrailers(const HeaderMap& trailers) {
  codec_.writeTrailers(trailers);
  afterWriting(true);
}

void StreamImpl::Client::onMetadata(const Headers& metadata) { stream_.info_.answer.metadata.push_back(metadata); }

void StreamImpl::Client::onTooLarge() {
  stream_.sendLocalResponse({500, "response_payload_too_large", "Internal Server Error", {}, std::nullopt});
}

void StreamImpl::Client::afterWriting(bool end) {
  if (codec_.refused()) stream_.info_.answer.reset = true;
  if (end) stream_.finish();
}

}  // namespace sluice::host
