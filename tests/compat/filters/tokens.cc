// Calls without handlers: the root context's callbacks get each answer with the call's token.
#include <cstdint>
#include <string>

#include "proxy_wasm_intrinsics.h"

class TokenRootContext : public RootContext {
 public:
  using RootContext::RootContext;

  void onTick() override {
    uint32_t token = 0;
    if (makeHttpCall("service", {{":method", "GET"}, {":path", "/"}, {":authority", "a"}}, "", {}, 1000, &token) !=
        WasmResult::Ok) {
      logError("makeHttpCall failed");
    }
    http_ = token;
    if (grpcCall("grpc", "test.Service", "Method", {}, "question", 1000, &token) != WasmResult::Ok) {
      logError("grpcCall failed");
    }
    grpc_ = token;
    if (grpcStream("grpc", "test.Service", "Stream", {}, &token) != WasmResult::Ok) logError("grpcStream failed");
    stream_ = token;
    logInfo("send: " + toString(grpcSend(stream_, "first", false)));
  }
  void onHttpCallResponse(uint32_t token, uint32_t headers, size_t body_size, uint32_t) override {
    logInfo(std::string("http ") + (token == http_ ? "mine " : "other ") + std::to_string(headers) + " " +
            getBufferBytes(WasmBufferType::HttpCallResponseBody, 0, body_size)->toString());
  }
  void onGrpcReceiveInitialMetadata(uint32_t token, uint32_t) override { logInfo("initial metadata " + whose(token)); }
  void onGrpcReceiveTrailingMetadata(uint32_t token, uint32_t) override {
    logInfo("trailing metadata " + whose(token));
  }
  void onGrpcReceive(uint32_t token, size_t body_size) override {
    logInfo("message " + whose(token) + " " +
            getBufferBytes(WasmBufferType::GrpcReceiveBuffer, 0, body_size)->toString());
    if (token == stream_) grpcClose(token);
  }
  void onGrpcClose(uint32_t token, GrpcStatus status) override {
    logInfo("close " + whose(token) + " " + std::to_string(static_cast<int>(status)));
    grpcCancel(token);
  }

 private:
  std::string whose(uint32_t token) { return token == grpc_ ? "call" : token == stream_ ? "stream" : "other"; }

  uint32_t http_ = 0;
  uint32_t grpc_ = 0;
  uint32_t stream_ = 0;
};

static RegisterContextFactory register_Tokens(ROOT_FACTORY(TokenRootContext));
