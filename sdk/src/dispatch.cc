#include "sluice/internal/dispatch.h"

#include <type_traits>

#include "sluice/internal/entry.h"
#include "sluice/internal/runtime.h"
#include "sluice/internal/wasm_global.h"
#include "sluice/log.h"

namespace sluice {
namespace internal {

namespace {

const Registration* first = nullptr;
// Of the only registration, or those that look for the plugin's. The optimizer runs the registrations while it links:
// in a module with one filter these are constants, and what they lead to becomes part of the callback.
CreateRoot createRootOfPlugin = nullptr;
CreateStream createStreamOfPlugin = nullptr;
// The chains of the TCP streams; null where there is no TcpContext.
ContextBase** tcpStreams = nullptr;
// Likewise: null in filters without callouts and tasks.
Dispatch::DropOwned dropOwnedBy = nullptr;
Dispatch::KeepsPaused keepsPaused = nullptr;
// Only written, and so nothing at all, in filters without tasks.
StreamType streamNow = StreamType::HttpRequest;

bool pauses(FilterHeadersStatus status) {
  return status != FilterHeadersStatus::Continue && status != FilterHeadersStatus::ContinueAndEndStream;
}
bool pauses(FilterDataStatus status) { return status != FilterDataStatus::Continue; }
bool pauses(FilterTrailersStatus status) { return status != FilterTrailersStatus::Continue; }

// The status that a callback returns to the host, and in `paused` whether it pauses the stream in this direction.
template <class FilterStatus>
FilterStatus notePause(const HttpContext& stream, StreamType direction, bool& paused, FilterStatus status) {
  // StopIteration, or for a body StopIterationAndBuffer: it loses nothing.
  constexpr auto kPausingStatus = static_cast<FilterStatus>(1);
  if (status == FilterStatus::Continue && keepsPaused != nullptr && keepsPaused(stream, direction))
    status = kPausingStatus;
  paused = pauses(status);
  return status;
}

}  // namespace

const Registration* Dispatch::registrations() { return first; }

void Dispatch::add(Registration& registration) {
  const bool only = first == nullptr && registration.rootId.empty();
  createRootOfPlugin = only ? registration.createRoot : createRootByRootId;
  createStreamOfPlugin = only ? registration.createStream : createStreamByRootId;
  registration.next = first;
  first = &registration;
}

void Dispatch::setTcpStreams(ContextBase** chains) { tcpStreams = chains; }
void Dispatch::setDropOwned(DropOwned function) { dropOwnedBy = function; }
void Dispatch::setKeepsPaused(KeepsPaused function) { keepsPaused = function; }
StreamType Dispatch::streamOfCallback() { return streamNow; }

namespace {

// The HTTP streams by id, in chains that run through them. Hosts count ids upwards, so that a chain holds one stream up
// to a thousand streams at a time. The roots, which are few, are one chain.
constinit ContextBase* streams[Dispatch::kChains] = {};
constinit ContextBase* roots = nullptr;
// Contexts that were deleted while one of their own callbacks may have been running.
constinit ContextBase* buried = nullptr;

}  // namespace

// Apart from the callbacks, so that the common path stays small.
[[gnu::noinline]] void Dispatch::ignore(uint32_t id) { logWarn("sluice: ignored a callback: bad context id ", id); }

// The link that leads to the context with `id` in the chain that begins at `link`, or the last one, which is null.
[[gnu::noinline]] ContextBase** Dispatch::linkTo(ContextBase** link, uint32_t id) {
  while (*link != nullptr && (*link)->id_ != id) link = &(*link)->next_;
  return link;
}

// For an id that is not the first in its chain.
[[gnu::noinline]] HttpContext* Dispatch::searchHttp(uint32_t id) {
  auto* stream = *linkTo(&streams[id % kChains], id);
  if (stream == nullptr) ignore(id);
  return static_cast<HttpContext*>(stream);
}
[[gnu::noinline]] RootContext* Dispatch::searchRoot(uint32_t id) {
  auto* root = *linkTo(&roots, id);
  if (root == nullptr) ignore(id);
  return static_cast<RootContext*>(root);
}

[[gnu::always_inline]] inline HttpContext* Dispatch::findHttp(uint32_t id) {
  auto* context = static_cast<HttpContext*>(streams[id % kChains]);
  if (context == nullptr || context->id_ != id) [[unlikely]]
    return searchHttp(id);
  return context;
}
[[gnu::always_inline]] inline RootContext* Dispatch::findRoot(uint32_t id) {
  auto* context = static_cast<RootContext*>(roots);
  if (context == nullptr || context->id_ != id) [[unlikely]]
    return searchRoot(id);
  return context;
}

ContextBase* Dispatch::findStream(uint32_t id) { return *linkTo(&streams[id % kChains], id); }

ContextBase* Dispatch::findAny(uint32_t id) {
  auto* stream = *linkTo(&streams[id % kChains], id);
  if (stream == nullptr && tcpStreams != nullptr) stream = *linkTo(&tcpStreams[id % kChains], id);
  return stream != nullptr ? stream : searchRoot(id);
}

void Dispatch::createRoot(uint32_t id) {
  // As a parent, 0 stands for none.
  if (id == 0 || *linkTo(&roots, id) != nullptr) return ignore(id);
  auto* root = createRootOfPlugin();
  if (root == nullptr) return;
  root->id_ = id;
  root->root_ = root;
  root->next_ = roots;
  roots = root;
  root->onCreate();
}

// A new context whose parent is not the first root: a root itself, or a stream of another root.
[[gnu::noinline]] RootContext* Dispatch::createRootOrSearch(uint32_t id, uint32_t parentId) {
  if (parentId != 0) return searchRoot(parentId);
  createRoot(id);
  return nullptr;
}

void Dispatch::onContextCreate(uint32_t id, uint32_t parentId) {
  const CallbackScope scope;
  auto* root = static_cast<RootContext*>(roots);
  if (root == nullptr || root->id_ != parentId) [[unlikely]]
    root = createRootOrSearch(id, parentId);
  if (root == nullptr) return;
  const auto chain = id % kChains;
  if (streams[chain] != nullptr && *linkTo(&streams[chain], id) != nullptr) [[unlikely]]
    return ignore(id);
  if (tcpStreams != nullptr && *linkTo(&tcpStreams[chain], id) != nullptr) return ignore(id);
  createStreamOfPlugin(*root, id, &streams[chain]);
}

uint32_t Dispatch::onDone(uint32_t id) {
  const CallbackScope scope;
  auto* context = findAny(id);
  return context == nullptr || context->onDone() ? 1 : 0;
}

void Dispatch::onLog(uint32_t id) {
  const CallbackScope scope;
  if (auto* context = findAny(id)) context->onLog();
}

ContextBase* Dispatch::streamOf(const ContextBase* root) {
  const auto search = [root](ContextBase* const* chains) -> ContextBase* {
    for (auto* const* chain = chains; chain != chains + kChains; ++chain) {
      for (auto* stream = *chain; stream != nullptr; stream = stream->next_) {
        if (stream->root_ == root) return stream;
      }
    }
    return nullptr;
  };
  auto* const stream = search(streams);
  return stream == nullptr && tcpStreams != nullptr ? search(tcpStreams) : stream;
}

// Inlined, so that streams are deleted as what they are known to be.
template <class Context>
[[gnu::always_inline]] inline void Dispatch::deleteNow(Context* context) {
  if (dropOwnedBy != nullptr) dropOwnedBy(*context);
  delete context;
}

// The end of a context that has left its chain.
template <class Context>
[[gnu::always_inline]] inline void Dispatch::destroy(Context* context) {
  context->onDelete();
  // The callback around this one may be one of this context's: it lives until that returns.
  if (DeletionScope::isOpen()) [[unlikely]]
    return bury(context);
  deleteNow(context);
}

[[gnu::noinline]] void Dispatch::bury(ContextBase* context) {
  // At the end, so that streams go before their roots.
  auto** link = &buried;
  while (*link != nullptr) link = &(*link)->next_;
  *link = context;
  context->next_ = nullptr;
  markCallbackMemory();
}

void Dispatch::deleteBuried() {
  while (auto* context = buried) {
    buried = context->next_;
    deleteNow(context);
  }
}
void deleteBuriedContexts() { Dispatch::deleteBuried(); }

// What onDelete() does not find first in its chain: brings a stream there, or deletes a root.
[[gnu::noinline]] void Dispatch::deleteSearched(uint32_t id) {
  auto*& chain = streams[id % kChains];
  auto** link = linkTo(&chain, id);
  if (auto* stream = *link) {
    *link = stream->next_;
    stream->next_ = chain;
    chain = stream;
    return onDelete(id);
  }
  if (tcpStreams != nullptr) {
    auto** tcpLink = linkTo(&tcpStreams[id % kChains], id);
    if (auto* stream = *tcpLink) {
      *tcpLink = stream->next_;
      return destroy(stream);
    }
  }
  auto* root = searchRoot(id);
  if (root == nullptr) return;
  // A host deletes the streams first; one that does not must not leave them with a dangling root.
  while (const auto* stream = streamOf(root)) onDelete(stream->id_);
  *linkTo(&roots, id) = root->next_;
  destroy(root);
}

void Dispatch::onDelete(uint32_t id) {
  const CallbackScope scope;
  const auto chain = id % kChains;
  auto* stream = static_cast<HttpContext*>(streams[chain]);
  if (stream == nullptr || stream->id_ != id) [[unlikely]]
    return deleteSearched(id);
  streams[chain] = stream->next_;
  destroy(stream);
}

inline RootContext* Dispatch::ToRoot::begin(uint32_t id) { return findRoot(id); }

template <StreamType kStream>
inline HttpContext* Dispatch::ToHttp<kStream>::begin(uint32_t id) {
  streamNow = kStream;
  return findHttp(id);
}

template <StreamType kStream>
template <class Status>
inline Status Dispatch::ToHttp<kStream>::end(HttpContext& stream, Status status) {
  return notePause(stream, kStream, stream.paused(kStream), status);
}

SLUICE_INTERNAL_ROOT_CALLBACKS(SLUICE_INTERNAL_COMPILE_ENTRY)
SLUICE_INTERNAL_HTTP_CALLBACKS(SLUICE_INTERNAL_COMPILE_ENTRY)

}  // namespace internal
}  // namespace sluice
