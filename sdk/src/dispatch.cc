#include "sluice/internal/dispatch.h"

#include <cstdlib>

#include "sluice/internal/context_table.h"
#include "sluice/internal/runtime.h"
#include "sluice/log.h"
#include "sluice/property.h"

namespace sluice::internal {

namespace {

constinit ContextTable contexts;

template <class FilterStatus>
FilterStatus notePause(bool& paused, FilterStatus status) {
  paused = status != FilterStatus::Continue;
  return status;
}

}  // namespace

void Dispatch::add(Registration& registration) {
  registration.next = registrations_;
  registrations_ = &registration;
}

ContextBase* Dispatch::find(uint32_t id, std::string_view callback) {
  auto* context = contexts.find(id);
  if (context == nullptr) [[unlikely]]
    logWarn("sluice: ", callback, " for context ", id, ", which does not exist; ignored");
  return context;
}

RootContext* Dispatch::findRoot(uint32_t id, std::string_view callback) {
  auto* context = find(id, callback);
  if (context == nullptr) return nullptr;
  if (context->kind_ != Kind::Root) [[unlikely]] {
    logWarn("sluice: ", callback, " for context ", id, ", which is no root context; ignored");
    return nullptr;
  }
  return static_cast<RootContext*>(context);
}

HttpContext* Dispatch::findHttp(uint32_t id, std::string_view callback) {
  auto* context = find(id, callback);
  if (context == nullptr) return nullptr;
  if (context->kind_ != Kind::Http) [[unlikely]] {
    logWarn("sluice: ", callback, " for context ", id, ", which is no HTTP stream; ignored");
    return nullptr;
  }
  return static_cast<HttpContext*>(context);
}

// The registration for the plugin that the host is creating now.
const Registration* Dispatch::choose() {
  const Registration* any = nullptr;
  bool byName = false;
  for (auto* r = registrations_; r != nullptr; r = r->next) {
    if (r->rootId.empty())
      any = r;
    else
      byName = true;
  }
  if (!byName) return any;
  const auto rootId = getProperty(property::kPluginRootId);
  if (rootId) {
    for (auto* r = registrations_; r != nullptr; r = r->next) {
      if (!r->rootId.empty() && r->rootId == *rootId) return r;
    }
  }
  if (any == nullptr) {
    LogLine line;
    line.append("sluice: no filter in this module is registered for root_id \"");
    line.append(rootId.valueOr("<unknown>"));
    line.append("\"; there are:");
    for (auto* r = registrations_; r != nullptr; r = r->next) {
      line.append(" \"");
      line.append(r->rootId);
      line.append('"');
    }
    line.send(LogLevel::Error);
  }
  return any;
}

void Dispatch::createRoot() {
  const auto* registration = choose();
  if (registration == nullptr) return;
  auto* root = registration->createRoot();
  root->registration_ = registration;
  contexts.insert(root);
  root->onCreate();
}

void Dispatch::onContextCreate(uint32_t id, uint32_t parentId) {
  const CallbackScope scope;
  if (id == 0 || contexts.find(id) != nullptr) [[unlikely]] {
    logWarn("sluice: proxy_on_context_create for context ", id, ", which ", id == 0 ? "is no id" : "exists already",
            "; ignored");
    return;
  }
  newId_ = id;
  if (parentId == 0) return createRoot();
  auto* root = findRoot(parentId, "proxy_on_context_create");
  if (root == nullptr || root->registration_->createHttp == nullptr) return;
  newRoot_ = root;
  ContextBase* context = root->registration_->createHttp(*root);
  contexts.insert(context);
  context->onCreate();
}

uint32_t Dispatch::onDone(uint32_t id) {
  const CallbackScope scope;
  auto* context = find(id, "proxy_on_done");
  return context == nullptr || context->onDone() ? 1 : 0;
}

void Dispatch::onLog(uint32_t id) {
  const CallbackScope scope;
  if (auto* context = find(id, "proxy_on_log")) context->onLog();
}

void Dispatch::destroy(ContextBase* context) {
  contexts.remove(context->id_);
  context->onDelete();
  delete context;
}

void Dispatch::onDelete(uint32_t id) {
  const CallbackScope scope;
  auto* context = find(id, "proxy_on_delete");
  if (context == nullptr) return;
  if (context->kind_ == Kind::Root) {
    // A host deletes a root's streams first; one that does not must not leave them with a dangling root.
    while (auto* stream = contexts.findIf([&](const ContextBase* c) { return c->root_ == context && c != context; }))
      destroy(stream);
  }
  destroy(context);
}

uint32_t Dispatch::onVmStart(uint32_t id, size_t size) {
  const CallbackScope scope;
  auto* root = findRoot(id, "proxy_on_vm_start");
  return root != nullptr && root->onStart(size) ? 1 : 0;
}

uint32_t Dispatch::onConfigure(uint32_t id, size_t size) {
  const CallbackScope scope;
  auto* root = findRoot(id, "proxy_on_configure");
  return root != nullptr && root->onConfigure(size) ? 1 : 0;
}

void Dispatch::onTick(uint32_t id) {
  const CallbackScope scope;
  if (auto* root = findRoot(id, "proxy_on_tick")) root->onTick();
}

FilterHeadersStatus Dispatch::onRequestHeaders(uint32_t id, uint32_t count, uint32_t endOfStream) {
  const CallbackScope scope;
  auto* stream = findHttp(id, "proxy_on_request_headers");
  if (stream == nullptr) return FilterHeadersStatus::Continue;
  return notePause(stream->requestPaused_, stream->onRequestHeaders(count, endOfStream != 0));
}

FilterDataStatus Dispatch::onRequestBody(uint32_t id, size_t size, uint32_t endOfStream) {
  const CallbackScope scope;
  auto* stream = findHttp(id, "proxy_on_request_body");
  if (stream == nullptr) return FilterDataStatus::Continue;
  return notePause(stream->requestPaused_, stream->onRequestBody(size, endOfStream != 0));
}

FilterTrailersStatus Dispatch::onRequestTrailers(uint32_t id, uint32_t count) {
  const CallbackScope scope;
  auto* stream = findHttp(id, "proxy_on_request_trailers");
  if (stream == nullptr) return FilterTrailersStatus::Continue;
  return notePause(stream->requestPaused_, stream->onRequestTrailers(count));
}

FilterHeadersStatus Dispatch::onResponseHeaders(uint32_t id, uint32_t count, uint32_t endOfStream) {
  const CallbackScope scope;
  auto* stream = findHttp(id, "proxy_on_response_headers");
  if (stream == nullptr) return FilterHeadersStatus::Continue;
  return notePause(stream->responsePaused_, stream->onResponseHeaders(count, endOfStream != 0));
}

FilterDataStatus Dispatch::onResponseBody(uint32_t id, size_t size, uint32_t endOfStream) {
  const CallbackScope scope;
  auto* stream = findHttp(id, "proxy_on_response_body");
  if (stream == nullptr) return FilterDataStatus::Continue;
  return notePause(stream->responsePaused_, stream->onResponseBody(size, endOfStream != 0));
}

FilterTrailersStatus Dispatch::onResponseTrailers(uint32_t id, uint32_t count) {
  const CallbackScope scope;
  auto* stream = findHttp(id, "proxy_on_response_trailers");
  if (stream == nullptr) return FilterTrailersStatus::Continue;
  return notePause(stream->responsePaused_, stream->onResponseTrailers(count));
}

}  // namespace sluice::internal
