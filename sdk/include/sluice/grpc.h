// gRPC: unary calls and streams. A handler receives the reply to a unary call, or a coroutine awaits it (task.h).
//
// Messages are bytes. The functions here also take and return other types for which GrpcCodec is specialised.
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
#include "sluice/internal/awaited_calls.h"
#include "sluice/internal/calls.h"
#include "sluice/internal/grpc_calls.h"
#include "sluice/internal/parts.h"
#include "sluice/result.h"

namespace sluice {

/// Converts messages of type T to bytes and back. To use a message type of your own, specialise it with
///
///     static Result<std::string_view> serialize(const T& message);  // in the callback's memory
///     static Status parse(std::string_view bytes, T& message);      // ParseFailure when they are no T
template <class T>
struct GrpcCodec;

/// Bytes are sent as they are.
template <class T>
  requires std::convertible_to<const T&, std::string_view>
struct GrpcCodec<T> {
  /// Returns the message itself.
  static Result<std::string_view> serialize(const T& message) { return std::string_view(message); }
};

/// The upstream of a call.
class GrpcTarget {
 public:
  /// An Envoy cluster, by its name.
  template <std::convertible_to<std::string_view> Name>
  GrpcTarget(const Name& cluster) : name_(cluster) {}
  /// The bytes that the host itself expects: in Envoy an encoded `envoy.config.core.v3.GrpcService`, in a host that
  /// follows the spec the name of an upstream.
  static GrpcTarget ofHost(std::string_view bytes) {
    GrpcTarget target(bytes);
    target.isCluster_ = false;
    return target;
  }

 private:
  friend internal::HostData internal::serialize(const GrpcTarget& target);
  std::string_view name_;
  bool isCluster_ = true;
};

/// Everything about a unary gRPC call except the message; see ContextBase::grpcCall(). Without a timeout the host waits
/// for as long as the service takes. The members are views: the data must stay valid until the call returns.
///
///     {.target = "policies", .service = "policy.Policy", .method = "Check", .timeout = 500ms}
struct GrpcRequest {
  GrpcTarget target;                       ///< For Envoy one of its clusters, by its name.
  std::string_view service;                ///< With its package: "policy.Policy".
  std::string_view method;                 ///< Such as "Check".
  HeaderSpan metadata = {};                ///< The initial metadata.
  std::chrono::milliseconds timeout = {};  ///< For the whole call; zero means no timeout.
};

/// Describes a gRPC stream to open; see GrpcStream::open(). A stream has no timeout.
struct GrpcStreamRequest {
  GrpcTarget target;         ///< For Envoy one of its clusters, by its name.
  std::string_view service;  ///< With its package: "feed.Feed".
  std::string_view method;   ///< Such as "Watch".
  HeaderSpan metadata = {};  ///< The initial metadata.
};

class KeptGrpcReply;

/// The result of a unary gRPC call. Like an HttpReply it can be read only in the callback that delivers it.
class GrpcReply {
 public:
  /// No reply: its error() is NotFound.
  GrpcReply() = default;

  /// Whether the service answered with status Ok, and a message.
  [[nodiscard]] bool ok() const { return status_ == GrpcStatus::Ok; }
  /// The status of the call: the service's, or one that the host chooses for a failure, such as Unavailable for a
  /// timeout. Some hosts pass on numbers that gRPC does not define. Unknown for a call that was not sent; see error().
  [[nodiscard]] GrpcStatus status() const { return status_; }
  /// Ok, or why the call was not sent.
  [[nodiscard]] Status error() const { return error_; }
  /// The message about a status other than Ok, for logs. Valid until the callback returns (proxy_get_status).
  [[nodiscard]] Result<std::string_view> statusMessage() const;

  /// The message as bytes. Valid until the callback returns; NotFound when there is none (proxy_get_buffer_bytes).
  [[nodiscard]] Result<std::string_view> message() const;
  /// The message as a T; see GrpcCodec. ParseFailure when the bytes are not an encoding of a T.
  template <class T>
  [[nodiscard]] Result<T> message() const {
    return internal::parseGrpc<T>(message());
  }

  /// A copy of the whole reply, which can be read after the callback.
  [[nodiscard]] KeptGrpcReply keep() const;

 private:
  friend internal::GrpcCalls;
  uint32_t delivery_ = 0;
  size_t size_ = 0;
  GrpcStatus status_ = GrpcStatus::Unknown;
  Status error_ = Status::NotFound;
};

/// A copy of the result of a unary gRPC call. It owns its memory: the views that it returns are valid as long as the
/// object lives.
class KeptGrpcReply {
 public:
  /// No reply: its error() is NotFound.
  KeptGrpcReply() = default;

  /// See GrpcReply.
  /// @{
  [[nodiscard]] bool ok() const { return status_ == GrpcStatus::Ok; }
  [[nodiscard]] GrpcStatus status() const { return status_; }
  [[nodiscard]] Status error() const { return error_; }
  [[nodiscard]] std::string_view statusMessage() const { return ok() ? std::string_view() : std::string_view(text_); }
  [[nodiscard]] Result<std::string_view> message() const {
    if (!ok()) return Status::NotFound;
    return std::string_view(text_);
  }
  template <class T>
  [[nodiscard]] Result<T> message() const {
    return internal::parseGrpc<T>(message());
  }
  /// @}

 private:
  friend GrpcReply;
  std::string text_;  // the message of the reply, or the message about the status
  GrpcStatus status_ = GrpcStatus::Unknown;
  Status error_ = Status::NotFound;
};

/// A gRPC stream to a service. Derive from it and override the callbacks you need. Keep the object as long as the
/// stream shall live, as a member of a context or on the heap. A stream sends and receives whole messages.
///
///     class Feed : public sluice::GrpcStream {
///       void onMessage(size_t) override { … message() … }
///       void onClose(GrpcStatus status, std::string_view message) override { … }
///     };
///
/// The stream belongs to the context passed to open(), which is the effective context in the callbacks. When that
/// context is deleted or this object is destroyed, the SDK cancels the stream and calls no more callbacks.
class GrpcStream : private internal::Owned, private internal::Pending {
 public:
  GrpcStream() = default;
  virtual ~GrpcStream() { cancel(); }

  /// Opens the stream for `context`. BadArgument when it is already open; other errors as for ContextBase::grpcCall()
  /// (proxy_grpc_stream).
  ///
  ///     feed_.open(*this, {.target = "feeds", .service = "feed.Feed", .method = "Watch"})
  template <class Part = internal::GrpcStreams>
  Status open(ContextBase& context, const GrpcStreamRequest& request);
  /// Whether the stream is open: it was opened, and neither side has ended it.
  [[nodiscard]] bool isOpen() const { return waiting(); }

  /// Sends a message: bytes, or a type for which GrpcCodec is specialised. Set `last` for the last message. NotFound
  /// when the stream is not open, BadArgument after the last message (proxy_grpc_send).
  template <class Message>
  Status send(const Message& message, bool last = false) {
    const auto bytes = GrpcCodec<Message>::serialize(message);
    return bytes ? sendBytes(*bytes, last) : bytes.status();
  }
  /// Tells the service that no more messages follow; the service may still send. NotFound when the stream is not open,
  /// BadArgument after the last message (proxy_grpc_close).
  Status halfClose();
  /// Ends the stream at once, without a call of onClose(). Does nothing when the stream is not open
  /// (proxy_grpc_cancel).
  void cancel();

  /// In onMessage(): the message as bytes. Valid until the callback returns; NotFound elsewhere
  /// (proxy_get_buffer_bytes).
  [[nodiscard]] Result<std::string_view> message() const { return internal::grpcMessage(delivery_, size_); }
  /// In onMessage(): the message as a T; see GrpcCodec. ParseFailure when the bytes are not an encoding of a T.
  template <class T>
  [[nodiscard]] Result<T> message() const {
    return internal::parseGrpc<T>(message());
  }
  /// The service's metadata: the initial metadata in onInitialMetadata(), the trailing metadata in
  /// onTrailingMetadata().
  /// @{
  [[nodiscard]] HeaderMap initialMetadata() const { return HeaderMap(MapType::GrpcCallInitialMetadata); }
  [[nodiscard]] HeaderMap trailingMetadata() const { return HeaderMap(MapType::GrpcCallTrailingMetadata); }
  /// @}

 protected:
  /// The service's initial metadata has arrived: `count` entries (proxy_on_grpc_receive_initial_metadata).
  virtual void onInitialMetadata(uint32_t /*count*/) {}
  /// A message of `size` bytes has arrived (proxy_on_grpc_receive).
  virtual void onMessage(size_t /*size*/) {}
  /// The service's trailing metadata has arrived: `count` entries (proxy_on_grpc_receive_trailing_metadata).
  virtual void onTrailingMetadata(uint32_t /*count*/) {}
  /// The service has ended the stream, or the stream has failed. You may destroy the object here, or open it again.
  /// `message` is valid until the callback returns (proxy_on_grpc_close).
  virtual void onClose(GrpcStatus /*status*/, std::string_view /*message*/) {}

 private:
  void deliver(const internal::Delivery& delivery) override;
  void drop() override;
  Status openFor(ContextBase& context, const GrpcStreamRequest& request);
  Status sendBytes(std::string_view message, bool last);
  template <class Hostcall>
  Status sendOrClose(bool last, Hostcall hostcall);

  uint32_t delivery_ = 0;
  size_t size_ = 0;
  bool halfClosed_ = false;
};

namespace internal {
/// Call proxy_grpc_call and proxy_grpc_stream. Set `id` to the host's id of the call.
Status sendGrpcCall(const GrpcRequest& request, std::string_view message, uint32_t& id);
Status openGrpcStream(const GrpcStreamRequest& request, uint32_t& id);
}  // namespace internal

template <class Message, class Handler, class Part>
Status ContextBase::grpcCall(const GrpcRequest& request, const Message& message, Handler onReply) {
  static_assert(std::is_invocable_v<Handler&, const GrpcReply&>,
                "the handler of grpcCall() must take the reply: `[this](const sluice::GrpcReply& reply) { … }`");
  internal::require<Part>();
  const auto bytes = GrpcCodec<Message>::serialize(message);
  if (!bytes) return bytes.status();
  uint32_t id = 0;
  const auto status = internal::sendGrpcCall(request, *bytes, id);
  if (status == Status::Ok) new internal::CallHandler<internal::GrpcCalls, Handler>(*this, id, std::move(onReply));
  return status;
}

template <class Part>
Status GrpcStream::open(ContextBase& context, const GrpcStreamRequest& request) {
  internal::require<Part>();
  return openFor(context, request);
}

#if __has_include(<coroutine>)

/// A gRPC call that was sent. Await it before the current callback ends, which happens when the callback returns or at
/// the next co_await. `co_await grpcCall({…}, …)` gives a GrpcReply, whenAll() gives a KeptGrpcReply. The reply's
/// error() is BadArgument when the call was awaited too late or twice. When a task is destroyed while it waits, the SDK
/// cancels the call.
class [[nodiscard("co_await it, or hand it to whenAll()")]] GrpcCall : public internal::SentCall<internal::GrpcCalls> {
 public:
  /// Waits for the reply. Only in a Task.
  auto operator co_await() && { return internal::CallAwaiter<internal::GrpcCalls>(*this); }

 private:
  friend ContextBase;
  GrpcCall(Status status, uint32_t id) : SentCall(status, id) {}
};

template <class Message, class Part>
GrpcCall ContextBase::grpcCall(const GrpcRequest& request, const Message& message) {
  internal::require<Part>();
  const auto bytes = GrpcCodec<Message>::serialize(message);
  if (!bytes) return GrpcCall(bytes.status(), 0);
  uint32_t id = 0;
  const auto status = internal::sendGrpcCall(request, *bytes, id);
  return GrpcCall(status, id);
}

/// A gRPC stream whose messages a Task awaits one after the other. The reader keeps messages that arrive before they
/// are awaited.
///
///     GrpcReader reader;
///     warnUnlessOk(reader.open(*this, {.target = "feeds", .service = "feed.Feed", .method = "Watch"}), "opening");
///     warnUnlessOk(reader.send(question, true), "asking");
///     while (auto message = co_await reader.next()) use(*message);
///     if (reader.status() != GrpcStatus::Ok) …
class GrpcReader : public GrpcStream {
 public:
  GrpcReader() = default;
  ~GrpcReader() override;
  /// Await it for the next message, or nothing when the stream has ended or is not open. Only one task at a time may
  /// await it.
  auto next() { return internal::NextMessage<GrpcReader>(*this); }
  /// How the stream ended; GrpcStatus::None while it has not.
  [[nodiscard]] GrpcStatus status() const { return status_; }
  /// The message about status(), for logs.
  [[nodiscard]] const std::string& statusMessage() const { return statusMessage_; }

 private:
  friend internal::NextMessage<GrpcReader>;
  void onMessage(size_t size) override;
  void onClose(GrpcStatus status, std::string_view message) override;
  std::optional<std::string> take();
  void resume();

  std::forward_list<std::string> messages_;  // the oldest first
  std::forward_list<std::string>::iterator last_ = messages_.before_begin();
  internal::NextMessage<GrpcReader>* waiting_ = nullptr;
  std::string statusMessage_;
  GrpcStatus status_ = GrpcStatus::None;
};

#endif

}  // namespace sluice
