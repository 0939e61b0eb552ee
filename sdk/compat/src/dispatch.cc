#include "sluice/compat/dispatch.h"

#include <utility>

#include "sluice/compat/context.h"
#include "sluice/compat/last_callback.h"
#include "sluice/compat/register.h"
#include "sluice/context.h"
#include "sluice/internal/dispatch.h"
#include "sluice/internal/entry.h"
#include "sluice/internal/hostcalls.h"
#include "sluice/internal/runtime.h"
#include "sluice/log.h"
#include "sluice/property.h"

namespace sluice_compat {

namespace {

const Factories* latest = nullptr;

// The SDK's contexts; each owns a context of the filter.

class Stream;

class Root : public sluice::RootContext {
 public:
  Root() : next_(first) { first = this; }

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
  // The SDK may keep a deleted context for a while; find() must not return it.
  void onDelete() override {
    old_->onDelete();
    Root** link = &first;
    while (*link != this) link = &(*link)->next_;
    *link = next_;
  }

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

// Checks that `Own` (Root or Stream) passes the callback on to the filter's class `Old`, if `Old` has it.
template <class Callback, class Own, class Old>
consteval bool passesOn() {
  constexpr bool kHasIt = requires { typename Callback::template MethodOf<Old>; };
  // See kEntry.
  constexpr bool kGoesThere = !std::is_same_v<Callback, sluice::internal::callback::ForeignFunction>;
  return !kHasIt || !kGoesThere || Callback::template overriddenBy<Own, typename Callback::To::Context>();
}
#define SLUICE_COMPAT_CHECK_ROOT(to, snake_name, PascalName, result, parameters)         \
  static_assert(passesOn<sluice::internal::callback::PascalName, Root, ::RootContext>(), \
                "Root must pass on" #PascalName " on");
#define SLUICE_COMPAT_CHECK_STREAM(to, snake_name, PascalName, result, parameters)     \
  static_assert(passesOn<sluice::internal::callback::PascalName, Stream, ::Context>(), \
                "Stream must pass on" #PascalName " on");
SLUICE_INTERNAL_ROOT_CALLBACKS(SLUICE_COMPAT_CHECK_ROOT)
SLUICE_INTERNAL_HTTP_CALLBACKS(SLUICE_COMPAT_CHECK_STREAM)
#undef SLUICE_COMPAT_CHECK_ROOT
#undef SLUICE_COMPAT_CHECK_STREAM

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

bool inLastCallback() { return sluice::internal::lastCallback() != sluice::internal::LastCallback::No; }

bool isGone(WasmBufferType type) { return sluice::internal::isGone(static_cast<sluice::BufferType>(type)); }

WasmResult setEffectiveContext(uint32_t id) {
  const auto status = sluice::abi::proxy_set_effective_context(id);
  // In the last callback of one stream, another stream may become the effective context. The scope of the callback ends
  // this.
  if (status == sluice::Status::Ok && !sluice::internal::Dispatch::isOver(id))
    sluice::internal::setLastCallback(sluice::internal::LastCallback::No);
  return static_cast<WasmResult>(status);
}

void Dispatch::onForeignFunction(uint32_t id, uint32_t function, size_t size) {
  const sluice::internal::CallbackScope scope;
  auto* context = getContextBase(id);
  if (context == nullptr) return sluice::internal::Dispatch::ignore(id);
  // The host may do this while the filter itself calls a foreign function, whose result must then go to different
  // memory.
  const auto before = sluice::internal::setHostAllocator(sluice::internal::arenaAllocate);
  context->onForeignFunction(function, static_cast<uint32_t>(size));
  sluice::internal::setHostAllocator(before);
}

::RootContext* Dispatch::ToRoot::begin(uint32_t id) {
  auto* root = getRootContext(id);
  if (root == nullptr) sluice::internal::Dispatch::ignore(id);
  return root;
}

::Context* Dispatch::ToStream::begin(uint32_t id) {
  auto* stream = getContext(id);
  if (stream == nullptr) sluice::internal::Dispatch::ignore(id);
  return stream;
}

}  // namespace sluice_compat

namespace sluice::internal {
template struct Entry<sluice_compat::callback::ValidateConfiguration>;
template struct Entry<sluice_compat::callback::HttpCallResponse>;
template struct Entry<sluice_compat::callback::GrpcReceiveInitialMetadata>;
template struct Entry<sluice_compat::callback::GrpcReceiveTrailingMetadata>;
template struct Entry<sluice_compat::callback::GrpcReceive>;
template struct Entry<sluice_compat::callback::GrpcClose>;
#define SLUICE_COMPAT_COMPILE_ENTRY(to, snake_name, PascalName, result, parameters) \
  template struct Entry<callback::PascalName, sluice_compat::Dispatch::ToStream>;
SLUICE_INTERNAL_TCP_CALLBACKS(SLUICE_COMPAT_COMPILE_ENTRY)
#undef SLUICE_COMPAT_COMPILE_ENTRY
}  // namespace sluice::internal

using sluice_compat::Root;
using sluice_compat::Stream;

RootContext* getRootContext(uint32_t context_id) {
  const auto* root = Root::find(context_id);
  return root == nullptr ? nullptr : root->old();
}

Context* getContext(uint32_t context_id) {
  auto* stream = sluice::internal::Dispatch::findStream(context_id);
  // A module may also have streams of Sluice's own API.
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
