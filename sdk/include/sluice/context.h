// The classes that a filter is made of: override the callbacks you need, and register them (register.h).
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "sluice/abi.h"
#include "sluice/buffer.h"
#include "sluice/header_map.h"
#include "sluice/internal/allocator.h"
#include "sluice/result.h"
#include "sluice/shared_queue.h"

namespace sluice {

class ContextBase;
class EffectiveContext;
class GrpcCall;
struct GrpcRequest;
class HttpCall;
struct HttpRequest;
class RootContext;
class Task;
class TaskStatus;

namespace internal {
struct GrpcCalls;
struct HttpCalls;
struct Registration;
struct Tasks;
class Callouts;
class Dispatch;
class TaskPromise;
/// How far an HTTP stream's end has come by this filter's doing: a local response, or a close.
enum class StreamEnd : uint8_t {
  None,
  Tried,  // and failed, so far
  Done,
};
RootContext* createRootByRootId();
void createStreamByRootId(RootContext& root, uint32_t id, ContextBase** link);
}  // namespace internal

/// What root and stream contexts share. The SDK creates and deletes contexts as the host asks; a filter never does.
class ContextBase {
 public:
  virtual ~ContextBase() = default;
  ContextBase(const ContextBase&) = delete;
  ContextBase& operator=(const ContextBase&) = delete;

#if defined(__wasm__)
  // Contexts have memory of the SDK's own. They come and go with every stream: since their size is known, that takes a
  // few instructions.
  [[gnu::always_inline]] static void* operator new(size_t size) { return internal::allocateFixed(size); }
  [[gnu::always_inline]] static void operator delete(void* context, size_t size) { internal::freeFixed(context, size); }
#endif

  /// The number by which the host knows this context; unique in its VM while the context lives. 0 in constructors.
  [[nodiscard]] uint32_t id() const { return id_; }

  /// The context exists; for a stream nothing has been received yet (proxy_on_context_create).
  virtual void onCreate() {}
  /// The host is done with the context. A root context may return false to be kept until it calls
  /// RootContext::done(); a stream goes whatever it returns (proxy_on_done).
  virtual bool onDone() { return true; }
  /// The last look at the finished stream, for logging: all its header maps can be read again (proxy_on_log).
  /// Envoy calls onLog before onDone.
  virtual void onLog() {}
  /// The last callback: the context is deleted after it (proxy_on_delete).
  virtual void onDelete() {}

  // Template parameters named Part are the SDK's own: see internal/parts.h.

  /// Sends `request` to another service and hands the reply to `onReply`, once, in a later callback. This context is
  /// then the effective one: the handler of a stream may change headers, continue the stream, or send a local response.
  /// `onReply` is called with a `const HttpReply&`, and not at all when this context is deleted before. The host copies
  /// the whole request. BadArgument for an unknown cluster, missing headers, or a timeout below zero or past 2^31-1 ms;
  /// InternalFailure where the host cannot send (proxy_http_call). See callout.h.
  ///
  ///     const auto sent = httpCall({.cluster = "users", .headers = headers, .timeout = 500ms},
  ///                                [this](const HttpReply& reply) { … });
  template <class Handler, class Part = internal::HttpCalls>
  [[gnu::always_inline]] inline Status httpCall(const HttpRequest& request, Handler onReply);
  /// Sends `request`, to be awaited in a Task before the present callback returns: `co_await httpCall({…})` is the
  /// HttpReply, also where the call cannot be sent. See task.h.
  template <class Part = internal::HttpCalls>
  [[gnu::always_inline]] inline HttpCall httpCall(const HttpRequest& request);
  /// Makes a unary gRPC call with `message`, which is bytes or of a type that GrpcCodec knows, and hands the reply to
  /// `onReply` as httpCall() does, as a `const GrpcReply&`. The call is cancelled when this context is deleted.
  /// BadArgument for a timeout below zero or past 2^31-1 ms; InternalFailure for an unknown cluster and where the host
  /// cannot send; ParseFailure where it does not understand the target (proxy_grpc_call). See grpc.h.
  template <class Message, class Handler, class Part = internal::GrpcCalls>
  Status grpcCall(const GrpcRequest& request, const Message& message, Handler onReply);
  /// Makes a unary gRPC call, to be awaited in a Task before the present callback returns: `co_await grpcCall({…}, …)`
  /// is the GrpcReply, also where the call cannot be sent. See task.h.
  template <class Message, class Part = internal::GrpcCalls>
  GrpcCall grpcCall(const GrpcRequest& request, const Message& message);

  /// Runs `task`, which belongs to this context from now on: it ends with it at the latest. Nothing waits for it; a
  /// stream is not paused. See task.h.
  template <class Part = internal::Tasks>
  void start(Task task);

 protected:
  ContextBase() = default;

 private:
  friend EffectiveContext;
  friend internal::Callouts;
  friend internal::Dispatch;
  friend RootContext;

  // Set by those who create contexts, right after the constructors.
  uint32_t id_ = 0;
  RootContext* root_ = nullptr;  // a root context's own address
  ContextBase* next_;            // in the chain of contexts by id
};

/// One plugin configuration in one VM. Envoy makes several VMs of one plugin: its main thread and each worker have
/// their own, each with its own root context.
class RootContext : public ContextBase {
 public:
  /// The VM starts; vmConfiguration() has `size` bytes. Return false to refuse it (proxy_on_vm_start).
  virtual bool onStart(size_t /*size*/) { return true; }
  /// The plugin starts; configuration() has `size` bytes. Return false to refuse a bad configuration, after a log line
  /// that says what is wrong (proxy_on_configure).
  virtual bool onConfigure(size_t /*size*/) { return true; }
  /// The tick period has passed; see setTickPeriod() (proxy_on_tick).
  virtual void onTick() {}
  /// There is a new value in a queue that this context has registered; another VM may have taken it out before. A value
  /// that is left in the queue is not told of again (proxy_on_queue_ready).
  ///
  ///     while (const auto value = queue.dequeue()) use(*value);
  virtual void onQueueReady(SharedQueue /*queue*/) {}
  /// The host calls the function that it knows by this number; foreignFunctionArguments() has `size` bytes
  /// (proxy_on_foreign_function).
  virtual void onForeignFunction(uint32_t /*function*/, size_t /*size*/) {}

  /// The plugin's configuration as bytes; in onConfigure only. Valid until the callback returns.
  Result<std::string_view> configuration() const { return Buffer(BufferType::PluginConfiguration).get(); }
  /// The VM's configuration as bytes; in onStart only. Valid until the callback returns.
  Result<std::string_view> vmConfiguration() const { return Buffer(BufferType::VmConfiguration).get(); }
  /// Calls onTick every `period` from now on; zero stops it. BadArgument for a period below zero or past 2^32-1 ms
  /// (proxy_set_tick_period_milliseconds).
  Status setTickPeriod(std::chrono::milliseconds period) const;
  /// The arguments of the call as bytes; in onForeignFunction only. Valid until the callback returns.
  Result<std::string_view> foreignFunctionArguments() const {
    return Buffer(BufferType::ForeignFunctionArguments).get();
  }
  /// Lets go of a context that onDone() has kept by returning false: what it waited for, such as the reply to a last
  /// report, is here. onDelete() follows. In callbacks of this context; NotFound when the host is not waiting
  /// (proxy_done).
  Status done() const;

 private:
  friend internal::Dispatch;
  friend RootContext* internal::createRootByRootId();
  friend void internal::createStreamByRootId(RootContext& root, uint32_t id, ContextBase** link);
  const internal::Registration* registration_ = nullptr;  // where there are several
};

/// An answer to the client in place of the upstream's; see HttpContext::sendLocalResponse(). All that is left out is
/// empty. These are views: what they show must live until the call returns.
struct LocalResponse {
  uint32_t status;                           ///< The HTTP status, such as 401.
  std::string_view details = {};             ///< A word for the host's access log, such as "no_credentials".
  std::string_view body = {};                ///< What the client reads.
  HeaderSpan headers = {};                   ///< Besides those that the host sets.
  GrpcStatus grpcStatus = GrpcStatus::None;  ///< For clients that speak gRPC; None leaves it to the host.
};

/// One HTTP request and its response. Envoy shows the request's headers until the request goes on: once
/// onRequestHeaders has returned Continue, the response callbacks can no longer read them. Keep what you need later in
/// members of your class.
class HttpContext : public ContextBase {
 public:
  /// The request's headers are here: `count` of them; `endOfStream` when no body follows (proxy_on_request_headers).
  virtual FilterHeadersStatus onRequestHeaders(uint32_t /*count*/, bool /*endOfStream*/) {
    return FilterHeadersStatus::Continue;
  }
  /// A piece of the request's body is here, or all that was buffered: `size` bytes (proxy_on_request_body).
  virtual FilterDataStatus onRequestBody(size_t /*size*/, bool /*endOfStream*/) { return FilterDataStatus::Continue; }
  /// The request's trailers are here: `count` of them (proxy_on_request_trailers).
  virtual FilterTrailersStatus onRequestTrailers(uint32_t /*count*/) { return FilterTrailersStatus::Continue; }
  /// HTTP/2 or HTTP/3 metadata from the client is here: `count` entries, which hosts do not show. Other than headers
  /// and trailers it may come at any time (proxy_on_request_metadata, an extension of Envoy's).
  virtual FilterMetadataStatus onRequestMetadata(uint32_t /*count*/) { return FilterMetadataStatus::Continue; }
  /// The response's headers are here, the upstream's or a local response's (proxy_on_response_headers).
  virtual FilterHeadersStatus onResponseHeaders(uint32_t /*count*/, bool /*endOfStream*/) {
    return FilterHeadersStatus::Continue;
  }
  /// A piece of the response's body is here, or all that was buffered: `size` bytes (proxy_on_response_body).
  virtual FilterDataStatus onResponseBody(size_t /*size*/, bool /*endOfStream*/) { return FilterDataStatus::Continue; }
  /// The response's trailers are here: `count` of them (proxy_on_response_trailers).
  virtual FilterTrailersStatus onResponseTrailers(uint32_t /*count*/) { return FilterTrailersStatus::Continue; }
  /// The same for metadata from the upstream (proxy_on_response_metadata, an extension of Envoy's).
  virtual FilterMetadataStatus onResponseMetadata(uint32_t /*count*/) { return FilterMetadataStatus::Continue; }

  /// The header maps and bodies of this stream.
  /// @{
  HeaderMap requestHeaders() const { return HeaderMap(MapType::HttpRequestHeaders); }
  HeaderMap requestTrailers() const { return HeaderMap(MapType::HttpRequestTrailers); }
  HeaderMap responseHeaders() const { return HeaderMap(MapType::HttpResponseHeaders); }
  HeaderMap responseTrailers() const { return HeaderMap(MapType::HttpResponseTrailers); }
  Buffer requestBody() const { return Buffer(BufferType::HttpRequestBody); }
  Buffer responseBody() const { return Buffer(BufferType::HttpResponseBody); }
  /// @}

  /// Lets a paused request, or response, go on. BadArgument when it is not paused: hosts would send it twice
  /// (proxy_continue_stream).
  /// @{
  Status continueRequest() { return continueStream(StreamType::HttpRequest); }
  Status continueResponse() { return continueStream(StreamType::HttpResponse); }
  /// @}
  /// Resets the stream (proxy_close_stream).
  /// @{
  Status closeRequest() { return closeStream(StreamType::HttpRequest); }
  Status closeResponse() { return closeStream(StreamType::HttpResponse); }
  /// @}

  /// Answers the client in place of the upstream; afterwards return a pausing status. The response passes this filter's
  /// response callbacks too. BadArgument for a second one on the same stream, or one on a closed stream, which hosts do
  /// not expect (proxy_send_local_response).
  ///
  ///     warnUnlessOk(sendLocalResponse({.status = 401, .headers = {{"www-authenticate", "Basic"}}}), "refusing");
  ///     return FilterHeadersStatus::StopIteration;
  Status sendLocalResponse(const LocalResponse& response);
  /// The same with a status and a body alone: `sendLocalResponse(403, "no\n")`.
  Status sendLocalResponse(uint32_t status, std::string_view body = {}) {
    return sendLocalResponse({.status = status, .body = body});
  }

  /// Runs `task` until it waits for a reply or is finished, and answers what the callback is to return: while the task
  /// waits, the request (or response) is paused; when it is finished, the stream goes on by itself, unless the task has
  /// sent a local response or closed the stream. Only in request and response callbacks. See task.h.
  ///
  ///     FilterHeadersStatus onRequestHeaders(uint32_t, bool) override { return run(authorize()); }
  template <class Part = internal::Tasks>
  TaskStatus run(Task task);

 private:
  friend internal::Dispatch;
  friend internal::TaskPromise;
  Status continueStream(StreamType direction);
  Status closeStream(StreamType direction);
  bool& paused(StreamType direction) { return paused_[static_cast<size_t>(direction)]; }

  bool paused_[2] = {};  // by direction: whether its last callback returned a status that pauses the stream
  internal::StreamEnd end_ = internal::StreamEnd::None;
};

}  // namespace sluice
