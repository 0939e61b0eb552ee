// Calls to other services, made as in filters for the existing C++ SDK. The request's path names the call, x-service
// the service.
#include <cstdint>
#include <memory>
#include <string>

#include "proxy_wasm_intrinsics.h"

class CalloutRootContext : public RootContext {
 public:
  explicit CalloutRootContext(uint32_t id, std::string_view root_id) : RootContext(id, root_id) {}
};

// The part of a protobuf message's interface that the SDK uses.
struct Text {
  std::string text;
  bool SerializeToString(std::string* output) const {
    if (text == "incomplete") return false;
    *output = text;
    return true;
  }
  bool ParseFromArray(const void* data, int size) {
    text.assign(static_cast<const char*>(data), static_cast<size_t>(size));
    return true;
  }
};

// Continues a stream that may no longer exist.
static void resume(uint32_t id, const std::string& header, const std::string& value) {
  auto* const context = getContext(id);
  if (context == nullptr) {
    logWarn("the stream has gone");
    return;
  }
  context->setEffectiveContext();
  addRequestHeader(header, value);
  continueRequest();
}

class CallHandler : public GrpcCallHandler<Text> {
 public:
  explicit CallHandler(uint32_t id) : id_(id) {}
  ~CallHandler() override { logInfo("call handler deleted"); }

  void onSuccess(size_t body_size) override {
    auto text = getBufferBytes(WasmBufferType::GrpcReceiveBuffer, 0, body_size)->proto<Text>();
    if (text.text == "cancel me") cancel();
    resume(id_, "x-grpc", text.text);
  }
  void onFailure(GrpcStatus status) override {
    resume(id_, "x-grpc", "failed with " + std::to_string(static_cast<int>(status)));
  }

 private:
  const uint32_t id_;
};

class StreamHandler : public GrpcStreamHandler<Text, Text> {
 public:
  explicit StreamHandler(uint32_t id) : id_(id) {}
  ~StreamHandler() override { logInfo("stream handler deleted"); }

  void onReceiveInitialMetadata(uint32_t headers) override {
    logInfo("initial metadata: " + std::to_string(headers) + " " +
            getHeaderMapValue(WasmHeaderMapType::GrpcReceiveInitialMetadata, "x-initial")->toString());
  }
  void onReceiveTrailingMetadata(uint32_t) override {
    logInfo("trailing metadata: " +
            getHeaderMapValue(WasmHeaderMapType::GrpcReceiveTrailingMetadata, "x-trailing")->toString());
  }
  void onReceive(size_t body_size) override {
    const auto text = getBufferBytes(WasmBufferType::GrpcReceiveBuffer, 0, body_size)->toString();
    all_ += text;
    logInfo("message: " + text);
    if (text == "half-close") close();
    if (text == "last") send(Text{"goodbye"}, true);
    if (text == "reset") {
      const auto id = id_;
      reset();  // This object no longer exists.
      resume(id, "x-stream", "reset");
    }
  }
  void onRemoteClose(GrpcStatus status) override {
    auto [code, message] = getStatus();
    resume(id_, "x-stream",
           all_ + " closed with " + std::to_string(static_cast<int>(status)) + " " + std::to_string(code) + " " +
               message->toString());
    if (status == GrpcStatus::Unavailable) reset();
  }

 private:
  const uint32_t id_;
  std::string all_;
};

class CalloutContext : public Context {
 public:
  explicit CalloutContext(uint32_t id, RootContext* root) : Context(id, root) {}

  FilterHeadersStatus onRequestHeaders(uint32_t, bool) override {
    const auto path = getRequestHeader(":path")->toString();
    const auto service = getRequestHeader("x-service")->toString();
    const auto message = getRequestHeader("x-message")->toString();
    const auto context_id = id();
    if (service.empty()) return FilterHeadersStatus::Continue;
    auto result = WasmResult::Ok;
    if (path == "/http") {
      result = root()->httpCall(
          service, {{":method", "POST"}, {":path", "/check"}, {":authority", "service"}, {"x-a", "1"}}, message,
          {{"t", "2"}}, 1000, [context_id](uint32_t headers, size_t body_size, uint32_t trailers) {
            if (headers == 0) return resume(context_id, "x-http", "no answer");
            const auto status = getHeaderMapValue(WasmHeaderMapType::HttpCallResponseHeaders, ":status")->toString();
            const auto body = getBufferBytes(WasmBufferType::HttpCallResponseBody, 0, body_size)->toString();
            const auto trailer = getHeaderMapValue(WasmHeaderMapType::HttpCallResponseTrailers, "t")->toString();
            if (status == "403") {
              if (auto* context = getContext(context_id)) {
                context->setEffectiveContext();
                sendLocalResponse(403, "", "not you\n", {});
              }
              return;
            }
            resume(context_id, "x-http", status + " " + body + " " + std::to_string(trailers) + " " + trailer);
          });
    } else if (path == "/simple") {
      result = root()->grpcSimpleCall(
          service, "test.Service", "Method", {{"x-meta", "1"}}, message, 1000,
          [context_id](GrpcStatus status, size_t body_size) {
            resume(context_id, "x-grpc",
                   std::to_string(static_cast<int>(status)) + " " +
                       getBufferBytes(WasmBufferType::GrpcReceiveBuffer, 0, body_size)->toString());
          });
    } else if (path == "/two-callbacks") {
      result = root()->grpcSimpleCall(
          service, "test.Service", "Method", {}, message, 1000,
          [context_id](size_t body_size) {
            resume(context_id, "x-grpc",
                   "success " + getBufferBytes(WasmBufferType::GrpcReceiveBuffer, 0, body_size)->toString());
          },
          [context_id](GrpcStatus) { resume(context_id, "x-grpc", "failure"); });
    } else if (path == "/handler") {
      result = root()->grpcCallHandler(service, "test.Service", "Method", {}, message, 1000,
                                       std::make_unique<CallHandler>(context_id));
    } else if (path == "/stream") {
      auto handler = std::make_unique<StreamHandler>(context_id);
      auto* const stream = handler.get();
      result = root()->grpcStreamHandler(service, "test.Service", "Stream", {{"x-meta", "1"}}, std::move(handler));
      if (result == WasmResult::Ok) {
        if (stream->context() != root()) logError("the stream's context is another");
        logInfo("send: " + toString(stream->send(Text{message}, false)));
        logInfo("send: " + toString(stream->send(Text{"incomplete"}, false)));
      }
    } else {
      return FilterHeadersStatus::Continue;
    }
    if (result != WasmResult::Ok) {
      sendLocalResponse(500, "", "call: " + toString(result), {});
    }
    return FilterHeadersStatus::StopAllIterationAndWatermark;
  }
};

static RegisterContextFactory register_Callouts(CONTEXT_FACTORY(CalloutContext), ROOT_FACTORY(CalloutRootContext));
