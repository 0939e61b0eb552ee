// A filter for the existing C++ SDK. It takes random steps in each callback; the host makes random callbacks at any
// time and gives any answers.
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "driver.h"
#include "proxy_wasm_intrinsics.h"

using sluice::fuzz::Driver;
using sluice::fuzz::fakeHost;
using sluice::fuzz::touch;

namespace {

// A step may lead to a callback that takes more steps.
int depth = 0;

void touchAll(const WasmDataPtr& data) {
  if (data != nullptr) touch(data->view());
}
void touchPairs(const WasmDataPtr& data) {
  if (data == nullptr) return;
  for (const auto& [name, value] : data->pairs()) {
    touch(name);
    touch(value);
  }
}

uint8_t byte() { return fakeHost().input.byte(); }
WasmHeaderMapType someMap() { return static_cast<WasmHeaderMapType>(byte() % 9); }
WasmBufferType someBuffer() { return static_cast<WasmBufferType>(byte() % 9); }

class FuzzRoot;

// Steps that any context can take; `root` makes the calls.
void takeSteps(FuzzRoot& root);

class CallHandler : public GrpcCallHandlerBase {
 public:
  explicit CallHandler(FuzzRoot& root) : root_(root) {}
  ~CallHandler() override;
  void onSuccess(size_t body_size) override;
  void onFailure(GrpcStatus status) override;

 private:
  FuzzRoot& root_;
};

class StreamHandler : public GrpcStreamHandlerBase {
 public:
  explicit StreamHandler(FuzzRoot& root) : root_(root) {}
  ~StreamHandler() override;
  void onReceiveInitialMetadata(uint32_t headers) override;
  void onReceiveTrailingMetadata(uint32_t trailers) override;
  void onReceive(size_t body_size) override;
  void onRemoteClose(GrpcStatus status) override;

 private:
  FuzzRoot& root_;
};

class FuzzRoot : public RootContext {
 public:
  using RootContext::RootContext;

  bool onStart(size_t) override { return steps(); }
  bool onConfigure(size_t) override { return steps(); }
  void onTick() override { takeSteps(*this); }
  void onQueueReady(uint32_t) override { takeSteps(*this); }
  void onForeignFunction(uint32_t, uint32_t size) override {
    touchAll(getBufferBytes(WasmBufferType::CallData, 0, size));
    takeSteps(*this);
  }
  bool onDone() override { return steps(); }
  void onDelete() override { takeSteps(*this); }

  // The latest of each, or null.
  CallHandler* call = nullptr;
  StreamHandler* stream = nullptr;

 private:
  bool steps() {
    takeSteps(*this);
    return byte() % 2 == 0;
  }
};

CallHandler::~CallHandler() {
  if (root_.call == this) root_.call = nullptr;
}
void CallHandler::onSuccess(size_t body_size) {
  touchAll(getBufferBytes(WasmBufferType::GrpcReceiveBuffer, 0, body_size));
  takeSteps(root_);
}
void CallHandler::onFailure(GrpcStatus) { takeSteps(root_); }

StreamHandler::~StreamHandler() {
  if (root_.stream == this) root_.stream = nullptr;
}
void StreamHandler::onReceiveInitialMetadata(uint32_t) { takeSteps(root_); }
void StreamHandler::onReceiveTrailingMetadata(uint32_t) { takeSteps(root_); }
void StreamHandler::onReceive(size_t body_size) {
  touchAll(getBufferBytes(WasmBufferType::GrpcReceiveBuffer, 0, body_size));
  takeSteps(root_);
}
void StreamHandler::onRemoteClose(GrpcStatus) { takeSteps(root_); }

void stepWithCalls(FuzzRoot& root, uint8_t what) {
  switch (what % 11) {
    case 0:
      root.httpCall("a", {{":method", "GET"}, {":path", "/"}}, "body", {}, 100,
                    [&root](uint32_t, size_t size, uint32_t) {
                      touchAll(getBufferBytes(WasmBufferType::HttpCallResponseBody, 0, size));
                      takeSteps(root);
                    });
      break;
    case 1:
      root.grpcSimpleCall("a", "b", "c", {}, "message", 100, [&root](GrpcStatus, size_t) { takeSteps(root); });
      break;
    case 2: {
      auto handler = std::make_unique<CallHandler>(root);
      root.call = handler.get();
      root.grpcCallHandler("a", "b", "c", {}, "message", 100, std::move(handler));
      break;
    }
    case 3: {
      auto handler = std::make_unique<StreamHandler>(root);
      root.stream = handler.get();
      root.grpcStreamHandler("a", "b", "c", {{"x", "y"}}, std::move(handler));
      break;
    }
    case 4:
      if (root.call != nullptr && root.call->context() != nullptr) root.call->cancel();
      break;
    case 5:
    case 6:
      if (root.stream != nullptr && root.stream->context() != nullptr) root.stream->send("message", what % 2 == 0);
      break;
    case 7:
      if (root.stream != nullptr && root.stream->context() != nullptr) root.stream->close();
      break;
    case 8:
      if (root.stream != nullptr && root.stream->context() != nullptr) root.stream->reset();
      break;
    case 9: {
      uint32_t code = 0;
      const char* message = nullptr;
      size_t size = 0;
      if (proxy_get_status(&code, &message, &size) == WasmResult::Ok)
        touchAll(std::make_unique<WasmData>(message, size));
      break;
    }
    default:
      root.done();
  }
}

void stepWithStream(uint8_t what) {
  const auto map = someMap();
  const auto buffer = someBuffer();
  switch (what % 20) {
    case 0:
      touchAll(getHeaderMapValue(map, "name"));
      break;
    case 1:
      touchPairs(getHeaderMapPairs(map));
      break;
    case 2:
      addHeaderMapValue(map, "name", "value");
      break;
    case 3:
      replaceHeaderMapValue(map, "name", "value");
      break;
    case 4:
      removeHeaderMapValue(map, "name");
      break;
    case 5:
      setHeaderMapPairs(map, {{"name", "value"}});
      break;
    case 6: {
      size_t size = 0;
      getHeaderMapSize(map, &size);
      break;
    }
    case 7:
      touchAll(getBufferBytes(buffer, byte(), byte()));
      break;
    case 8:
      setBuffer(buffer, byte(), byte(), "bytes");
      break;
    case 9: {
      size_t size = 0;
      uint32_t flags = 0;
      getBufferStatus(buffer, &size, &flags);
      break;
    }
    case 10:
      continueRequest();
      break;
    case 11:
      continueResponse();
      break;
    case 12:
      closeRequest();
      break;
    case 13:
      closeResponse();
      break;
    case 14:
      sendLocalResponse(403, "details", "body", {{"name", "value"}});
      break;
    case 15:
      continueDownstream();
      closeUpstream();
      break;
    case 16:
      if (const auto value = getProperty({"request", "path"})) touchAll(*value);
      break;
    case 17:
      setFilterState("key", "value");
      break;
    default:
      if (auto* context = getContextBase(byte() % 8)) context->setEffectiveContext();
  }
}

void stepWithSharedState(uint8_t what) {
  WasmDataPtr data;
  uint32_t number = 0;
  switch (what % 8) {
    case 0:
      getSharedData("key", &data, &number);
      break;
    case 1:
      setSharedData("key", "value", byte());
      break;
    case 2:
      registerSharedQueue("queue", &number);
      break;
    case 3:
      resolveSharedQueue("vm", "queue", &number);
      break;
    case 4:
      enqueueSharedQueue(byte(), "value");
      break;
    case 5:
      dequeueSharedQueue(byte(), &data);
      break;
    case 6: {
      char* result = nullptr;
      size_t size = 0;
      if (proxy_call_foreign_function("name", 4, "arguments", 9, &result, &size) == WasmResult::Ok)
        data = std::make_unique<WasmData>(result, size);
      break;
    }
    default:
      logInfo("a line");
  }
  touchAll(data);
}

void takeSteps(FuzzRoot& root) {
  if (depth == 4) return;
  ++depth;
  for (int count = byte() % 4; count > 0; --count) {
    const uint8_t what = byte();
    if (what < 100) {
      stepWithCalls(root, what);
    } else if (what < 200) {
      stepWithStream(what);
    } else {
      stepWithSharedState(what);
    }
  }
  --depth;
}

class FuzzStream : public Context {
 public:
  FuzzStream(uint32_t id, RootContext* root) : Context(id, root) {}

  void onCreate() override { steps(); }
  FilterStatus onNewConnection() override { return static_cast<FilterStatus>(steps()); }
  FilterStatus onDownstreamData(size_t, bool) override { return static_cast<FilterStatus>(steps()); }
  FilterStatus onUpstreamData(size_t, bool) override { return static_cast<FilterStatus>(steps()); }
  void onDownstreamConnectionClose(CloseType) override { steps(); }
  void onUpstreamConnectionClose(CloseType) override { steps(); }
  FilterHeadersStatus onRequestHeaders(uint32_t, bool) override { return static_cast<FilterHeadersStatus>(steps()); }
  FilterMetadataStatus onRequestMetadata(uint32_t) override { return static_cast<FilterMetadataStatus>(steps()); }
  FilterDataStatus onRequestBody(size_t, bool) override { return static_cast<FilterDataStatus>(steps()); }
  FilterTrailersStatus onRequestTrailers(uint32_t) override { return static_cast<FilterTrailersStatus>(steps()); }
  FilterHeadersStatus onResponseHeaders(uint32_t, bool) override { return static_cast<FilterHeadersStatus>(steps()); }
  FilterDataStatus onResponseBody(size_t, bool) override { return static_cast<FilterDataStatus>(steps()); }
  FilterTrailersStatus onResponseTrailers(uint32_t) override { return static_cast<FilterTrailersStatus>(steps()); }
  void onDone() override { steps(); }
  void onLog() override { steps(); }
  void onDelete() override { steps(); }

 private:
  int steps() {
    takeSteps(static_cast<FuzzRoot&>(*root()));
    return byte() % 2;
  }
};

RegisterContextFactory registration(CONTEXT_FACTORY(FuzzStream), ROOT_FACTORY(FuzzRoot));
RegisterContextFactory other(CONTEXT_FACTORY(FuzzStream), ROOT_FACTORY(FuzzRoot), "tcp");

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  depth = 0;
  Driver driver(data, size);
  driver.create(1, 0);
  driver.create(2, 1);
  driver.create(3, 0);
  driver.create(4, 3);
  driver.run();
  return 0;
}
