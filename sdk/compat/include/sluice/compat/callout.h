// Calls to other services: HTTP and gRPC.
#pragma once

#ifdef PROXY_WASM_PROTOBUF
#include "google/protobuf/message_lite.h"
#endif

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>

#include "proxy_wasm_enums.h"
#include "proxy_wasm_externs.h"
#include "sluice/compat/dispatch.h"
#include "sluice/compat/pairs.h"
#include "sluice/internal/callbacks.h"
#include "sluice/internal/parts.h"

class RootContext;
class GrpcCallHandlerBase;
class GrpcStreamHandlerBase;

namespace sluice_compat {

using HttpCallCallback = std::function<void(uint32_t num_headers, size_t body_size, uint32_t num_trailers)>;
using GrpcSimpleCallCallback = std::function<void(GrpcStatus status, size_t body_size)>;

/// A call in progress, in the list of its root context. It ignores callbacks that it does not expect.
class Call {
 public:
  virtual ~Call() = default;

 protected:
  Call() = default;

 private:
  friend class Calls;
  virtual void httpReply(uint32_t /*headers*/, size_t /*bodySize*/, uint32_t /*trailers*/) {}
  virtual void grpcInitialMetadata(uint32_t /*elements*/) {}
  virtual void grpcTrailingMetadata(uint32_t /*elements*/) {}
  virtual void grpcReply(size_t /*size*/) {}
  virtual void grpcEnd(GrpcStatus /*status*/) {}

  Call* next_ = nullptr;
  // HTTP calls and gRPC calls have separate ids.
  bool isHttp_ = false;
  bool isStream_ = false;

 protected:
  uint32_t token_ = 0;
};

/// The calls in progress of a root context. Replies with an unknown or outdated token are ignored.
class Calls {
 public:
  Calls() = default;
  ~Calls();
  Calls(const Calls&) = delete;
  Calls& operator=(const Calls&) = delete;

  WasmResult http(std::string_view uri, const HeaderStringPairs& headers, std::string_view body,
                  const HeaderStringPairs& trailers, uint32_t timeout, HttpCallCallback callback);
  WasmResult grpcSimple(std::string_view service, std::string_view serviceName, std::string_view method,
                        const HeaderStringPairs& metadata, std::string_view request, uint32_t timeout,
                        GrpcSimpleCallCallback callback);
  WasmResult grpcCall(std::string_view service, std::string_view serviceName, std::string_view method,
                      const HeaderStringPairs& metadata, std::string_view request, uint32_t timeout,
                      std::unique_ptr<Call> handler);
  WasmResult grpcStream(std::string_view service, std::string_view serviceName, std::string_view method,
                        const HeaderStringPairs& metadata, std::unique_ptr<Call> handler);

  void httpReply(uint32_t token, uint32_t headers, size_t bodySize, uint32_t trailers);
  void grpcInitialMetadata(uint32_t token, uint32_t elements);
  void grpcTrailingMetadata(uint32_t token, uint32_t elements);
  void grpcMessage(uint32_t token, size_t size);
  void grpcClose(uint32_t token, GrpcStatus status);

  /// Removes a call from the list and returns it; null when it is not in the list.
  std::unique_ptr<Call> remove(const Call* call);
  /// Whether the call is in the list. After a hostcall or a callback this tells whether it still exists.
  [[nodiscard]] bool has(const Call* call) const;

 private:
  void add(std::unique_ptr<Call> call, uint32_t token);
  Call* find(bool isHttp, uint32_t token) const;

  Call* first_ = nullptr;
};

/// Replies to HTTP calls and to gRPC calls: parts that only some filters need (sluice/internal/parts.h).
struct HttpReplies {
  template <class Delay = void>
  static void install() {
    sluice::internal::exportCallback<callback::HttpCallResponse, Delay>();
  }
};
struct GrpcReplies {
  template <class Delay = void>
  static void install() {
    using sluice::internal::exportCallback;
    exportCallback<callback::GrpcReceiveInitialMetadata, Delay>();
    exportCallback<callback::GrpcReceiveTrailingMetadata, Delay>();
    exportCallback<callback::GrpcReceive, Delay>();
    exportCallback<callback::GrpcClose, Delay>();
  }
};

}  // namespace sluice_compat

/// Handles the reply to a call of RootContext::grpcCallHandler(). The SDK deletes it after its callback has returned.
class GrpcCallHandlerBase : public sluice_compat::Call {
 public:
  /// The context that made the call; null before the call.
  RootContext* context() { return context_; }
  /// Cancels the call and deletes this handler, unless it is in its callback (proxy_grpc_cancel).
  void cancel();
  /// The host's id of the call.
  uint32_t token() { return token_; }

  /// The reply has arrived, in WasmBufferType::GrpcReceiveBuffer.
  virtual void onSuccess(size_t body_size) = 0;
  /// The call has failed.
  virtual void onFailure(GrpcStatus status) = 0;

 private:
  friend class RootContext;
  void grpcReply(size_t size) final { onSuccess(size); }
  void grpcEnd(GrpcStatus status) final { onFailure(status); }

  RootContext* context_ = nullptr;
};

/// GrpcCallHandlerBase for replies of one message type.
template <typename Message>
class GrpcCallHandler : public GrpcCallHandlerBase {};

/// Handles a stream of RootContext::grpcStreamHandler(). The SDK deletes it when both sides have closed, and in
/// reset().
class GrpcStreamHandlerBase : public sluice_compat::Call {
 public:
  /// The context that opened the stream; null before.
  RootContext* context() { return context_; }
  /// Sends a message, optionally as the last one (proxy_grpc_send).
  WasmResult send(std::string_view message, bool end_of_stream);
  /// Closes this side; the host may still make callbacks (proxy_grpc_close).
  void close();
  /// Ends the stream and deletes this handler; the host makes no more callbacks (proxy_grpc_cancel).
  void reset();
  /// The host's id of the stream.
  uint32_t token() { return token_; }

  /// Metadata has arrived, in the map GrpcReceiveInitialMetadata or GrpcReceiveTrailingMetadata.
  virtual void onReceiveInitialMetadata(uint32_t /*headers*/) {}
  virtual void onReceiveTrailingMetadata(uint32_t /*trailers*/) {}
  /// A message has arrived, in WasmBufferType::GrpcReceiveBuffer.
  virtual void onReceive(size_t body_size) = 0;
  /// The other side has closed.
  virtual void onRemoteClose(GrpcStatus status) = 0;

 protected:
  friend class RootContext;

  bool local_close_ = false;
  bool remote_close_ = false;
  RootContext* context_ = nullptr;

 private:
  void grpcInitialMetadata(uint32_t elements) final { onReceiveInitialMetadata(elements); }
  void grpcTrailingMetadata(uint32_t elements) final { onReceiveTrailingMetadata(elements); }
  void grpcReply(size_t size) final { onReceive(size); }
  void grpcEnd(GrpcStatus status) final;
  void deleteIfClosed();
};

/// GrpcStreamHandlerBase for typed messages.
template <typename Request, typename Response>
class GrpcStreamHandler : public GrpcStreamHandlerBase {
 public:
  using GrpcStreamHandlerBase::send;
  /// Sends a message, optionally as the last one; SerializationFailure when it is incomplete (proxy_grpc_send).
  WasmResult send(const Request& message, bool end_of_stream) {
    std::string bytes;
    if (!message.SerializeToString(&bytes)) return WasmResult::SerializationFailure;
    return GrpcStreamHandlerBase::send(bytes, end_of_stream);
  }
};

/// Make calls. The host delivers the replies to RootContext::onHttpCallResponse() and onGrpc…() with the token
/// (proxy_http_call, proxy_grpc_…).
inline WasmResult makeHttpCall(std::string_view uri, const HeaderStringPairs& request_headers,
                               std::string_view request_body, const HeaderStringPairs& request_trailers,
                               uint32_t timeout_milliseconds, uint32_t* token_ptr) {
  const sluice_compat::ExportedPairs headers(request_headers);
  const sluice_compat::ExportedPairs trailers(request_trailers);
  return proxy_http_call(uri.data(), uri.size(), const_cast<char*>(headers.data), headers.size, request_body.data(),
                         request_body.size(), const_cast<char*>(trailers.data), trailers.size, timeout_milliseconds,
                         token_ptr);
}
inline WasmResult grpcCall(std::string_view service, std::string_view service_name, std::string_view method_name,
                           const HeaderStringPairs& initial_metadata, std::string_view request,
                           uint32_t timeout_milliseconds, uint32_t* token_ptr) {
  const sluice_compat::ExportedPairs metadata(initial_metadata);
  return proxy_grpc_call(service.data(), service.size(), service_name.data(), service_name.size(), method_name.data(),
                         method_name.size(), const_cast<char*>(metadata.data), metadata.size, request.data(),
                         request.size(), timeout_milliseconds, token_ptr);
}
#ifdef PROXY_WASM_PROTOBUF
inline WasmResult grpcCall(std::string_view service, std::string_view service_name, std::string_view method_name,
                           const HeaderStringPairs& initial_metadata, const google::protobuf::MessageLite& request,
                           uint32_t timeout_milliseconds, uint32_t* token_ptr) {
  std::string bytes;
  if (!request.SerializeToString(&bytes)) return WasmResult::SerializationFailure;
  return grpcCall(service, service_name, method_name, initial_metadata, bytes, timeout_milliseconds, token_ptr);
}
#endif
inline WasmResult grpcStream(std::string_view service, std::string_view service_name, std::string_view method_name,
                             const HeaderStringPairs& initial_metadata, uint32_t* token_ptr) {
  const sluice_compat::ExportedPairs metadata(initial_metadata);
  return proxy_grpc_stream(service.data(), service.size(), service_name.data(), service_name.size(), method_name.data(),
                           method_name.size(), const_cast<char*>(metadata.data), metadata.size, token_ptr);
}
inline WasmResult grpcCancel(uint32_t token) { return proxy_grpc_cancel(token); }
inline WasmResult grpcClose(uint32_t token) { return proxy_grpc_close(token); }
inline WasmResult grpcSend(uint32_t token, std::string_view message, bool end_stream) {
  return proxy_grpc_send(token, message.data(), message.size(), end_stream ? 1 : 0);
}
