#include "sluice/internal/dispatch.h"

#include "sluice/internal/runtime.h"
#include "sluice/internal/wasm_global.h"
#include "sluice/log.h"

namespace sluice {
namespace internal {

namespace {

const Registration* first = nullptr;
const Registration* (*choose)() = nullptr;

// What the constructor of ContextBase takes up, so that a filter's constructors need not pass it on.
static WasmGlobal<uint32_t> newId;
static WasmGlobal<RootContext*> newRoot;

template <class FilterStatus>
FilterStatus notePause(bool& paused, FilterStatus status) {
  paused = status != FilterStatus::Continue;
  return status;
}

}  // namespace

const Registration* registrations() { return first; }

void Dispatch::add(Registration& registration) {
  registration.next = first;
  first = &registration;
}

void Dispatch::chooseBy(const Registration* (*chooser)()) { choose = chooser; }

ContextBase*& Dispatch::chainOf(uint32_t id) {
  // Hosts count ids upwards, so that the chains stay equally long: one context each up to a thousand streams at a time.
  static constinit ContextBase* chains[kChains] = {};
  return chains[id % kChains];
}

ContextBase* Dispatch::lookUp(uint32_t id) {
  auto* context = chainOf(id);
  while (context != nullptr && context->id_ != id) context = context->next_;
  return context;
}

// Apart from the callbacks, so that the common path stays small.
[[gnu::noinline]] void Dispatch::ignore(uint32_t id) {
  logWarn("sluice: ignored a callback for an unknown, wrong or existing context: ", id);
}

ContextBase* Dispatch::find(uint32_t id) {
  auto* context = lookUp(id);
  if (context == nullptr) [[unlikely]]
    ignore(id);
  return context;
}

template <class Context>
Context* Dispatch::find(uint32_t id) {
  auto* context = lookUp(id);
  if (context == nullptr || context->kind_ != Context::kKind) [[unlikely]] {
    ignore(id);
    return nullptr;
  }
  return static_cast<Context*>(context);
}

void Dispatch::onContextCreate(uint32_t id, uint32_t parentId) {
  const CallbackScope scope;
  if (lookUp(id) != nullptr) [[unlikely]]
    return ignore(id);
  newId = id;
  ContextBase* context = nullptr;
  if (parentId == 0) {
    const auto* registration = choose == nullptr ? first : choose();
    if (registration == nullptr) return;
    auto* root = registration->createRoot();
    root->registration_ = registration;
    context = root;
  } else {
    auto* root = find<RootContext>(parentId);
    if (root == nullptr) return;
    newRoot = root;
    ++root->users_;
    context = root->registration_->createHttp(*root);
  }
  auto*& chain = chainOf(id);
  context->next_ = chain;
  chain = context;
  context->onCreate();
}

uint32_t Dispatch::onDone(uint32_t id) {
  const CallbackScope scope;
  auto* context = find(id);
  return context == nullptr || context->onDone() ? 1 : 0;
}

void Dispatch::onLog(uint32_t id) {
  const CallbackScope scope;
  if (auto* context = find(id)) context->onLog();
}

void Dispatch::onDelete(uint32_t id) {
  const CallbackScope scope;
  auto* context = find(id);
  if (context == nullptr) return;
  context->onDelete();
  auto** link = &chainOf(id);
  while (*link != context) link = &(*link)->next_;
  *link = context->next_;
  auto* root = context->root_;
  if (context != root) delete context;
  if (--root->users_ == 0) delete root;
}

uint32_t Dispatch::onVmStart(uint32_t id, size_t size) {
  const CallbackScope scope;
  auto* root = find<RootContext>(id);
  return root != nullptr && root->onStart(size) ? 1 : 0;
}

uint32_t Dispatch::onConfigure(uint32_t id, size_t size) {
  const CallbackScope scope;
  auto* root = find<RootContext>(id);
  return root != nullptr && root->onConfigure(size) ? 1 : 0;
}

void Dispatch::onTick(uint32_t id) {
  const CallbackScope scope;
  if (auto* root = find<RootContext>(id)) root->onTick();
}

FilterHeadersStatus Dispatch::onRequestHeaders(uint32_t id, uint32_t count, uint32_t endOfStream) {
  const CallbackScope scope;
  auto* stream = find<HttpContext>(id);
  if (stream == nullptr) return FilterHeadersStatus::Continue;
  return notePause(stream->requestPaused_, stream->onRequestHeaders(count, endOfStream != 0));
}

FilterDataStatus Dispatch::onRequestBody(uint32_t id, size_t size, uint32_t endOfStream) {
  const CallbackScope scope;
  auto* stream = find<HttpContext>(id);
  if (stream == nullptr) return FilterDataStatus::Continue;
  return notePause(stream->requestPaused_, stream->onRequestBody(size, endOfStream != 0));
}

FilterTrailersStatus Dispatch::onRequestTrailers(uint32_t id, uint32_t count) {
  const CallbackScope scope;
  auto* stream = find<HttpContext>(id);
  if (stream == nullptr) return FilterTrailersStatus::Continue;
  return notePause(stream->requestPaused_, stream->onRequestTrailers(count));
}

FilterHeadersStatus Dispatch::onResponseHeaders(uint32_t id, uint32_t count, uint32_t endOfStream) {
  const CallbackScope scope;
  auto* stream = find<HttpContext>(id);
  if (stream == nullptr) return FilterHeadersStatus::Continue;
  return notePause(stream->responsePaused_, stream->onResponseHeaders(count, endOfStream != 0));
}

FilterDataStatus Dispatch::onResponseBody(uint32_t id, size_t size, uint32_t endOfStream) {
  const CallbackScope scope;
  auto* stream = find<HttpContext>(id);
  if (stream == nullptr) return FilterDataStatus::Continue;
  return notePause(stream->responsePaused_, stream->onResponseBody(size, endOfStream != 0));
}

FilterTrailersStatus Dispatch::onResponseTrailers(uint32_t id, uint32_t count) {
  const CallbackScope scope;
  auto* stream = find<HttpContext>(id);
  if (stream == nullptr) return FilterTrailersStatus::Continue;
  return notePause(stream->responsePaused_, stream->onResponseTrailers(count));
}

}  // namespace internal

ContextBase::ContextBase(Kind kind) : id_(internal::newId), root_(internal::newRoot), kind_(kind) {}

}  // namespace sluice
