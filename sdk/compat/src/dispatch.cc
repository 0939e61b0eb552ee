#include "sluice/compat/dispatch.h"

#include <utility>

#include "sluice/compat/context.h"
#include "sluice/compat/register.h"
#include "sluice/context.h"
#include "sluice/internal/dispatch.h"
#include "sluice/log.h"
#include "sluice/property.h"

namespace sluice_compat {

namespace {

const Factories* latest = nullptr;

// The SDK's contexts, each with the filter's own.

class Stream;

class Root : public sluice::RootContext {
 public:
  Root() : next_(first) { first = this; }
  ~Root() override {
    Root** link = &first;
    while (*link != this) link = &(*link)->next_;
    *link = next_;
  }

  static Root* find(uint32_t id) {
    Root* root = first;
    while (root != nullptr && root->id() != id) root = root->next_;
    return root;
  }
  static Root* find(std::string_view rootId) {
    Root* root = first;
    while (root != nullptr && (root->old_ == nullptr || root->old_->root_id() != rootId)) root = root->next_;
    return root;
  }

  ::RootContext* old() const { return old_.get(); }
  std::unique_ptr<::Context> createContext(uint32_t id) {
    for (auto* f = latest; f != nullptr; f = f->next) {
      if (f->createContext == nullptr || f->rootId != old_->root_id()) continue;
      if (auto context = f->createContext(*f, id, old())) return context;
    }
    return std::make_unique<::Context>(id, old());
  }

  void onCreate() override {
    old_ = createOld(sluice::getProperty(sluice::property::kPluginRootId).valueOr({}));
    old_->onCreate();
  }
  bool onStart(size_t size) override { return old_->onStart(size); }
  bool onConfigure(size_t size) override { return old_->onConfigure(size); }
  void onTick() override { old_->onTick(); }
  void onQueueReady(sluice::SharedQueue queue) override { old_->onQueueReady(queue.id()); }
  bool onDone() override { return old_->onDoneBase(); }
  void onLog() override { old_->onLog(); }
  void onDelete() override { old_->onDelete(); }

 private:
  std::unique_ptr<::RootContext> createOld(std::string_view rootId) {
    for (auto* f = latest; f != nullptr; f = f->next) {
      if (f->createRoot == nullptr || f->rootId != rootId) continue;
      if (auto root = f->createRoot(*f, id(), rootId)) return root;
    }
    return std::make_unique<::RootContext>(id(), rootId);
  }

  static Root* first;
  Root* next_;
  std::unique_ptr<::RootContext> old_;
};
constinit Root* Root::first = nullptr;

class Stream : public sluice::HttpContext {
 public:
  explicit Stream(Root& root) : root_(root) {}

  ::Context* old() const { return old_.get(); }

  void onCreate() override {
    old_ = root_.createContext(id());
    old_->onCreate();
  }
  sluice::FilterHeadersStatus onRequestHeaders(uint32_t count, bool endOfStream) override {
    return old_->onRequestHeaders(count, endOfStream);
  }
  sluice::FilterMetadataStatus onRequestMetadata(uint32_t count) override { return old_->onRequestMetadata(count); }
  sluice::FilterMetadataStatus onResponseMetadata(uint32_t count) override { return old_->onResponseMetadata(count); }
  sluice::FilterDataStatus onRequestBody(size_t size, bool endOfStream) override {
    return old_->onRequestBody(size, endOfStream);
  }
  sluice::FilterTrailersStatus onRequestTrailers(uint32_t count) override { return old_->onRequestTrailers(count); }
  sluice::FilterHeadersStatus onResponseHeaders(uint32_t count, bool endOfStream) override {
    return old_->onResponseHeaders(count, endOfStream);
  }
  sluice::FilterDataStatus onResponseBody(size_t size, bool endOfStream) override {
    return old_->onResponseBody(size, endOfStream);
  }
  sluice::FilterTrailersStatus onResponseTrailers(uint32_t count) override { return old_->onResponseTrailers(count); }
  bool onDone() override { return old_->onDoneBase(); }
  void onLog() override { old_->onLog(); }
  void onDelete() override { old_->onDelete(); }

 private:
  Root& root_;
  std::unique_ptr<::Context> old_;
};

sluice::RootContext* createRoot() { return new Root; }
void createStream(sluice::RootContext& root, uint32_t id, sluice::ContextBase** link) {
  sluice::internal::Dispatch::enter(new Stream(static_cast<Root&>(root)), root, id, link);
}

// For what the SDK's Dispatch does not look up itself.
::RootContext* rootOrLog(uint32_t id) {
  auto* root = getRootContext(id);
  if (root == nullptr) sluice::internal::Dispatch::ignore(id);
  return root;
}
::Context* streamOrLog(uint32_t id) {
  auto* stream = getContext(id);
  if (stream == nullptr) sluice::internal::Dispatch::ignore(id);
  return stream;
}

}  // namespace

void Dispatch::add(Factories& factories) {
  if (latest == nullptr) {
    static sluice::internal::Registration registration{{}, createRoot, createStream, nullptr};
    sluice::internal::Dispatch::add(registration);
  }
  factories.next = latest;
  latest = &factories;
}

std::string_view keep(std::string_view text) {
  if (text.empty()) return {};
  auto* const kept = new char[text.size()];
  std::memcpy(kept, text.data(), text.size());
  return {kept, text.size()};
}

uint32_t Dispatch::onValidateConfiguration(uint32_t id, size_t size) {
  const sluice::internal::CallbackScope scope;
  auto* root = rootOrLog(id);
  return root != nullptr && root->validateConfiguration(size) ? 1 : 0;
}

void Dispatch::onForeignFunction(uint32_t id, uint32_t function, size_t size) {
  const sluice::internal::CallbackScope scope;
  auto* context = getContextBase(id);
  if (context == nullptr) return sluice::internal::Dispatch::ignore(id);
  // The host may do so while the filter itself calls a foreign function, whose result then goes elsewhere.
  const auto before = sluice::internal::setHostAllocator(sluice::internal::arenaAllocate);
  context->onForeignFunction(function, static_cast<uint32_t>(size));
  sluice::internal::setHostAllocator(before);
}

FilterStatus Dispatch::onNewConnection(uint32_t id) {
  const sluice::internal::CallbackScope scope;
  auto* stream = streamOrLog(id);
  return stream == nullptr ? FilterStatus::Continue : stream->onNewConnection();
}
FilterStatus Dispatch::onDownstreamData(uint32_t id, size_t size, uint32_t endOfStream) {
  const sluice::internal::CallbackScope scope;
  auto* stream = streamOrLog(id);
  return stream == nullptr ? FilterStatus::Continue : stream->onDownstreamData(size, endOfStream != 0);
}
FilterStatus Dispatch::onUpstreamData(uint32_t id, size_t size, uint32_t endOfStream) {
  const sluice::internal::CallbackScope scope;
  auto* stream = streamOrLog(id);
  return stream == nullptr ? FilterStatus::Continue : stream->onUpstreamData(size, endOfStream != 0);
}
void Dispatch::onDownstreamConnectionClose(uint32_t id, sluice::PeerType peer) {
  const sluice::internal::CallbackScope scope;
  if (auto* stream = streamOrLog(id)) stream->onDownstreamConnectionClose(static_cast<CloseType>(peer));
}
void Dispatch::onUpstreamConnectionClose(uint32_t id, sluice::PeerType peer) {
  const sluice::internal::CallbackScope scope;
  if (auto* stream = streamOrLog(id)) stream->onUpstreamConnectionClose(static_cast<CloseType>(peer));
}

void Dispatch::onHttpCallResponse(uint32_t id, uint32_t token, uint32_t headers, size_t bodySize, uint32_t trailers) {
  const sluice::internal::CallbackScope scope;
  if (auto* root = rootOrLog(id)) root->onHttpCallResponse(token, headers, bodySize, trailers);
}
void Dispatch::onGrpcReceiveInitialMetadata(uint32_t id, uint32_t token, uint32_t elements) {
  const sluice::internal::CallbackScope scope;
  if (auto* root = rootOrLog(id)) root->onGrpcReceiveInitialMetadata(token, elements);
}
void Dispatch::onGrpcReceiveTrailingMetadata(uint32_t id, uint32_t token, uint32_t elements) {
  const sluice::internal::CallbackScope scope;
  if (auto* root = rootOrLog(id)) root->onGrpcReceiveTrailingMetadata(token, elements);
}
void Dispatch::onGrpcReceive(uint32_t id, uint32_t token, size_t size) {
  const sluice::internal::CallbackScope scope;
  if (auto* root = rootOrLog(id)) root->onGrpcReceive(token, size);
}
void Dispatch::onGrpcClose(uint32_t id, uint32_t token, sluice::GrpcStatus status) {
  const sluice::internal::CallbackScope scope;
  if (auto* root = rootOrLog(id)) root->onGrpcClose(token, static_cast<GrpcStatus>(status));
}

}  // namespace sluice_compat

using sluice_compat::Root;
using sluice_compat::Stream;

RootContext* getRootContext(uint32_t context_id) {
  const auto* root = Root::find(context_id);
  return root == nullptr ? nullptr : root->old();
}

Context* getContext(uint32_t context_id) {
  auto* stream = sluice::internal::Dispatch::findStream(context_id);
  // A module may have streams of other kinds.
  if (stream == nullptr || Root::find(sluice::internal::Dispatch::rootOf(*stream).id()) == nullptr) return nullptr;
  return static_cast<Stream*>(stream)->old();
}

ContextBase* getContextBase(uint32_t context_id) {
  if (auto* root = getRootContext(context_id)) return root;
  return getContext(context_id);
}

RootContext* getRoot(std::string_view root_id) {
  const auto* root = Root::find(root_id);
  return root == nullptr ? nullptr : root->old();
}
