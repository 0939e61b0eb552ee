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
// The functions of the only registration, or functions that find the plugin's registration. The optimizer evaluates the
// registrations at link time: in a module with one filter these are constants, and their functions are inlined into the
// callback.
CreateRoot createRootOfPlugin = nullptr;
CreateStream createStreamOfPlugin = nullptr;
// The chains of the TCP streams; null in modules without a TcpContext.
ContextBase** tcpStreams = nullptr;
// Null in filters without callouts and tasks.
Dispatch::DropOwned dropOwnedBy = nullptr;
Dispatch::KeepsPaused keepsPaused = nullptr;
// Whether every deleted context is added to them. A constant where the linker evaluates the registrations.
bool buriesAll = false;
// Whether a filter overrides onDelete(). A constant, likewise.
bool refusesInDelete = false;
// Filters without tasks only write it, so the optimizer removes it there.
StreamType streamNow = StreamType::HttpRequest;

bool pauses(FilterHeadersStatus status) {
  return status != FilterHeadersStatus::Continue && status != FilterHeadersStatus::ContinueAndEndStream;
}
bool pauses(FilterDataStatus status) { return status != FilterDataStatus::Continue; }
bool pauses(FilterTrailersStatus status) { return status != FilterTrailersStatus::Continue; }

// Returns the status for the host. Sets `paused` to whether this status pauses the stream in this direction.
template <class FilterStatus>
FilterStatus notePause(const HttpContext& stream, StreamType direction, bool& paused, FilterStatus status) {
  // StopIteration; for a body StopIterationAndBuffer, which keeps all bytes.
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
void buryAllContexts() { buriesAll = true; }
void Dispatch::setRefusesInDelete() { refusesInDelete = true; }
StreamType Dispatch::streamOfCallback() { return streamNow; }

namespace {

// The HTTP streams by id, in linked chains. Hosts count ids upwards, so with up to a thousand streams at a time each
// chain has one stream. The roots are few and share one chain.
constinit ContextBase* streams[Dispatch::kChains] = {};
constinit ContextBase* roots = nullptr;
// Contexts that the host deleted while one of their own callbacks may have been running, by class.
template <class Context>
constinit ContextBase* buried = nullptr;
// How often a context was added to them; the constant 0 in modules without hostcalls during which that can happen.
static WasmGlobal<int32_t> burials;

}  // namespace

// Separate from the callbacks, so that the common path stays small.
[[gnu::noinline]] void Dispatch::ignore(uint32_t id) { logWarn("sluice: ignored a callback: bad context id ", id); }

// Returns the link to the context with `id` in the chain that begins at `link`, or the chain's last link, which is
// null.
[[gnu::noinline]] ContextBase** Dispatch::linkTo(ContextBase** link, uint32_t id) {
  while (*link != nullptr && (*link)->id_ != id) link = &(*link)->next_;
  return link;
}

// For contexts that are not the first in their chain.
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

bool Dispatch::isOver(uint32_t id) {
  const auto* stream = findStream(id);
  return stream != nullptr && stream->end_ >= StreamEnd::Over;
}

ContextBase* Dispatch::findAny(uint32_t id) {
  auto* stream = *linkTo(&streams[id % kChains], id);
  if (stream == nullptr && tcpStreams != nullptr) stream = *linkTo(&tcpStreams[id % kChains], id);
  return stream != nullptr ? stream : searchRoot(id);
}

void Dispatch::createRoot(uint32_t id) {
  // No root can have the id 0: as a parent's id, 0 means no parent.
  if (id == 0 || *linkTo(&roots, id) != nullptr) return ignore(id);
  auto* root = createRootOfPlugin();
  if (root == nullptr) return;
  root->id_ = id;
  root->root_ = root;
  root->next_ = roots;
  roots = root;
  root->onCreate();
}

// For a new context whose parent is not the first root: a new root, or a stream of another root.
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

// Of a value that the optimizer does not know: a variable that has only one value besides its first becomes a bool, and
// WebAssembly has no such globals.
[[gnu::always_inline]] inline LastCallback opaque(LastCallback callback) {
  __asm__("" : "+r"(callback));
  return callback;
}

// Encloses a last callback of `context`, if that is a stream.
class Dispatch::LastCallbackScope {
 public:
  LastCallbackScope(ContextBase& context, LastCallback callback) : before_(lastCallback()) {
    if (context.root_ == &context) return;
    context.end_ = StreamEnd::Over;
    setLastCallback(opaque(callback));
  }
  ~LastCallbackScope() { setLastCallback(before_); }
  LastCallbackScope(const LastCallbackScope&) = delete;
  LastCallbackScope& operator=(const LastCallbackScope&) = delete;

 private:
  LastCallback before_;
};

uint32_t Dispatch::onDone(uint32_t id) {
  const CallbackScope scope;
  auto* context = findAny(id);
  if (context == nullptr) return 1;
  const LastCallbackScope last(*context, LastCallback::DoneOrDelete);
  return context->onDone() ? 1 : 0;
}

void Dispatch::onLog(uint32_t id) {
  const CallbackScope scope;
  auto* context = findAny(id);
  if (context == nullptr) return;
  const LastCallbackScope last(*context, LastCallback::Log);
  context->onLog();
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

// Inlined, so that the compiler knows the type of the context that it deletes.
template <class Context>
[[gnu::always_inline]] inline void Dispatch::deleteNow(Context* context) {
  if (dropOwnedBy != nullptr) dropOwnedBy(*context);
  delete context;
}

// Ends a context that was removed from its chain.
template <class Context>
[[gnu::always_inline]] inline void Dispatch::destroy(Context* context) {
  constexpr bool kIsStream = !std::is_same_v<Context, RootContext>;
  if constexpr (kIsStream) context->end_ = StreamEnd::Deleted;
  const auto before = lastCallback();
  if (refusesInDelete && kIsStream) setLastCallback(opaque(LastCallback::DoneOrDelete));
  context->onDelete();
  setLastCallback(before);
  // The outer callback may be a callback of this context, so the context must live until that returns.
  if (buriesAll || NestingScope::isOpen()) [[unlikely]]
    return bury(context);
  deleteNow(context);
}

template <class Context>
[[gnu::always_inline]] inline void Dispatch::bury(Context* context) {
  context->next_ = buried<Context>;
  buried<Context> = context;
  ++burials;
  markCallbackMemory();
}

// Takes the context of this class that was buried last; null when there is none.
template <class Context>
[[gnu::always_inline]] inline Context* Dispatch::unearth() {
  auto* const context = static_cast<Context*>(buried<Context>);
  if (context != nullptr) buried<Context> = context->next_;
  return context;
}

// Streams go before their roots. A destructor may lead to more burials.
void Dispatch::deleteBuried() {
  if (!buriesAll && burials == 0) return;
  for (;;) {
    while (auto* const stream = unearth<HttpContext>()) deleteNow(stream);
    if (tcpStreams != nullptr) {
      while (auto* const stream = unearth<TcpContext>()) deleteNow(stream);
    }
    auto* const root = unearth<RootContext>();
    if (root == nullptr) return;
    deleteNow(root);
    // Otherwise the compiler merges this deletion with the one above, and no longer knows the types of the contexts.
    __asm__ volatile("");
  }
}
void deleteBuriedContexts() { Dispatch::deleteBuried(); }

// For a TCP stream or a root.
[[gnu::noinline]] void Dispatch::removeOther(uint32_t id) {
  if (tcpStreams != nullptr) {
    auto** link = linkTo(&tcpStreams[id % kChains], id);
    if (auto* stream = *link) {
      *link = stream->next_;
      return destroy(static_cast<TcpContext*>(stream));
    }
  }
  auto** link = linkTo(&roots, id);
  auto* root = static_cast<RootContext*>(*link);
  if (root == nullptr) return ignore(id);
  *link = root->next_;
  // Hosts delete the streams first. If a host does not, its streams must not keep a dangling root.
  while (const auto* stream = streamOf(root)) remove(stream->id_);
  destroy(root);
}

void Dispatch::remove(uint32_t id) {
  auto** link = linkTo(&streams[id % kChains], id);
  auto* stream = static_cast<HttpContext*>(*link);
  if (stream == nullptr) [[unlikely]]
    return removeOther(id);
  *link = stream->next_;
  destroy(stream);
}

void Dispatch::onDelete(uint32_t id) {
  const CallbackScope scope;
  remove(id);
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

// Envoy crashes when the filter continues or closes the stream here and then returns Continue.
inline HttpContext* Dispatch::ToResponseTrailers::begin(uint32_t id) {
  auto* const stream = ToResponse::begin(id);
  if (stream != nullptr) stream->paused(StreamType::HttpResponse) = false;
  return stream;
}
inline FilterTrailersStatus Dispatch::ToResponseTrailers::end(HttpContext& stream, FilterTrailersStatus status) {
  return ToResponse::end(stream, stream.end_ >= StreamEnd::Closed ? FilterTrailersStatus::StopIteration : status);
}

SLUICE_INTERNAL_ROOT_CALLBACKS(SLUICE_INTERNAL_COMPILE_ENTRY)
SLUICE_INTERNAL_HTTP_CALLBACKS(SLUICE_INTERNAL_COMPILE_ENTRY)

}  // namespace internal
}  // namespace sluice
