// The base classes of a filter: derive from them, override the callbacks you need, and register your classes
// (register.h).
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "sluice/abi.h"
#include "sluice/buffer.h"
#include "sluice/header_map.h"
#include "sluice/internal/allocator.h"
#include "sluice/internal/parts.h"
#include "sluice/result.h"
#include "sluice/shared_queue.h"

namespace sluice {

class ContextBase;
class EffectiveContext;
class GrpcCall;
struct GrpcRequest;
class HttpCall;
class HttpContext;
struct HttpRequest;
struct LocalResponse;
class RootContext;
class Task;
class TaskStatus;
class TcpContext;

namespace internal {
struct GrpcCalls;
struct HttpCalls;
struct Registration;
struct Tasks;
class Callouts;
class Dispatch;
class TaskPromise;
/// Whether a stream has ended, and how. Each state allows fewer hostcalls than the one before. 16 bits, so that one
/// store initializes it together with HttpContext's flags.
enum class StreamEnd : uint16_t {
  None,
  Tried,     // this filter tried to send a local response or to close the stream, and failed
  Answered,  // this filter sent a local response, which now passes its response callbacks
  Closed,    // this filter closed the stream
  Over,      // the host has called onLog() or onDone()
  Deleted,   // the host has deleted it; the SDK may keep it until the callback in progress returns
};
/// Makes the SDK keep each context that the host deletes until the outermost callback returns. Filters whose hostcalls
/// let the host delete contexts call it while the module initializes; otherwise the SDK decides it for each context,
/// which takes more code.
void buryAllContexts();
/// Local responses: a part of the SDK (parts.h).
struct LocalResponses {
  template <class Delay = void>
  static void install() {
    buryAllContexts();
  }
};
Status sendLocalResponse(HttpContext& stream, const LocalResponse& response);
RootContext* createRootByRootId();
void createStreamByRootId(RootContext& root, uint32_t id, ContextBase** link);
}  // namespace internal

/// The base of root contexts and stream contexts. The SDK creates and deletes contexts when the host asks for it; a
/// filter never does so itself.
class ContextBase {
 public:
  virtual ~ContextBase() = default;
  ContextBase(const ContextBase&) = delete;
  ContextBase& operator=(const ContextBase&) = delete;

#if defined(__wasm__)
  // Contexts are created and deleted with every stream. Their size is known at compile time, so the SDK allocates them
  // from its own free lists in a few instructions.
  [[gnu::always_inline]] static void* operator new(size_t size) { return internal::allocateFixed(size); }
  [[gnu::always_inline]] static void operator delete(void* context, size_t size) { internal::freeFixed(context, size); }
#endif

  /// The host's id of this context; unique in its VM while the context lives. 0 in constructors.
  [[nodiscard]] uint32_t id() const { return id_; }

  /// The context was created. A stream has received nothing yet (proxy_on_context_create).
  virtual void onCreate() {}
  /// The host is about to delete the context. A root context may return false to stay until it calls
  /// RootContext::done(); a stream is deleted whatever it returns (proxy_on_done).
  virtual bool onDone() { return true; }
  /// The stream is finished: write its access log here. All its header maps can be read again, but not changed, and its
  /// bodies are gone: such calls return BadArgument here, and in onDone() and onDelete(), where the header maps cannot
  /// be read either (proxy_on_log). Envoy calls onLog before onDone.
  virtual void onLog() {}
  /// The last callback: the context is deleted after it (proxy_on_delete).
  virtual void onDelete() {}

  // Template parameters named Part are for the SDK only; do not pass them. See internal/parts.h.

  /// Sends `request` to another service. In a later callback the SDK calls `onReply` once with a `const HttpReply&`; it
  /// does not call it when this context is deleted first. During the call this context is the effective context: the
  /// handler of a stream may change headers, continue the stream, or send a local response. The host copies the whole
  /// request. Returns BadArgument for an unknown cluster, missing headers, or a timeout below zero or above 2^31-1 ms;
  /// InternalFailure when the host cannot send the request (proxy_http_call). See callout.h.
  ///
  ///     const auto sent = httpCall({.cluster = "users", .headers = headers, .timeout = 500ms},
  ///                                [this](const HttpReply& reply) { … });
  template <class Handler, class Part = internal::HttpCalls>
  [[gnu::always_inline]] inline Status httpCall(const HttpRequest& request, Handler onReply);
  /// Sends `request`. Await the reply in a Task before the current callback returns: `co_await httpCall({…})` gives an
  /// HttpReply, whose error() says so if the call could not be sent (proxy_http_call). See task.h.
  template <class Part = internal::HttpCalls>
  [[gnu::always_inline]] inline HttpCall httpCall(const HttpRequest& request);
  /// Makes a unary gRPC call with `message`: bytes, or a type for which GrpcCodec is specialised. The SDK calls
  /// `onReply` with a `const GrpcReply&`, as httpCall() does. When this context is deleted first, the SDK cancels the
  /// call. Returns BadArgument for a timeout below zero or above 2^31-1 ms; InternalFailure for an unknown cluster and
  /// when the host cannot send the message; ParseFailure when the host does not understand the target
  /// (proxy_grpc_call). See grpc.h.
  template <class Message, class Handler, class Part = internal::GrpcCalls>
  Status grpcCall(const GrpcRequest& request, const Message& message, Handler onReply);
  /// Makes a unary gRPC call. Await the reply in a Task before the current callback returns: `co_await grpcCall({…},
  /// …)` gives a GrpcReply, whose error() says so if the call could not be sent (proxy_grpc_call). See task.h.
  template <class Message, class Part = internal::GrpcCalls>
  GrpcCall grpcCall(const GrpcRequest& request, const Message& message);

  /// Runs `task`. It now belongs to this context and is destroyed with it if it is not finished by then. A stream is
  /// not paused while the task runs. See task.h.
  template <class Part = internal::Tasks>
  void start(Task task);

 protected:
  ContextBase() = default;

 private:
  friend EffectiveContext;
  friend internal::Callouts;
  friend internal::Dispatch;
  friend internal::TaskPromise;
  friend Status internal::sendLocalResponse(HttpContext& stream, const LocalResponse& response);
  friend HttpContext;
  friend RootContext;
  friend TcpContext;

  // For streams. They return BadArgument without asking the host when the stream has ended: hosts crash then.
  Status continueStream(StreamType type, bool& paused);
  Status closeStream(StreamType type);

  // Set right after the constructors by the code that creates contexts.
  uint32_t id_ = 0;
  RootContext* root_ = nullptr;                          // a root context's own address
  ContextBase* next_;                                    // in the chain of contexts by id
  internal::StreamEnd end_ = internal::StreamEnd::None;  // of a stream
};

/// One plugin configuration in one VM. Envoy runs a plugin in several VMs, one on its main thread and one on each
/// worker thread; each VM has its own root context.
class RootContext : public ContextBase {
 public:
  /// The VM starts; vmConfiguration() has `size` bytes. Return false to refuse the VM (proxy_on_vm_start).
  virtual bool onStart(size_t /*size*/) { return true; }
  /// The plugin starts; configuration() has `size` bytes. Return false to refuse a bad configuration, after a log line
  /// that says what is wrong (proxy_on_configure).
  virtual bool onConfigure(size_t /*size*/) { return true; }
  /// The tick period has passed; see setTickPeriod() (proxy_on_tick).
  virtual void onTick() {}
  /// A queue that this context has registered has a new value. Another VM may already have taken the value out. The
  /// host does not call this again for a value that stays in the queue (proxy_on_queue_ready).
  ///
  ///     while (const auto value = queue.dequeue()) use(*value);
  virtual void onQueueReady(SharedQueue /*queue*/) {}
  /// The host calls the filter's foreign function with this number; foreignFunctionArguments() has `size` bytes
  /// (proxy_on_foreign_function).
  virtual void onForeignFunction(uint32_t /*function*/, size_t /*size*/) {}

  /// The plugin's configuration as bytes; only in onConfigure. Valid until the callback returns
  /// (proxy_get_buffer_bytes).
  Result<std::string_view> configuration() const { return Buffer(BufferType::PluginConfiguration).get(); }
  /// The VM's configuration as bytes; only in onStart. Valid until the callback returns (proxy_get_buffer_bytes).
  Result<std::string_view> vmConfiguration() const { return Buffer(BufferType::VmConfiguration).get(); }
  /// Makes the host call onTick every `period` from now on; zero stops it. BadArgument for a period below zero or above
  /// 2^32-1 ms (proxy_set_tick_period_milliseconds).
  Status setTickPeriod(std::chrono::milliseconds period) const;
  /// The arguments of the call as bytes; only in onForeignFunction. Valid until the callback returns
  /// (proxy_get_buffer_bytes).
  Result<std::string_view> foreignFunctionArguments() const {
    return Buffer(BufferType::ForeignFunctionArguments).get();
  }
  /// Lets the host delete a context whose onDone() returned false. Call it when the work that the context waited for is
  /// finished, for example when the reply to its last report has arrived; onDelete() follows. Only in callbacks of this
  /// context. NotFound when the host is not waiting for it (proxy_done).
  Status done() const;

 private:
  friend internal::Dispatch;
  friend RootContext* internal::createRootByRootId();
  friend void internal::createStreamByRootId(RootContext& root, uint32_t id, ContextBase** link);
  const internal::Registration* registration_ = nullptr;  // only set when the module has several
};

/// A response that the filter sends to the client in place of the upstream's; see HttpContext::sendLocalResponse().
/// Members that are left out are empty. The members are views: the data must stay valid until the call returns.
struct LocalResponse {
  uint32_t status;                           ///< The HTTP status, such as 401.
  std::string_view details = {};             ///< The reason for the host's access log, such as "no_credentials".
  std::string_view body = {};                ///< The body that the client receives.
  HeaderSpan headers = {};                   ///< In addition to those that the host sets.
  GrpcStatus grpcStatus = GrpcStatus::None;  ///< For gRPC clients; with None the host chooses it.
};

/// One HTTP request and its response. In Envoy the request's headers can be read only until onRequestHeaders has
/// returned Continue; the response callbacks can no longer read them. Keep what you need later in members of your
/// class.
class HttpContext : public ContextBase {
 public:
  /// The request's `count` headers have arrived; `endOfStream` when no body follows (proxy_on_request_headers).
  virtual FilterHeadersStatus onRequestHeaders(uint32_t /*count*/, bool /*endOfStream*/) {
    return FilterHeadersStatus::Continue;
  }
  /// `size` bytes of the request's body can be read: a new chunk, or everything that was buffered
  /// (proxy_on_request_body).
  virtual FilterDataStatus onRequestBody(size_t /*size*/, bool /*endOfStream*/) { return FilterDataStatus::Continue; }
  /// The request's `count` trailers have arrived (proxy_on_request_trailers).
  virtual FilterTrailersStatus onRequestTrailers(uint32_t /*count*/) { return FilterTrailersStatus::Continue; }
  /// HTTP/2 or HTTP/3 metadata from the client has arrived: `count` entries, which a filter cannot read. Unlike headers
  /// and trailers it may arrive at any time (proxy_on_request_metadata, an Envoy extension).
  virtual FilterMetadataStatus onRequestMetadata(uint32_t /*count*/) { return FilterMetadataStatus::Continue; }
  /// The response's headers have arrived, from the upstream or from a local response (proxy_on_response_headers).
  virtual FilterHeadersStatus onResponseHeaders(uint32_t /*count*/, bool /*endOfStream*/) {
    return FilterHeadersStatus::Continue;
  }
  /// `size` bytes of the response's body can be read: a new chunk, or everything that was buffered
  /// (proxy_on_response_body).
  virtual FilterDataStatus onResponseBody(size_t /*size*/, bool /*endOfStream*/) { return FilterDataStatus::Continue; }
  /// The response's `count` trailers have arrived (proxy_on_response_trailers).
  virtual FilterTrailersStatus onResponseTrailers(uint32_t /*count*/) { return FilterTrailersStatus::Continue; }
  /// HTTP/2 or HTTP/3 metadata from the upstream has arrived; see onRequestMetadata() (proxy_on_response_metadata, an
  /// Envoy extension).
  virtual FilterMetadataStatus onResponseMetadata(uint32_t /*count*/) { return FilterMetadataStatus::Continue; }

  /// The header maps and bodies of this stream.
  /// @{
  [[nodiscard]] HeaderMap requestHeaders() const { return HeaderMap(MapType::HttpRequestHeaders); }
  [[nodiscard]] HeaderMap requestTrailers() const { return HeaderMap(MapType::HttpRequestTrailers); }
  [[nodiscard]] HeaderMap responseHeaders() const { return HeaderMap(MapType::HttpResponseHeaders); }
  [[nodiscard]] HeaderMap responseTrailers() const { return HeaderMap(MapType::HttpResponseTrailers); }
  [[nodiscard]] Buffer requestBody() const { return Buffer(BufferType::HttpRequestBody); }
  [[nodiscard]] Buffer responseBody() const { return Buffer(BufferType::HttpResponseBody); }
  /// @}

  /// Continues a paused request or response. BadArgument when it is not paused, because hosts would then send it twice;
  /// when this filter has closed the stream; for a request also when it has sent a local response. BadArgument from
  /// onLog() on, and for the response in onResponseTrailers(): return Continue there (proxy_continue_stream).
  /// @{
  Status continueRequest() { return continueStream(StreamType::HttpRequest); }
  Status continueResponse() { return continueStream(StreamType::HttpResponse); }
  /// @}
  /// Resets the stream, in either case in both directions. BadArgument when this filter has already closed the stream
  /// or sent a local response; in a callback that has continued the response; and from onLog() on. A real Envoy would
  /// crash, so the host is not asked (proxy_close_stream).
  /// @{
  Status closeRequest() { return closeStream(StreamType::HttpRequest); }
  Status closeResponse() { return closeStream(StreamType::HttpResponse); }
  /// @}

  /// Sends a response to the client in place of the upstream's. Return a pausing status from the callback afterwards.
  /// A response to a request that has no response yet also passes through this filter's response callbacks. BadArgument
  /// when this filter has already sent a local response on the stream or closed it; in a callback that has continued
  /// the response; and from onLog() on. A real Envoy would crash, so the host is not asked (proxy_send_local_response).
  ///
  ///     warnUnlessOk(sendLocalResponse({.status = 401, .headers = {{"www-authenticate", "Basic"}}}), "refusing");
  ///     return FilterHeadersStatus::StopIteration;
  template <class Part = internal::LocalResponses>
  Status sendLocalResponse(const LocalResponse& response) {
    internal::require<Part>();
    return internal::sendLocalResponse(*this, response);
  }
  /// Sends a local response with only a status and a body: `sendLocalResponse(403, "no\n")`.
  template <class Part = internal::LocalResponses>
  Status sendLocalResponse(uint32_t status, std::string_view body = {}) {
    return sendLocalResponse<Part>({.status = status, .body = body});
  }

  /// Runs `task` until it waits for a reply or is finished. Return the result from the callback. While the task waits,
  /// the request (or response) is paused. When the task is finished, the SDK continues the stream, unless the task has
  /// sent a local response or closed the stream. Only in request and response callbacks. See task.h.
  ///
  ///     FilterHeadersStatus onRequestHeaders(uint32_t, bool) override { return run(authorize()); }
  template <class Part = internal::Tasks>
  TaskStatus run(Task task);

 private:
  friend internal::Dispatch;
  friend internal::TaskPromise;
  Status continueStream(StreamType direction) { return ContextBase::continueStream(direction, paused(direction)); }
  bool& paused(StreamType direction) { return paused_[static_cast<size_t>(direction)]; }

  bool paused_[2] = {};  // by direction: whether its last callback returned a status that pauses the stream
};

}  // namespace sluice
