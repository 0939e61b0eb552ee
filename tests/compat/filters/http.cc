// An HTTP filter in the style of the existing C++ SDK. The request's path says what it does.
#include <string>
#include <string_view>
#include <vector>

#ifndef NULL_PLUGIN
#include "proxy_wasm_intrinsics.h"
#else
#error "this is no null plugin"
#endif

START_WASM_PLUGIN(http)

WASM_EXPORT(uint32_t, answer_of_the_filters_own, ()) { return 42; }

class HttpRootContext : public RootContext {
 public:
  explicit HttpRootContext(uint32_t id, std::string_view root_id) : RootContext(id, root_id) {}

  bool onStart(size_t vm_configuration_size) override;
  bool onConfigure(size_t configuration_size) override;
  bool validateConfiguration(size_t) override {
    auto configuration = getBufferBytes(WasmBufferType::PluginConfiguration, 0, 1000);
    return configuration->view() != "bad";
  }
  void onTick() override;

  std::vector<uint32_t> paused;
  std::string greeting;

 private:
  // Private, as in some existing filters; it still overrides.
  bool onDone() override {
    LOG_INFO("root done");
    return true;
  }
};

class HttpContext : public Context {
 public:
  explicit HttpContext(uint32_t id, RootContext* root) : Context(id, root) {}

  void onCreate() override { LOG_DEBUG(std::string("create ") + std::to_string(id())); }
  FilterHeadersStatus onRequestHeaders(uint32_t headers, bool end_of_stream) override;
  FilterDataStatus onRequestBody(size_t body_buffer_length, bool end_of_stream) override;
  FilterTrailersStatus onRequestTrailers(uint32_t trailers) override;
  FilterHeadersStatus onResponseHeaders(uint32_t headers, bool end_of_stream) override;
  FilterDataStatus onResponseBody(size_t body_buffer_length, bool end_of_stream) override;
  FilterTrailersStatus onResponseTrailers(uint32_t trailers) override;
  void onDone() override { LOG_DEBUG("done"); }
  void onLog() override;
  void onDelete() override { LOG_DEBUG("delete"); }

 private:
  HttpRootContext* rootContext() { return dynamic_cast<HttpRootContext*>(root()); }

  std::string path_;
  WasmDataPtr kept_;
  WasmDataPtr keptPairs_;
};

static RegisterContextFactory register_Http(CONTEXT_FACTORY(HttpContext), ROOT_FACTORY(HttpRootContext));

bool HttpRootContext::onStart(size_t vm_configuration_size) {
  logDebug("vm configuration: " +
           getBufferBytes(WasmBufferType::VmConfiguration, 0, vm_configuration_size)->toString());
  return true;
}

bool HttpRootContext::onConfigure(size_t configuration_size) {
  auto configuration = getBufferBytes(WasmBufferType::PluginConfiguration, 0, configuration_size);
  if (configuration->view() == "bad") {
    LOG_ERROR("a bad configuration");
    return false;
  }
  greeting = configuration->toString();
  return proxy_set_tick_period_milliseconds(1000) == WasmResult::Ok;
}

void HttpRootContext::onTick() {
  for (auto id : paused) {
    auto* context = getContext(id);
    if (context == nullptr) {
      LOG_WARN("a paused stream has gone");
      continue;
    }
    context->setEffectiveContext();
    addRequestHeader("x-paused", "until the tick");
    continueRequest();
  }
  paused.clear();
}

FilterHeadersStatus HttpContext::onRequestHeaders(uint32_t headers, bool end_of_stream) {
  auto path = getRequestHeader(":path");
  path_ = path->toString();
  kept_ = std::move(path);
  LOG_INFO(std::to_string(headers) + (end_of_stream ? " headers, no body" : " headers"));
  if (path_ == "/headers") {
    keptPairs_ = getRequestHeaderPairs();
    for (auto& p : keptPairs_->pairs()) LOG_TRACE(std::string(p.first) + " -> " + std::string(p.second));
    size_t size = 0;
    CHECK_RESULT(getRequestHeaderSize(&size));
    addRequestHeader("x-size-known", size > 0 ? "yes" : "no");
    addRequestHeader("x-twice", "1");
    addRequestHeader("x-twice", "2");
    replaceRequestHeader("x-replaced", rootContext()->greeting);
    removeRequestHeader("x-removed");
    if (getRequestHeader("x-absent")->size() != 0) logError("x-absent is there");
  } else if (path_ == "/set") {
    HeaderStringPairs pairs;
    auto headers_data = getRequestHeaderPairs();
    for (auto& [name, value] : headers_data->pairs()) pairs.emplace_back(name, value);
    pairs.push_back({"x-set", std::string("a\tb")});
    setRequestHeaderPairs(pairs);
  } else if (path_ == "/local") {
    sendLocalResponse(403, "refused_by_test", "no entry\n", {{"x-why", "because"}, {"x-why", "so"}});
    return FilterHeadersStatus::StopIteration;
  } else if (path_ == "/grpc-local") {
    sendLocalResponse(200, "", "", {}, GrpcStatus::PermissionDenied);
    return FilterHeadersStatus::StopAllIterationAndWatermark;
  } else if (path_ == "/pause") {
    rootContext()->paused.push_back(id());
    return FilterHeadersStatus::StopAllIterationAndBuffer;
  } else if (path_ == "/close") {
    closeRequest();
    return FilterHeadersStatus::StopIteration;
  }
  return FilterHeadersStatus::Continue;
}

FilterDataStatus HttpContext::onRequestBody(size_t body_buffer_length, bool end_of_stream) {
  if (path_ != "/body") return FilterDataStatus::Continue;
  if (!end_of_stream) return FilterDataStatus::StopIterationAndBuffer;
  size_t size = 0;
  uint32_t flags = 0;
  if (getBufferStatus(WasmBufferType::HttpRequestBody, &size, &flags) != WasmResult::Ok || size != body_buffer_length) {
    LOG_ERROR("the buffer's size is another");
  }
  auto body = getBufferBytes(WasmBufferType::HttpRequestBody, 0, body_buffer_length)->toString();
  setBuffer(WasmBufferType::HttpRequestBody, 0, body_buffer_length, "[" + body + "]", &size);
  LOG_INFO("the new size is " + std::to_string(size));
  return FilterDataStatus::Continue;
}

FilterTrailersStatus HttpContext::onRequestTrailers(uint32_t trailers) {
  addRequestTrailer("x-count", std::to_string(trailers));
  auto data = getRequestTrailerPairs();
  for (auto& [name, value] : data->pairs()) {
    LOG_INFO("trailer " + std::string(name) + "=" + std::string(value));
  }
  removeRequestTrailer("x-removed");
  replaceRequestTrailer("x-replaced", getRequestTrailer("x-replaced")->toString() + "!");
  return FilterTrailersStatus::Continue;
}

FilterHeadersStatus HttpContext::onResponseHeaders(uint32_t, bool) {
  addResponseHeader("x-path", path_);
  replaceResponseHeader("content-type", "text/plain");
  removeResponseHeader("content-length");
  if (path_ == "/response-close") {
    closeResponse();
    return FilterHeadersStatus::StopIteration;
  }
  return FilterHeadersStatus::Continue;
}

FilterDataStatus HttpContext::onResponseBody(size_t, bool end_of_stream) {
  if (path_ != "/body") return FilterDataStatus::Continue;
  if (end_of_stream) setBuffer(WasmBufferType::HttpResponseBody, 0, 0, "before ");
  return FilterDataStatus::Continue;
}

FilterTrailersStatus HttpContext::onResponseTrailers(uint32_t) {
  addResponseTrailer("x-added", "yes");
  setResponseTrailerPairs({{"x-only", getResponseTrailer("x-added")->toString()}});
  return FilterTrailersStatus::Continue;
}

void HttpContext::onLog() {
  // Data read in another callback is still valid.
  if (kept_) LOG_INFO("log of " + kept_->toString());
  if (keptPairs_) LOG_INFO("kept " + std::to_string(keptPairs_->pairs().size()) + " headers");
  if (rootContext() == nullptr || getRootContext(root()->id()) != root() || getContextBase(id()) != this ||
      getContext(root()->id()) != nullptr || getRootContext(id()) != nullptr || asRoot() != nullptr ||
      root()->asRoot() != root() || asContext() != this) {
    LOG_ERROR("the contexts are not what they should be");
  }
}

END_WASM_PLUGIN
