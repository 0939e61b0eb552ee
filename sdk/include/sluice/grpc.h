// gRPC: unary calls, whose replies go to a handler or to the coroutine that awaits them (task.h), and streams.
//
// Messages are bytes here; grpcCall() and the like also take and give other types for which GrpcCodec is specialised.
#pragma once

#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <forward_list>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "sluice/abi.h"
#include "sluice/context.h"
#include "sluice/header_map.h"
#include "sluice/internal/callouts.h"
#include "sluice/internal/dispatch.h"
#include "sluice/internal/exports.h"
#include "sluice/result.h"
#include "sluice/task.h"

namespace sluice {

/// How messages of type T become bytes and are read from them: what whoever brings a type specialises, with
///
///     static Result<std::string_view> serialize(const T& message);  // in the callback's memory
///     static Status parse(std::string_view bytes, T& message);      // ParseFailure when they are no T
template <class T>
struct GrpcCodec;

/// Bytes are sent as they are.
template <class T>
  requires std::convertible_to<const T&, std::string_view>
struct GrpcCodec<T> {
  /// The bytes themselves.
  static Result<std::string_view> serialize(const T& message) { return std::string_view(message); }
};

/// Which service a call goes to.
class GrpcTarget {
 public:
  /// A cluster of Envoy, by its name.
  template <std::convertible_to<std::string_view> Name>
  GrpcTarget(const Name& cluster) : name_(cluster) {}
  /// What the host itself expects: for Envoy the bytes of a `envoy.config.core.v3.GrpcService`, for a host that keeps
  /// to the specification the name of an upstream.
  static GrpcTarget ofHost(std::string_view bytes) {
    GrpcTarget target(bytes);
    target.isCluster_ = false;
    return target;
  }

  /// For the SDK itself: the bytes that the host gets; null when memory is exhausted.
  internal::HostData serialize() const;

 private:
  std::string_view name_;
  bool isCluster_ = true;
};

namespace internal {

/// proxy_grpc_call, proxy_grpc_stream, proxy_grpc_cancel.
Status sendGrpcCall(const GrpcTarget& target, std::string_view service, std::string_view method, HeaderSpan metadata,
                    std::string_view message, std::chrono::milliseconds timeout, uint32_t& id);
Status openGrpcStream(const GrpcTarget& target, std::string_view service, std::string_view method, HeaderSpan metadata,
                      uint32_t& id);
void cancelGrpc(uint32_t id);
/// The message of the present callback.
Result<std::string_view> grpcMessage(uint32_t delivery, size_t size);
Result<std::string_view> grpcStatusMessage(uint32_t delivery);

template <class T>
Result<T> parseGrpc(const Result<std::string_view>& bytes) {
  if (!bytes) return bytes.status();
  T message{};
  const auto status = GrpcCodec<T>::parse(*bytes, message);
  if (status != Status::Ok) return status;
  return message;
}

}  // namespace internal

class KeptGrpcReply;

/// What came of a unary gRPC call. Like an HttpReply it is there in the callback that brings it.
class GrpcReply {
 public:
  /// Whether the service answered with status Ok, and a message.
  bool ok() const { return status_ == GrpcStatus::Ok; }
  /// The call's status: the service's, or one that the host has for its failure, such as Unavailable for a timeout.
  /// Some hosts pass on numbers that gRPC does not know. Unknown for a call that was not sent; see error().
  GrpcStatus status() const { return status_; }
  /// Ok, or why the call was not sent.
  Status error() const { return error_; }
  /// What is said about a status that is not Ok, for logs. Valid until the callback returns (proxy_get_status).
  Result<std::string_view> statusMessage() const;

  /// The message as bytes. Valid until the callback returns; NotFound when there is none (proxy_get_buffer_bytes).
  Result<std::string_view> message() const;
  /// The message as a T; see GrpcCodec. ParseFailure when it is none.
  template <class T>
  Result<T> message() const {
    return internal::parseGrpc<T>(message());
  }

  /// A copy of it all, to be read after the callback.
  KeptGrpcReply keep() const;

  /// For the SDK itself: the reply being delivered, and a call that was not sent.
  /// @{
  explicit GrpcReply(const internal::Delivery& delivery);
  explicit GrpcReply(Status error) : status_(GrpcStatus::Unknown), error_(error) {}
  /// @}

 private:
  uint32_t delivery_ = 0;
  size_t size_ = 0;
  GrpcStatus status_;
  Status error_ = Status::Ok;
};

/// What came of a unary gRPC call, in memory of its own: what it hands out is valid as long as it lives.
class KeptGrpcReply {
 public:
  /// No reply: its error() is NotFound.
  KeptGrpcReply() = default;

  /// As GrpcReply has them.
  /// @{
  bool ok() const { return status_ == GrpcStatus::Ok; }
  GrpcStatus status() const { return status_; }
  Status error() const { return error_; }
  std::string_view statusMessage() const { return ok() ? std::string_view() : std::string_view(text_); }
  Result<std::string_view> message() const {
    if (!ok()) return Status::NotFound;
    return std::string_view(text_);
  }
  template <class T>
  Result<T> message() const {
    return internal::parseGrpc<T>(message());
  }
  /// @}

 private:
  friend GrpcReply;
  std::string text_;  // the message, or what is said about the status
  GrpcStatus status_ = GrpcStatus::Unknown;
  Status error_ = Status::NotFound;
};

/// A gRPC stream to a service. Derive from it, override what you want to hear of, and keep the object for as long as
/// the stream shall live: in a context's member, or in the heap. What is sent and received are whole messages.
///
///     class Feed : public sluice::GrpcStream {
///       void onMessage(size_t) override { … message() … }
///       void onClose(GrpcStatus status, std::string_view message) override { … }
///     };
///
/// The stream belongs to the context that open() names, which is the effective one in the callbacks. When that context
/// is deleted, or this object is destroyed, the stream is cancelled and nothing more is heard of it.
class GrpcStream : private internal::Owned, private internal::Pending {
 public:
  GrpcStream() = default;
  virtual ~GrpcStream() { cancel(); }

  /// Opens the stream to `method` of `service` ("package.Service") in the name of `context`, with initial `metadata`.
  /// BadArgument when it is open; else as ContextBase::grpcCall() (proxy_grpc_stream).
  template <class T = void>
  Status open(ContextBase& context, const GrpcTarget& target, std::string_view service, std::string_view method,
              HeaderSpan metadata = {});
  /// Whether it was opened and has not come to its end, by whoever.
  bool isOpen() const { return waiting(); }

  /// Sends a message: bytes, or a type that GrpcCodec knows. With `last`, none follows. NotFound when the stream is not
  /// open, BadArgument after the last message (proxy_grpc_send).
  template <class Message>
  Status send(const Message& message, bool last = false) {
    const auto bytes = GrpcCodec<Message>::serialize(message);
    return bytes ? sendBytes(*bytes, last) : bytes.status();
  }
  /// Says that no message follows; the service may still send. NotFound when the stream is not open, BadArgument after
  /// the last message (proxy_grpc_close).
  Status halfClose();
  /// Ends the stream at once: onClose() is not called. Nothing happens when it is not open (proxy_grpc_cancel).
  void cancel();

  /// In onMessage(): the message as bytes. Valid until the callback returns; NotFound elsewhere
  /// (proxy_get_buffer_bytes).
  Result<std::string_view> message() const { return internal::grpcMessage(delivery_, size_); }
  /// The same as a T; see GrpcCodec. ParseFailure when it is none.
  template <class T>
  Result<T> message() const {
    return internal::parseGrpc<T>(message());
  }
  /// The service's metadata: the initial in onInitialMetadata(), the trailing in onTrailingMetadata().
  /// @{
  HeaderMap initialMetadata() const { return HeaderMap(MapType::GrpcCallInitialMetadata); }
  HeaderMap trailingMetadata() const { return HeaderMap(MapType::GrpcCallTrailingMetadata); }
  /// @}

 protected:
  /// The service's initial metadata is here: `count` entries (proxy_on_grpc_receive_initial_metadata).
  virtual void onInitialMetadata(uint32_t /*count*/) {}
  /// A message of `size` bytes is here (proxy_on_grpc_receive).
  virtual void onMessage(size_t /*size*/) {}
  /// The service's trailing metadata is here: `count` entries (proxy_on_grpc_receive_trailing_metadata).
  virtual void onTrailingMetadata(uint32_t /*count*/) {}
  /// The stream has ended, by the service or by a failure. The object may be destroyed here, or opened again. `message`
  /// is valid until the callback returns (proxy_on_grpc_close).
  virtual void onClose(GrpcStatus /*status*/, std::string_view /*message*/) {}

 private:
  void deliver(const internal::Delivery& delivery) override;
  void drop() override { cancel(); }
  void begin(ContextBase& context, uint32_t id);
  void end();
  Status sendBytes(std::string_view message, bool last);

  uint32_t delivery_ = 0;
  size_t size_ = 0;
  bool halfClosed_ = false;
};

namespace internal {

/// Naming `kExported` where a filter calls gRPC services makes its module take their replies.
template <class Filter>
struct GrpcCallouts {
  using C = std::conditional_t<std::is_void_v<Filter>, Callouts, Filter>;
  GrpcCallouts() {
    static_cast<void>(Export_proxy_on_grpc_receive<&C::onGrpcReceive>());
    static_cast<void>(Export_proxy_on_grpc_close<&C::onGrpcClose>());
    Dispatch::setDropOwned(&C::dropOwned);
  }
  static const GrpcCallouts kExported;
};
template <class Filter>
const GrpcCallouts<Filter> GrpcCallouts<Filter>::kExported;

/// The same for what only streams have.
template <class Filter>
struct GrpcStreams {
  using C = std::conditional_t<std::is_void_v<Filter>, Callouts, Filter>;
  GrpcStreams() {
    static_cast<void>(Export_proxy_on_grpc_receive_initial_metadata<&C::onGrpcReceiveInitialMetadata>());
    static_cast<void>(Export_proxy_on_grpc_receive_trailing_metadata<&C::onGrpcReceiveTrailingMetadata>());
  }
  static const GrpcStreams kExported;
};
template <class Filter>
const GrpcStreams<Filter> GrpcStreams<Filter>::kExported;

/// A handler that waits for its reply; lives in the heap until then, or until its context is deleted.
template <class Handler>
class GrpcHandler final : private Owned, private Pending {
 public:
  GrpcHandler(ContextBase& context, uint32_t id, Handler handler) : handler_(std::move(handler)) {
    own(context);
    waitForGrpc(context, id);
  }

 private:
  void deliver(const Delivery& delivery) override {
    if (delivery.isMetadata()) return;
    disown();
    stopWaiting();
    handler_(GrpcReply(delivery));
    delete this;
  }
  void drop() override {
    stopWaiting();
    cancelGrpc(id());
    delete this;
  }

  Handler handler_;
};

}  // namespace internal

template <class Message, class Handler>
Status ContextBase::grpcCall(const GrpcTarget& target, std::string_view service, std::string_view method,
                             HeaderSpan metadata, const Message& message, std::chrono::milliseconds timeout,
                             Handler onReply) {
  static_assert(std::is_invocable_v<Handler&, const GrpcReply&>,
                "the handler of grpcCall() must take the reply: `[this](const sluice::GrpcReply& reply) { … }`");
  static_cast<void>(&internal::GrpcCallouts<std::void_t<Handler>>::kExported);
  const auto bytes = GrpcCodec<Message>::serialize(message);
  if (!bytes) return bytes.status();
  uint32_t id = 0;
  const auto status = internal::sendGrpcCall(target, service, method, metadata, *bytes, timeout, id);
  if (status == Status::Ok) new internal::GrpcHandler<Handler>(*this, id, std::move(onReply));
  return status;
}

template <class T>
Status GrpcStream::open(ContextBase& context, const GrpcTarget& target, std::string_view service,
                        std::string_view method, HeaderSpan metadata) {
  static_cast<void>(&internal::GrpcCallouts<T>::kExported);
  static_cast<void>(&internal::GrpcStreams<T>::kExported);
  if (isOpen()) return Status::BadArgument;
  uint32_t id = 0;
  const auto status = internal::openGrpcStream(target, service, method, metadata, id);
  if (status == Status::Ok) begin(context, id);
  return status;
}

#if __has_include(<coroutine>)

/// A gRPC call on its way, to be awaited before the callback returns in which it was sent (or a co_await ends that):
/// `co_await grpcCall(…)` gives a GrpcReply, whenAll() a KeptGrpcReply. Its error() is BadArgument when it was awaited
/// later than that, or twice. A task that ends while it waits cancels the call.
class [[nodiscard("co_await it, or hand it to whenAll()")]] GrpcCall : public internal::SentCall {
 public:
  /// What an await gives, and what whenAll() keeps of it.
  /// @{
  using Reply = GrpcReply;
  using Kept = KeptGrpcReply;
  /// @}

  /// Waits for the reply, in a Task.
  auto operator co_await() && { return internal::CallAwaiter<GrpcCall>(*this); }

  /// For the SDK itself.
  /// @{
  using SentCall::SentCall;
  static void wait(internal::Pending& pending, ContextBase& context, uint32_t id) { pending.waitForGrpc(context, id); }
  static void abandon(internal::Pending& pending) {
    if (!pending.waiting()) return;
    pending.stopWaiting();
    internal::cancelGrpc(pending.id());
  }
  static bool isReply(const internal::Delivery& delivery) { return !delivery.isMetadata(); }
  /// @}
};

template <class Message>
GrpcCall ContextBase::grpcCall(const GrpcTarget& target, std::string_view service, std::string_view method,
                               HeaderSpan metadata, const Message& message, std::chrono::milliseconds timeout) {
  static_cast<void>(&internal::GrpcCallouts<std::void_t<Message>>::kExported);
  const auto bytes = GrpcCodec<Message>::serialize(message);
  if (!bytes) return GrpcCall(bytes.status(), 0);
  uint32_t id = 0;
  const auto status = internal::sendGrpcCall(target, service, method, metadata, *bytes, timeout, id);
  return GrpcCall(status, id);
}

/// A gRPC stream whose messages are awaited in a Task, one after the other. Messages that arrive while nobody awaits
/// them are kept.
///
///     GrpcReader reader;
///     if (reader.open(*this, "feeds", "feed.Feed", "Watch") != Status::Ok || reader.send(question, true) !=
///     Status::Ok)
///       co_return;
///     while (auto message = co_await reader.next()) use(*message);
///     if (reader.status() != GrpcStatus::Ok) …
class GrpcReader : public GrpcStream {
 public:
  /// The next message, or nothing when the stream has ended, or is not open. For one task at a time.
  auto next() {
    class Awaiter {
     public:
      explicit Awaiter(GrpcReader& reader) : reader_(reader) {}
      Awaiter(const Awaiter&) = delete;
      Awaiter& operator=(const Awaiter&) = delete;
      ~Awaiter() { reader_.task_ = nullptr; }
      bool await_ready() const { return reader_.task_ || !reader_.messages_.empty() || !reader_.isOpen(); }
      void await_suspend(std::coroutine_handle<> task) { reader_.task_ = task; }
      std::optional<std::string> await_resume() { return reader_.take(); }

     private:
      GrpcReader& reader_;
    };
    return Awaiter(*this);
  }
  /// How the stream ended; GrpcStatus::None while it has not.
  GrpcStatus status() const { return status_; }
  /// What was said about that, for logs.
  const std::string& statusMessage() const { return statusMessage_; }

 private:
  void onMessage(size_t size) override;
  void onClose(GrpcStatus status, std::string_view message) override;
  std::optional<std::string> take();
  void resume();

  std::forward_list<std::string> messages_;  // the oldest first
  std::forward_list<std::string>::iterator last_ = messages_.before_begin();
  std::coroutine_handle<> task_;
  std::string statusMessage_;
  GrpcStatus status_ = GrpcStatus::None;
};

#endif

}  // namespace sluice
