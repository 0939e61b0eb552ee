// The classes that a filter derives from.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "proxy_wasm_enums.h"
#include "proxy_wasm_externs.h"
#include "sluice/compat/callout.h"
#include "sluice/compat/pairs.h"
#include "sluice/internal/allocator.h"

class RootContext;
class Context;

/// The base of root contexts and stream contexts.
class ContextBase {
 public:
  explicit ContextBase(uint32_t id) : id_(id) {}
  virtual ~ContextBase() {}

#if defined(__wasm__)
  // As in sluice::ContextBase: contexts are created and deleted with every stream.
  [[gnu::always_inline]] static void* operator new(size_t size) { return sluice::internal::allocateFixed(size); }
  [[gnu::always_inline]] static void operator delete(void* context, size_t size) {
    sluice::internal::freeFixed(context, size);
  }
#endif

  /// The host's id of this context.
  uint32_t id() { return id_; }
  /// Makes hostcalls act on this context (proxy_set_effective_context).
  WasmResult setEffectiveContext() { return proxy_set_effective_context(id_); }
  /// This context as a root context or a stream context; null if it is of the other kind.
  virtual RootContext* asRoot() { return nullptr; }
  virtual Context* asContext() { return nullptr; }

  /// The context was created (proxy_on_context_create).
  virtual void onCreate() {}
  /// Calls onDone().
  virtual bool onDoneBase() = 0;
  /// The stream is finished: write its access log here (proxy_on_log).
  virtual void onLog() {}
  /// The last callback (proxy_on_delete).
  virtual void onDelete() {}
  /// The host calls a foreign function of the filter; WasmBufferType::CallData has the arguments
  /// (proxy_on_foreign_function).
  virtual void onForeignFunction(uint32_t /*foreign_function_id*/, uint32_t /*data_size*/) {}

  /// The lowest level that the host shows (proxy_get_log_level).
  WasmResult getLogLevel(LogLevel* level) { return proxy_get_log_level(level); }

  /// The callbacks for the replies to httpCall() and grpcSimpleCall().
  using HttpCallCallback = sluice_compat::HttpCallCallback;
  using GrpcSimpleCallCallback = sluice_compat::GrpcSimpleCallCallback;

 private:
  uint32_t id_;
};

/// One plugin in one VM.
class RootContext : public ContextBase {
 public:
  RootContext(uint32_t id, std::string_view root_id) : ContextBase(id), root_id_(root_id) {}
  ~RootContext() override = default;

  /// The root_id of the plugin's configuration.
  std::string_view root_id() { return root_id_; }

  RootContext* asRoot() override { return this; }
  Context* asContext() override { return nullptr; }

  /// Returns whether the plugin's configuration is valid; Envoy does not call it (proxy_validate_configuration).
  virtual bool validateConfiguration(size_t /*configuration_size*/) { return true; }
  /// The plugin starts; return false to refuse its configuration (proxy_on_configure).
  virtual bool onConfigure(size_t /*configuration_size*/) { return true; }
  /// The VM starts; return false to refuse it (proxy_on_vm_start).
  virtual bool onStart(size_t /*vm_configuration_size*/) { return true; }
  /// The tick period has passed (proxy_on_tick).
  virtual void onTick() {}
  /// A shared queue has an item (proxy_on_queue_ready).
  virtual void onQueueReady(uint32_t /*token*/) {}
  /// The plugin ends; return false to keep this context until done() is called (proxy_on_done).
  virtual bool onDone() { return true; }
  /// Lets the host delete a root context whose onDone() has returned false (proxy_done).
  void done() { proxy_done(); }

  bool onDoneBase() override { return onDone(); }

  /// The replies to calls, by token. The defaults call the callbacks and handlers that were passed to the calls below
  /// (proxy_on_http_call_response, proxy_on_grpc_*).
  virtual void onHttpCallResponse(uint32_t token, uint32_t headers, size_t body_size, uint32_t trailers) {
    calls_.httpReply(token, headers, body_size, trailers);
  }
  virtual void onGrpcReceiveInitialMetadata(uint32_t token, uint32_t headers) {
    calls_.grpcInitialMetadata(token, headers);
  }
  virtual void onGrpcReceiveTrailingMetadata(uint32_t token, uint32_t trailers) {
    calls_.grpcTrailingMetadata(token, trailers);
  }
  virtual void onGrpcReceive(uint32_t token, size_t body_size) { calls_.grpcMessage(token, body_size); }
  virtual void onGrpcClose(uint32_t token, GrpcStatus status) { calls_.grpcClose(token, status); }

  // Templates, so that a module without such calls does not export the callbacks for their replies: see
  // sluice/internal/parts.h.

  /// Sends an HTTP request to the cluster `uri`. `callback` can read the reply from the HttpCallResponse maps and
  /// buffer; zero headers mean that the call has failed (proxy_http_call).
  template <class Part = sluice_compat::HttpReplies>
  WasmResult httpCall(std::string_view uri, const HeaderStringPairs& request_headers, std::string_view request_body,
                      const HeaderStringPairs& request_trailers, uint32_t timeout_milliseconds,
                      HttpCallCallback callback) {
    sluice::internal::require<Part>();
    return calls_.http(uri, request_headers, request_body, request_trailers, timeout_milliseconds, std::move(callback));
  }

  /// Makes a unary gRPC call. `request` is the message's bytes or, with protobuf, the message (proxy_grpc_call).
  template <class Part = sluice_compat::GrpcReplies>
  WasmResult grpcSimpleCall(std::string_view service, std::string_view service_name, std::string_view method_name,
                            const HeaderStringPairs& initial_metadata, std::string_view request,
                            uint32_t timeout_milliseconds, GrpcSimpleCallCallback callback) {
    sluice::internal::require<Part>();
    return calls_.grpcSimple(service, service_name, method_name, initial_metadata, request, timeout_milliseconds,
                             std::move(callback));
  }
  template <class Part = sluice_compat::GrpcReplies>
  WasmResult grpcSimpleCall(std::string_view service, std::string_view service_name, std::string_view method_name,
                            const HeaderStringPairs& initial_metadata, std::string_view request,
                            uint32_t timeout_milliseconds, std::function<void(size_t body_size)> success_callback,
                            std::function<void(GrpcStatus status)> failure_callback) {
    return grpcSimpleCall<Part>(service, service_name, method_name, initial_metadata, request, timeout_milliseconds,
                                [success = std::move(success_callback), failure = std::move(failure_callback)](
                                    GrpcStatus status, size_t body_size) {
                                  if (status == GrpcStatus::Ok)
                                    success(body_size);
                                  else
                                    failure(status);
                                });
  }
  template <class Part = sluice_compat::GrpcReplies>
  WasmResult grpcCallHandler(std::string_view service, std::string_view service_name, std::string_view method_name,
                             const HeaderStringPairs& initial_metadata, std::string_view request,
                             uint32_t timeout_milliseconds, std::unique_ptr<GrpcCallHandlerBase> handler) {
    sluice::internal::require<Part>();
    handler->context_ = this;
    return calls_.grpcCall(service, service_name, method_name, initial_metadata, request, timeout_milliseconds,
                           std::move(handler));
  }

#ifdef PROXY_WASM_PROTOBUF
  template <class Part = sluice_compat::GrpcReplies>
  WasmResult grpcSimpleCall(std::string_view service, std::string_view service_name, std::string_view method_name,
                            const HeaderStringPairs& initial_metadata, const google::protobuf::MessageLite& request,
                            uint32_t timeout_milliseconds, GrpcSimpleCallCallback callback) {
    std::string bytes;
    if (!request.SerializeToString(&bytes)) return WasmResult::SerializationFailure;
    return grpcSimpleCall<Part>(service, service_name, method_name, initial_metadata, bytes, timeout_milliseconds,
                                std::move(callback));
  }
  template <class Part = sluice_compat::GrpcReplies>
  WasmResult grpcSimpleCall(std::string_view service, std::string_view service_name, std::string_view method_name,
                            const HeaderStringPairs& initial_metadata, const google::protobuf::MessageLite& request,
                            uint32_t timeout_milliseconds, std::function<void(size_t body_size)> success_callback,
                            std::function<void(GrpcStatus status)> failure_callback) {
    std::string bytes;
    if (!request.SerializeToString(&bytes)) return WasmResult::SerializationFailure;
    return grpcSimpleCall<Part>(service, service_name, method_name, initial_metadata, bytes, timeout_milliseconds,
                                std::move(success_callback), std::move(failure_callback));
  }
  template <class Part = sluice_compat::GrpcReplies>
  WasmResult grpcCallHandler(std::string_view service, std::string_view service_name, std::string_view method_name,
                             const HeaderStringPairs& initial_metadata, const google::protobuf::MessageLite& request,
                             uint32_t timeout_milliseconds, std::unique_ptr<GrpcCallHandlerBase> handler) {
    std::string bytes;
    if (!request.SerializeToString(&bytes)) return WasmResult::SerializationFailure;
    return grpcCallHandler<Part>(service, service_name, method_name, initial_metadata, bytes, timeout_milliseconds,
                                 std::move(handler));
  }
#endif

  /// Opens a gRPC stream, which `handler` owns from then on (proxy_grpc_stream).
  template <class Part = sluice_compat::GrpcReplies>
  WasmResult grpcStreamHandler(std::string_view service, std::string_view service_name, std::string_view method_name,
                               const HeaderStringPairs& initial_metadata,
                               std::unique_ptr<GrpcStreamHandlerBase> handler) {
    sluice::internal::require<Part>();
    handler->context_ = this;
    return calls_.grpcStream(service, service_name, method_name, initial_metadata, std::move(handler));
  }

 private:
  friend class GrpcCallHandlerBase;
  friend class GrpcStreamHandlerBase;

  const std::string root_id_;
  sluice_compat::Calls calls_;
};

/// One stream: an HTTP request and its response, or a TCP connection.
class Context : public ContextBase {
 public:
  Context(uint32_t id, RootContext* root) : ContextBase(id), root_(root) {}

  /// The root context of the stream's plugin.
  RootContext* root() { return root_; }

  RootContext* asRoot() override { return nullptr; }
  Context* asContext() override { return this; }

  /// A TCP connection: the client has connected; data has arrived from the client or the upstream; one of them has
  /// closed (proxy_on_new_connection, proxy_on_downstream_data …).
  virtual FilterStatus onNewConnection() { return FilterStatus::Continue; }
  virtual FilterStatus onDownstreamData(size_t /*data_size*/, bool /*end_of_stream*/) { return FilterStatus::Continue; }
  virtual FilterStatus onUpstreamData(size_t /*data_size*/, bool /*end_of_stream*/) { return FilterStatus::Continue; }
  virtual void onDownstreamConnectionClose(CloseType /*close_type*/) {}
  virtual void onUpstreamConnectionClose(CloseType /*close_type*/) {}

  /// An HTTP request and its response (proxy_on_request_headers …).
  virtual FilterHeadersStatus onRequestHeaders(uint32_t /*headers*/, bool /*end_of_stream*/) {
    return FilterHeadersStatus::Continue;
  }
  virtual FilterMetadataStatus onRequestMetadata(uint32_t /*elements*/) { return FilterMetadataStatus::Continue; }
  virtual FilterDataStatus onRequestBody(size_t /*body_buffer_length*/, bool /*end_of_stream*/) {
    return FilterDataStatus::Continue;
  }
  virtual FilterTrailersStatus onRequestTrailers(uint32_t /*trailers*/) { return FilterTrailersStatus::Continue; }
  virtual FilterHeadersStatus onResponseHeaders(uint32_t /*headers*/, bool /*end_of_stream*/) {
    return FilterHeadersStatus::Continue;
  }
  virtual FilterMetadataStatus onResponseMetadata(uint32_t /*elements*/) { return FilterMetadataStatus::Continue; }
  virtual FilterDataStatus onResponseBody(size_t /*body_buffer_length*/, bool /*end_of_stream*/) {
    return FilterDataStatus::Continue;
  }
  virtual FilterTrailersStatus onResponseTrailers(uint32_t /*trailers*/) { return FilterTrailersStatus::Continue; }

  /// The stream has ended (proxy_on_done).
  virtual void onDone() {}

  bool onDoneBase() override {
    onDone();
    return true;
  }

 private:
  RootContext* root_;
};

/// The context with this id; null when there is none of this kind.
Context* getContext(uint32_t context_id);
RootContext* getRootContext(uint32_t context_id);
ContextBase* getContextBase(uint32_t context_id);
/// The latest root context with this root_id; null when there is none.
RootContext* getRoot(std::string_view root_id);
