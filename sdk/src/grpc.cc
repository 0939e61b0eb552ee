#include "sluice/grpc.h"

#include <cstring>
#include <limits>
#include <utility>

#include "sluice/buffer.h"
#include "sluice/internal/hostcalls.h"
#include "sluice/internal/runtime.h"

namespace sluice {

namespace {

// Writes a number in protobuf's encoding at `at`, and returns the end.
char* writeVarint(char* at, size_t number) {
  for (; number >= 0x80; number >>= 7) *at++ = static_cast<char>(number | 0x80);
  *at++ = static_cast<char>(number);
  return at;
}

size_t varintSize(size_t number) {
  size_t size = 1;
  for (; number >= 0x80; number >>= 7) ++size;
  return size;
}

constexpr char kBytesField1 = 1 << 3 | 2;

}  // namespace

// envoy.config.core.v3.GrpcService { EnvoyGrpc envoy_grpc = 1 { string cluster_name = 1 } }
internal::HostData internal::serialize(const GrpcTarget& target) {
  const auto name = target.name_;
  if (!target.isCluster_) return {name.empty() ? "" : name.data(), name.size()};
  const size_t inner = 1 + varintSize(name.size()) + name.size();
  const size_t size = 1 + varintSize(inner) + inner;
  auto* const data = static_cast<char*>(arenaAllocate(size));
  if (data == nullptr) return {};
  char* at = data;
  *at++ = kBytesField1;
  at = writeVarint(at, inner);
  *at++ = kBytesField1;
  at = writeVarint(at, name.size());
  if (!name.empty()) std::memcpy(at, name.data(), name.size());
  return {data, size};
}

namespace internal {

Status sendGrpcCall(const GrpcRequest& request, std::string_view message, uint32_t& id) {
  const auto timeout = request.timeout.count();
  if (timeout < 0 || timeout > std::numeric_limits<int32_t>::max()) return Status::BadArgument;
  const auto target = serialize(request.target);
  const auto metadata = serialize(request.metadata);
  if (target.data == nullptr || metadata.data == nullptr) return Status::InternalFailure;
  const NestingScope nesting;
  return Callouts::expectStray(abi::proxy_grpc_call(target.data, target.size, request.service.data(),
                                                    request.service.size(), request.method.data(),
                                                    request.method.size(), metadata.data, metadata.size, message.data(),
                                                    message.size(), static_cast<uint32_t>(timeout), &id));
}

Status openGrpcStream(const GrpcStreamRequest& request, uint32_t& id) {
  const auto target = serialize(request.target);
  const auto metadata = serialize(request.metadata);
  if (target.data == nullptr || metadata.data == nullptr) return Status::InternalFailure;
  const NestingScope nesting;
  return Callouts::expectStray(abi::proxy_grpc_stream(target.data, target.size, request.service.data(),
                                                      request.service.size(), request.method.data(),
                                                      request.method.size(), metadata.data, metadata.size, &id));
}

void GrpcCalls::cancel(uint32_t id) {
  const NestingScope nesting;
  // If the host does not know the id, there is nothing to cancel.
  static_cast<void>(abi::proxy_grpc_cancel(id));
}

Result<std::string_view> grpcMessage(uint32_t delivery, size_t size) {
  if (!Callouts::isCurrent(delivery)) return Status::NotFound;
  if (size == 0) return std::string_view();
  return Buffer(BufferType::GrpcCallMessage).get();
}

GrpcReply GrpcCalls::reply(const Delivery& delivery) {
  GrpcReply reply;
  reply.delivery_ = Callouts::deliveries();
  reply.size_ = delivery.size;
  reply.status_ = delivery.status;
  reply.error_ = Status::Ok;
  // A host delivers either a message or a close. A close with the status Ok means that the service sent no message,
  // which is an error.
  if (delivery.event == Delivery::Event::Close && reply.ok()) reply.status_ = GrpcStatus::Internal;
  return reply;
}

GrpcReply GrpcCalls::noReply(Status error) {
  GrpcReply reply;
  reply.error_ = error;
  return reply;
}

}  // namespace internal

Result<std::string_view> GrpcReply::statusMessage() const {
  if (ok() || !internal::Callouts::isCurrent(delivery_)) return Status::NotFound;
  return internal::Callouts::failureMessage();
}

Result<std::string_view> GrpcReply::message() const {
  if (!ok()) return Status::NotFound;
  return internal::grpcMessage(delivery_, size_);
}

KeptGrpcReply GrpcReply::keep() const {
  KeptGrpcReply kept;
  kept.status_ = status_;
  kept.error_ = error_;
  const auto text = ok() ? message() : statusMessage();
  if (text) {
    kept.text_ = *text;
  } else if (ok()) {
    kept.status_ = GrpcStatus::Unknown;
    kept.error_ = text.status();
  }
  return kept;
}

Status GrpcStream::openFor(ContextBase& context, const GrpcStreamRequest& request) {
  if (isOpen() || Owned::linked()) return Status::BadArgument;
  own(context);
  uint32_t id = 0;
  const auto status = internal::openGrpcStream(request, id);
  // A callback during the hostcall may have destroyed this object.
  if (!internal::Callouts::owns(context, this)) {
    if (status == Status::Ok) internal::GrpcCalls::cancel(id);
    return status == Status::Ok ? Status::NotFound : status;
  }
  if (status != Status::Ok) {
    disown();
    return status;
  }
  halfClosed_ = false;
  waitForGrpc(context, id);
  return status;
}

Status GrpcStream::sendBytes(std::string_view message, bool last) {
  return sendOrClose(
      last, [&](uint32_t id) { return abi::proxy_grpc_send(id, message.data(), message.size(), last ? 1 : 0); });
}

Status GrpcStream::halfClose() {
  return sendOrClose(true, [](uint32_t id) { return abi::proxy_grpc_close(id); });
}

template <class Hostcall>
Status GrpcStream::sendOrClose(bool last, Hostcall hostcall) {
  if (!isOpen()) return Status::NotFound;
  if (halfClosed_) return Status::BadArgument;
  halfClosed_ = last;
  const uint32_t id = this->id();
  const internal::NestingScope nesting;
  const auto status = hostcall(id);
  // A callback during the hostcall may have destroyed this object.
  if (status != Status::Ok && internal::Callouts::waitsForGrpc(this, id)) halfClosed_ = false;
  return status;
}

void GrpcStream::cancel() {
  if (!isOpen()) return;
  disown();
  stopWaiting();
  internal::GrpcCalls::cancel(id());
}

void GrpcStream::drop() {
  disown();
  cancel();
}

void GrpcStream::deliver(const internal::Delivery& delivery) {
  using Event = internal::Delivery::Event;
  delivery_ = delivery.event == Event::Message ? internal::Callouts::deliveries() : 0;
  // Each of these calls may destroy this object.
  switch (delivery.event) {
    case Event::InitialMetadata:
      return onInitialMetadata(delivery.count);
    case Event::Message:
      size_ = delivery.size;
      return onMessage(delivery.size);
    case Event::TrailingMetadata:
      return onTrailingMetadata(delivery.count);
    case Event::Close:
      break;
  }
  const auto message = internal::Callouts::failureMessage().valueOr({});
  // When the service has ended a stream, Envoy keeps the stream until the filter ends it, too.
  const uint32_t id = this->id();
  internal::GrpcCalls::cancel(id);
  // A callback during the hostcall may have ended the stream or destroyed this object.
  if (!internal::Callouts::waitsForGrpc(this, id)) return;
  disown();
  stopWaiting();
  onClose(delivery.status, message);
}

#if __has_include(<coroutine>)

std::optional<std::string> GrpcReader::take() {
  if (messages_.empty()) return std::nullopt;
  std::string first = std::move(messages_.front());
  messages_.pop_front();
  if (messages_.empty()) last_ = messages_.before_begin();
  return first;
}

GrpcReader::~GrpcReader() {
  if (waiting_ != nullptr) waiting_->reader_ = nullptr;
}

void GrpcReader::resume() {
  if (waiting_ != nullptr) std::exchange(waiting_, nullptr)->task_.resume();
}

void GrpcReader::onMessage(size_t) {
  const auto bytes = message();
  if (bytes) last_ = messages_.emplace_after(last_, *bytes);
  resume();
}

void GrpcReader::onClose(GrpcStatus status, std::string_view message) {
  status_ = status;
  statusMessage_ = message;
  resume();
}

#endif

}  // namespace sluice
