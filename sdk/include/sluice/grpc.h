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
#include "sluice/internal/awaited_calls.h"
#include "sluice/internal/calls.h"
#include "sluice/internal/grpc_calls.h"
#include "sluice/internal/parts.h"
#include "sluice/result.h"

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

 private:
  friend internal::HostData internal::serialize(const GrpcTarget& target);
  std::string_view name_;
  bool isCluster_ = true;
};

/// Where a unary gRPC call goes, and with what besides the message; see ContextBase::grpcCall(). A timeout that is left
/// out is none: the host then waits for as long as the service takes. These are views, as in HttpRequest.
///
///     {.target = "policies", .service = "policy.Policy", .method = "Check", .timeout = 500ms}
struct GrpcRequest {
  GrpcTarget target;                       ///< For Envoy one of its clusters, by its name.
  std::string_view service;                ///< With its package: "policy.Policy".
  std::string_view method;                 ///< Such as "Check".
  HeaderSpan metadata = {};                ///< The initial metadata.
  std::chrono::milliseconds timeout = {};  ///< For the whole call; zero is none.
};

/// The same for a stream; see GrpcStream::open(). A stream has no timeout.
struct GrpcStreamRequest {
  GrpcTarget target;         ///< For Envoy one of its clusters, by its name.
  std::string_view service;  ///< With its package: "feed.Feed".
  std::string_view method;   ///< Such as "Watch".
  HeaderSpan metadata = {};  ///< The initial metadata.
};

class KeptGrpcReply;

/// What came of a unary gRPC call. Like an HttpReply it is there in the callback that brings it.
class GrpcReply {
 public:
  /// No reply: its error() is NotFound.
  GrpcReply() = default;

  /// Whether the service answered with status Ok, and a message.
  [[nodiscard]] bool ok() const { return status_ == GrpcStatus::Ok; }
  /// The call's status: the service's, or one that the host has for its failure, such as Unavailable for a timeout.
  /// Some hosts pass on numbers that gRPC does not know. Unknown for a call that was not sent; see error().
  [[nodiscard]] GrpcStatus status() const { return status_; }
  /// Ok, or why the call was not sent.
  [[nodiscard]] Status error() const { return error_; }
  /// What is said about a status that is not Ok, for logs. Valid until the callback returns (proxy_get_status).
  [[nodiscard]] Result<std::string_view> statusMessage() const;

  /// The message as bytes. Valid until the callback returns; NotFound when there is none (proxy_get_buffer_bytes).
  [[nodiscard]] Result<std::string_view> message() const;
  /// The message as a T; see GrpcCodec. ParseFailure when it is none.
  template <class T>
  [[nodiscard]] Result<T> message() const {
    return internal::parseGrpc<T>(message());
  }

  /// A copy of it all, to be read after the callback.
  [[nodiscard]] KeptGrpcReply keep() const;

 private:
  friend internal::GrpcCalls;
  uint32_t delivery_ = 0;
  size_t size_ = 0;
  GrpcStatus status_ = GrpcStatus::Unknown;
  Status error_ = Status::NotFound;
};

/// What came of a unary gRPC call, in memory of its own: what it hands out is valid as long as it lives.
class KeptGrpcReply {
 public:
  /// No reply: its error() is NotFound.
  KeptGrpcReply() = default;

  /// As GrpcReply has them.
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

  /// Opens the stream in the name of `context`. BadArgument when it is open; else as ContextBase::grpcCall()
  /// (proxy_grpc_stream).
  ///
  ///     feed_.open(*this, {.target = "feeds", .service = "feed.Feed", .method = "Watch"})
  template <class Part = internal::GrpcStreams>
  Status open(ContextBase& context, const GrpcStreamRequest& request);
  /// Whether it was opened and has not ended, on either side.
  [[nodiscard]] bool isOpen() const { return waiting(); }

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
  [[nodiscard]] Result<std::string_view> message() const { return internal::grpcMessage(delivery_, size_); }
  /// The same as a T; see GrpcCodec. ParseFailure when it is none.
  template <class T>
  [[nodiscard]] Result<T> message() const {
    return internal::parseGrpc<T>(message());
  }
  /// The service's metadata: the initial in onInitialMetadata(), the trailing in onTrailingMetadata().
  /// @{
  [[nodiscard]] HeaderMap initialMetadata() const { return HeaderMap(MapType::GrpcCallInitialMetadata); }
  [[nodiscard]] HeaderMap trailingMetadata() const { return HeaderMap(MapType::GrpcCallTrailingMetadata); }
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
/// proxy_grpc_call and proxy_grpc_stream; `id` is the host's number for the call.
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
  if (isOpen()) return Status::BadArgument;
  uint32_t id = 0;
  const auto status = internal::openGrpcStream(request, id);
  if (status == Status::Ok) begin(context, id);
  return status;
}

#if __has_include(<coroutine>)

/// A gRPC call on its way, to be awaited before the callback returns in which it was sent (or a co_await ends that):
/// `co_await grpcCall({…}, …)` gives a GrpcReply, whenAll() a KeptGrpcReply. Its error() is BadArgument when it was
/// awaited later than that, or twice. A task that ends while it waits cancels the call.
class [[nodiscard("co_await it, or hand it to whenAll()")]] GrpcCall : public internal::SentCall<internal::GrpcCalls> {
 public:
  /// Waits for the reply, in a Task.
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

/// A gRPC stream whose messages are awaited in a Task, one after the other. Messages that arrive while nobody awaits
/// them are kept.
///
///     GrpcReader reader;
///     warnUnlessOk(reader.open(*this, {.target = "feeds", .service = "feed.Feed", .method = "Watch"}), "opening");
///     warnUnlessOk(reader.send(question, true), "asking");
///     while (auto message = co_await reader.next()) use(*message);
///     if (reader.status() != GrpcStatus::Ok) …
class GrpcReader : public GrpcStream {
 public:
  /// The next message, or nothing when the stream has ended, or is not open. For one task at a time.
  auto next() { return internal::NextMessage<GrpcReader>(*this); }
  /// How the stream ended; GrpcStatus::None while it has not.
  [[nodiscard]] GrpcStatus status() const { return status_; }
  /// What was said about that, for logs.
  [[nodiscard]] const std::string& statusMessage() const { return statusMessage_; }

 private:
  friend internal::NextMessage<GrpcReader>;
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
