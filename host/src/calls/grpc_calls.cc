#include "calls/grpc_calls.h"

#include <algorithm>
#include <utility>

#include "abi/crash_error.h"
#include "calls/grpc_wire.h"
#include "calls/router.h"
#include "sluice/host/text.h"

namespace sluice::host {
namespace {

// Envoy's details of how a response ended.
constexpr std::string_view kViaUpstream = "via_upstream";
constexpr std::string_view kNotConnected =
    "upstream connect error or disconnect/reset before headers. reset reason: remote connection failure";
constexpr std::string_view kNotConnectedDetails =
    "upstream_reset_before_response_started{remote_connection_failure|delayed_connect_error:_Connection_refused}";
constexpr std::string_view kResetEarly =
    "upstream connect error or disconnect/reset before headers. reset reason: remote reset";
constexpr std::string_view kResetEarlyDetails = "upstream_reset_before_response_started{remote_reset}";
constexpr std::string_view kResetLateDetails = "upstream_reset_after_response_started{remote_reset}";

Headers grpcHeaders() { return {{":status", "200"}, {"content-type", "application/grpc"}}; }

Headers withStatus(Headers metadata, const GrpcReply& reply) {
  if (reply.status != GrpcStatus::None) {
    metadata.emplace_back("grpc-status", std::to_string(static_cast<int32_t>(reply.status)));
  }
  if (!reply.statusMessage.empty()) metadata.emplace_back("grpc-message", percentEncoded(reply.statusMessage));
  for (const auto& entry : reply.trailingMetadata) metadata.push_back(entry);
  return metadata;
}

/// A reply as the filter sees it, after the proxy's gRPC client.
struct Arrival {
  std::optional<Headers> headers;  // Nothing when the filter already has them.
  bool messages = false;
  Headers trailers;
  GrpcStatus status;
  std::string message;       // The service's message.
  std::string_view details;  // What the proxy appends.
};

/// A response that the proxy makes up, or a refusal by the service: everything is in the trailers.
Arrival trailersOnly(Headers trailers, GrpcStatus status, std::string message, std::string_view details) {
  return {Headers{}, false, std::move(trailers), status, std::move(message), details};
}

/// Whether the proxy takes the call for gRPC: a filter can add to the content-type.
bool asksForGrpc(const GrpcCall& call) {
  const auto type = headerValue(call.metadata, "content-type");
  return !type || isGrpcContentType(*type);
}

/// What the proxy makes up: a gRPC response, or a plain one for a request that does not look like gRPC.
Arrival unreachable(bool grpc, std::string_view message, std::string_view details) {
  if (!grpc) return trailersOnly({}, GrpcStatus::Unavailable, "", details);
  GrpcReply local{.status = GrpcStatus::Unavailable, .statusMessage = std::string(message)};
  return trailersOnly(withStatus(grpcHeaders(), local), local.status, local.statusMessage, details);
}

Headers responseHeaders(const GrpcReply& reply) {
  Headers headers = grpcHeaders();
  for (const auto& entry : reply.initialMetadata) headers.push_back(entry);
  return headers;
}

Arrival arrivalOf(bool grpc, const GrpcReply& reply, bool headersArrived) {
  std::optional<Headers> headers;
  if (!headersArrived) headers = responseHeaders(reply);
  switch (reply.kind) {
    case GrpcReply::Kind::ConnectionFailure:
      return unreachable(grpc, kNotConnected, kNotConnectedDetails);
    case GrpcReply::Kind::Reset:
      if (!headersArrived && reply.initialMetadata.empty() && reply.messages.empty())
        return unreachable(grpc, kResetEarly, kResetEarlyDetails);
      return {headers, true, {}, GrpcStatus::Internal, "", kResetLateDetails};
    case GrpcReply::Kind::Malformed:
      return {headers, true, {}, GrpcStatus::Internal, "", kViaUpstream};
    case GrpcReply::Kind::NotGrpc:
      return trailersOnly({}, grpcStatusFor(reply.httpStatus), "", kViaUpstream);
    default:
      break;
  }
  const auto number = static_cast<int32_t>(reply.status);
  GrpcStatus status = reply.status;
  if (status == GrpcStatus::None) status = GrpcStatus::Unknown;  // The service sent no status.
  if (number > static_cast<int32_t>(GrpcStatus::Unauthenticated) || number < -1)
    status = GrpcStatus::None;  // The number is unknown.
  const std::string message = percentEncoded(reply.statusMessage);
  if (reply.trailersOnly && !headersArrived)
    return trailersOnly(withStatus(*headers, reply), status, message, kViaUpstream);
  return {headers, true, withStatus({}, reply), status, message, kViaUpstream};
}

}  // namespace

// ---------------------------------------------------------------------------------------------------------------------

GrpcReply GrpcReply::of(std::string message, std::chrono::nanoseconds delay) {
  return {.messages = {std::move(message)}, .delay = delay};
}
GrpcReply GrpcReply::error(GrpcStatus status, std::string message, std::chrono::nanoseconds delay) {
  return {.status = status, .statusMessage = std::move(message), .trailersOnly = true, .delay = delay};
}
GrpcReply GrpcReply::connectionFailure(std::chrono::nanoseconds delay) {
  return {.kind = Kind::ConnectionFailure, .delay = delay};
}
GrpcReply GrpcReply::reset(std::chrono::nanoseconds delay) { return {.kind = Kind::Reset, .delay = delay}; }
GrpcReply GrpcReply::malformed(std::chrono::nanoseconds delay) { return {.kind = Kind::Malformed, .delay = delay}; }
GrpcReply GrpcReply::notGrpc(uint32_t httpStatus, std::chrono::nanoseconds delay) {
  return {.kind = Kind::NotGrpc, .httpStatus = httpStatus, .delay = delay};
}
GrpcReply GrpcReply::never() { return {.kind = Kind::Never}; }

GrpcStream::GrpcStream(std::shared_ptr<GrpcStreamImpl> impl) : impl_(std::move(impl)) {}
const GrpcCall& GrpcStream::call() const { return impl_->call; }
const std::vector<std::string>& GrpcStream::received() const { return impl_->received; }
bool GrpcStream::halfClosed() const { return impl_->halfClosed; }
bool GrpcStream::canceled() const { return impl_->canceled; }
bool GrpcStream::ended() const { return impl_->ended; }
void GrpcStream::sendInitialMetadata(Headers metadata) { impl_->sendInitialMetadata(std::move(metadata)); }
void GrpcStream::send(std::string_view message) { impl_->send(std::string(message)); }
void GrpcStream::end(GrpcReply reply) { impl_->end(std::move(reply)); }

// ---------------------------------------------------------------------------------------------------------------------

GrpcStreamImpl::GrpcStreamImpl(GrpcCalls& calls, std::weak_ptr<Context> root, std::weak_ptr<Clock> clock,
                               GrpcCall opened)
    : call(std::move(opened)), calls_(calls), root_(std::move(root)), clock_(std::move(clock)) {}

void GrpcStreamImpl::arrive(std::chrono::nanoseconds delay, std::function<void(GrpcStreamImpl&)> action) {
  auto clock = clock_.lock();
  if (clock == nullptr) return;
  Clock::Activity activity(*clock);
  clock->deferFor(delay, [stream = shared_from_this(), action = std::move(action)] {
    auto root = stream->root_.lock();
    if (root != nullptr && stream->calls_.open(*stream)) action(*stream);
  });
}

void GrpcStreamImpl::sendInitialMetadata(Headers metadata) {
  if (ended) return;
  arrive({},
         [this, metadata = std::move(metadata)](GrpcStreamImpl& stream) { calls_.headersArrive(stream, metadata); });
}

void GrpcStreamImpl::send(std::string message) {
  if (ended) return;
  arrive({}, [this, message = std::move(message)](GrpcStreamImpl& stream) {
    calls_.headersArrive(stream, {});
    if (calls_.open(stream)) calls_.messageArrives(stream, message);
  });
}

void GrpcStreamImpl::end(GrpcReply reply) {
  if (std::exchange(ended, reply.kind != GrpcReply::Kind::Never) || reply.kind == GrpcReply::Kind::Never) return;
  const auto delay = reply.delay;
  arrive(delay, [this, reply = std::move(reply)](GrpcStreamImpl& stream) { calls_.endArrives(stream, reply); });
}

// ---------------------------------------------------------------------------------------------------------------------

const GrpcService* GrpcCalls::serviceOf(const GrpcStreamImpl& stream) const {
  auto service = environment_.clusters.grpc.find(stream.call.cluster);
  return service == environment_.clusters.grpc.end() ? nullptr : &service->second;
}

Status GrpcCalls::resolve(std::string_view target, GrpcCall& call, const GrpcService** service) {
  auto parsed = parseGrpcTarget(target);
  if (parsed && parsed->cluster.empty()) {
    if (!environment_.profile.namesCrashes) return Status::ParseFailure;
    throw envoyCrash(call.stream ? "proxy_grpc_stream" : "proxy_grpc_call",
                     "its target " + quote(target) +
                         " is a GrpcService message that names no service (write the cluster into "
                         "envoy_grpc.cluster_name of a serialized GrpcService)");
  }
  call.plugin = root_.plugin()->name;
  call.cluster = parsed ? parsed->cluster : std::string(target);
  if (parsed) call.metadata.insert(call.metadata.begin(), parsed->metadata.begin(), parsed->metadata.end());
  if (environment_.profile.callsThroughRouter) call.metadata = grpcRequestHeaders(call);
  auto found = environment_.clusters.grpc.find(call.cluster);
  if (found != environment_.clusters.grpc.end()) {
    *service = &found->second;
    return Status::Ok;
  }
  environment_.clusters.recordUnknown(call.plugin, "the gRPC", call.cluster, environment_.clusters.grpc);
  if (!parsed) return Status::ParseFailure;
  // The proxy notices only when it sends: it calls on_grpc_close for a call whose id the guest never got.
  environment_.clock.defer([this, weak = root_.weak_from_this(), id = call.id] {
    if (auto root = weak.lock()) tellClose(id, GrpcStatus::Unavailable, "Cluster not available", "");
  });
  return Status::InternalFailure;
}

Status GrpcCalls::call(std::string_view target, GrpcCall call, uint32_t* id) {
  call.id = environment_.ids.nextGrpcCall();
  const GrpcService* service = nullptr;
  if (Status status = resolve(target, call, &service); status != Status::Ok) return status;
  *id = call.id;
  environment_.clusters.grpcCalls.push_back(call);
  calls_[call.id] = {.grpc = asksForGrpc(call)};
  awaitReply(call.id, service->onCall ? service->onCall(call) : GrpcReply::error(GrpcStatus::Unimplemented),
             call.timeout);
  return Status::Ok;
}

void GrpcCalls::awaitReply(uint32_t id, GrpcReply reply, std::chrono::milliseconds timeout) {
  Call& call = calls_[id];
  if (timeout.count() > 0) {
    call.timeoutTimer = environment_.clock.deferFor(timeout, [this, weak = root_.weak_from_this(), id] {
      auto root = weak.lock();
      if (root == nullptr || !cancelCall(id)) return;
      tellClose(id, GrpcStatus::Unavailable, "upstream request timeout", "response_timeout");
    });
  }
  if (reply.kind == GrpcReply::Kind::Never) return;
  const auto delay = reply.delay;
  call.replyTimer =
      environment_.clock.deferFor(delay, [this, weak = root_.weak_from_this(), id, reply = std::move(reply)] {
        if (auto root = weak.lock()) answer(id, reply);
      });
}

std::vector<uint32_t> GrpcCalls::pending() const {
  std::vector<uint32_t> ids;
  for (const auto& [id, call] : calls_) ids.push_back(id);
  for (const auto& [id, stream] : streams_) ids.push_back(id);
  return ids;
}

std::optional<GrpcCalls::Call> GrpcCalls::finish(uint32_t id) {
  auto call = calls_.extract(id);
  if (call.empty()) return std::nullopt;
  environment_.clock.cancel(call.mapped().replyTimer);
  environment_.clock.cancel(call.mapped().timeoutTimer);
  return std::move(call.mapped());
}

bool GrpcCalls::cancelCall(uint32_t id) {
  if (!finish(id)) return false;
  auto& calls = environment_.clusters.grpcCalls;
  const auto call = std::find_if(calls.rbegin(), calls.rend(), [id](const GrpcCall& call) { return call.id == id; });
  if (call != calls.rend()) call->canceled = true;
  return true;
}

void GrpcCalls::interrupt(GrpcStreamImpl& stream) {
  if (std::exchange(stream.interrupted, true)) return;
  tellTrailingMetadata(stream.call.id, {});
}

void GrpcCalls::answer(uint32_t id, const GrpcReply& reply) {
  const auto call = finish(id);
  if (!call) return;
  const Arrival arrival = arrivalOf(call->grpc, reply, false);
  // For a unary call, the guest gets the message, or the status if there is none; it never gets metadata.
  if (arrival.status != GrpcStatus::Ok) return tellClose(id, arrival.status, arrival.message, arrival.details);
  if (reply.messages.empty()) return tellClose(id, GrpcStatus::Internal, "", "");
  tellMessage(id, reply.messages.back());
}

Status GrpcCalls::open(std::string_view target, GrpcCall call, uint32_t* id) {
  call.id = environment_.ids.nextGrpcStream();
  call.stream = true;
  const GrpcService* service = nullptr;
  if (Status status = resolve(target, call, &service); status != Status::Ok) return status;
  *id = call.id;
  environment_.clusters.grpcCalls.push_back(call);
  auto stream =
      std::make_shared<GrpcStreamImpl>(*this, root_.weak_from_this(), environment_.weakClock, std::move(call));
  streams_[*id] = stream;
  environment_.clusters.grpcStreams.push_back(std::make_shared<GrpcStream>(stream));
  if (service->onOpen) service->onOpen(*environment_.clusters.grpcStreams.back());
  return Status::Ok;
}

Status GrpcCalls::send(uint32_t id, std::string_view message, bool end) {
  if (!CallIds::isGrpcStream(id)) return Status::BadArgument;
  auto found = streams_.find(id);
  if (found == streams_.end()) return Status::NotFound;
  auto stream = found->second;
  if (stream->remoteClosed || stream->halfClosed) return Status::Ok;  // The service no longer reads.
  if (stream->ending) {
    interrupt(*stream);
    return Status::Ok;
  }
  stream->received.emplace_back(message);
  stream->halfClosed = end;
  if (end) stream->sent = environment_.clock.now();
  const GrpcService* service = serviceOf(*stream);
  if (service == nullptr) return Status::Ok;
  GrpcStream handle(stream);
  if (service->onMessage) service->onMessage(handle, message);
  if (end && service->onHalfClose) service->onHalfClose(handle);
  return Status::Ok;
}

Status GrpcCalls::close(uint32_t id) {
  if (CallIds::isGrpcCall(id)) return cancel(id);
  if (!CallIds::isGrpcStream(id)) return Status::BadArgument;
  auto found = streams_.find(id);
  if (found == streams_.end()) return Status::NotFound;
  auto stream = found->second;
  stream->localClosed = true;
  if (stream->remoteClosed) {
    streams_.erase(found);
  } else if (stream->ending && !stream->halfClosed) {
    interrupt(*stream);
  } else if (!std::exchange(stream->halfClosed, true)) {
    stream->sent = environment_.clock.now();
    const GrpcService* service = serviceOf(*stream);
    GrpcStream handle(stream);
    if (service != nullptr && service->onHalfClose) service->onHalfClose(handle);
  }
  return Status::Ok;
}

Status GrpcCalls::cancel(uint32_t id) {
  if (CallIds::isGrpcCall(id)) return cancelCall(id) ? Status::Ok : Status::NotFound;
  if (!CallIds::isGrpcStream(id)) return Status::BadArgument;
  auto found = streams_.find(id);
  if (found == streams_.end()) return Status::NotFound;
  found->second->canceled = !found->second->remoteClosed;
  streams_.erase(found);
  return Status::Ok;
}

void GrpcCalls::cancelAll() {
  while (!calls_.empty()) finish(calls_.begin()->first);
  while (!streams_.empty()) (void)cancel(streams_.begin()->first);
}

bool GrpcCalls::open(const GrpcStreamImpl& stream) const {
  return streams_.contains(stream.call.id) && !stream.remoteClosed;
}

void GrpcCalls::headersArrive(GrpcStreamImpl& stream, const Headers& metadata) {
  if (std::exchange(stream.headersArrived, true)) return;
  Headers headers = responseHeaders({.initialMetadata = metadata});
  route(stream, headers);
  tellInitialMetadata(stream.call.id, headers);
}

void GrpcCalls::route(const GrpcStreamImpl& stream, Headers& headers) const {
  // The router measures from the end of the request, so it has nothing to say while the filter is still sending.
  if (!environment_.profile.callsThroughRouter || !stream.sent) return;
  routeResponse(headers, *stream.sent, environment_.clock.now());
}

void GrpcCalls::messageArrives(const GrpcStreamImpl& stream, std::string message) {
  tellMessage(stream.call.id, std::move(message));
}

void GrpcCalls::endArrives(GrpcStreamImpl& stream, const GrpcReply& reply) {
  const uint32_t id = stream.call.id;
  Arrival arrival = arrivalOf(asksForGrpc(stream.call), reply, stream.headersArrived);
  const bool isHttp200 = reply.kind == GrpcReply::Kind::Response || reply.kind == GrpcReply::Kind::Malformed;
  if (isHttp200 && !stream.headersArrived) {
    route(stream, reply.trailersOnly ? arrival.trailers : *arrival.headers);
  }
  // Each of these callbacks may cancel the stream.
  stream.ending = !arrival.messages;
  if (arrival.headers) tellInitialMetadata(id, *arrival.headers);
  stream.headersArrived = true;
  for (size_t i = 0; arrival.messages && i < reply.messages.size() && open(stream); ++i) {
    tellMessage(id, reply.messages[i]);
  }
  stream.ending = true;
  if (open(stream) && !stream.interrupted) tellTrailingMetadata(id, arrival.trailers);
  if (!open(stream)) return;
  stream.remoteClosed = true;
  if (stream.interrupted) {
    tellClose(id, GrpcStatus::Internal, "", "upstream_reset_before_response_started");
  } else {
    tellClose(id, arrival.status, arrival.message, arrival.details);
  }
  if (stream.localClosed) streams_.erase(id);
}

void GrpcCalls::tellInitialMetadata(uint32_t id, const Headers& metadata) {
  initialMetadata_ = std::make_unique<HeaderMap>(MapKind::Response, environment_.profile.joinKnownHeaders, metadata);
  Instance& instance = root_.instance();
  Instance::CallScope scope(instance);
  instance.afterCall([this] { initialMetadata_.reset(); });
  instance.call(instance.callbacks().proxy_on_grpc_receive_initial_metadata, root_, root_.id(), id,
                static_cast<uint32_t>(initialMetadata_->size()));
}

void GrpcCalls::tellMessage(uint32_t id, std::string message) {
  message_ = std::move(message);
  Instance& instance = root_.instance();
  Instance::CallScope scope(instance);
  instance.afterCall([this] { message_.reset(); });
  instance.call(instance.callbacks().proxy_on_grpc_receive, root_, root_.id(), id, message_->size());
}

void GrpcCalls::tellTrailingMetadata(uint32_t id, const Headers& metadata) {
  trailingMetadata_ =
      std::make_unique<HeaderMap>(MapKind::ResponseTrailers, environment_.profile.joinKnownHeaders, metadata);
  Instance& instance = root_.instance();
  Instance::CallScope scope(instance);
  instance.afterCall([this] { trailingMetadata_.reset(); });
  instance.call(instance.callbacks().proxy_on_grpc_receive_trailing_metadata, root_, root_.id(), id,
                static_cast<uint32_t>(trailingMetadata_->size()));
}

void GrpcCalls::tellClose(uint32_t id, GrpcStatus status, std::string_view message, std::string_view details) {
  status_ = {static_cast<uint32_t>(status), std::string(message)};
  if (!details.empty() && environment_.profile.addsGrpcDetails) {
    status_.message += message.empty() ? std::string(details) : "{" + std::string(details) + "}";
  }
  Instance& instance = root_.instance();
  Instance::CallScope scope(instance);
  instance.afterCall([this] { status_.message.clear(); });
  instance.call(instance.callbacks().proxy_on_grpc_close, root_, root_.id(), id, status);
}

}  // namespace sluice::host
