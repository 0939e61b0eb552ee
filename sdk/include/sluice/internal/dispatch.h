// From the host's callbacks to the filter's objects: who is registered, which context has which id, one function a
// callback.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "sluice/abi.h"
#include "sluice/context.h"

namespace sluice::internal {

/// How a filter's root and streams are made. `link` is where the stream goes in its chain of contexts.
using CreateRoot = RootContext* (*)();
using CreateHttp = void (*)(RootContext& root, uint32_t id, ContextBase** link);

/// One registered filter. Lives in static memory; the list is built while the module initializes.
struct Registration {
  std::string_view rootId;  // empty: takes every root_id that no other registration names
  CreateRoot createRoot;
  CreateHttp createHttp;
  const Registration* next;
};

/// CreateRoot and CreateHttp where there are several registrations: that of the plugin's root_id, which it asks the
/// host for. No root, after a log line, when none is registered for it.
RootContext* createRootByRootId();
void createHttpByRootId(RootContext& root, uint32_t id, ContextBase** link);

/// The callbacks of the ABI, by the host's context ids. An id that is unknown, or of the wrong kind, is logged and
/// ignored.
class Dispatch {
 public:
  static void add(Registration& registration);
  /// All that were added.
  static const Registration* registrations();

  static void onContextCreate(uint32_t id, uint32_t parentId);
  static uint32_t onDone(uint32_t id);
  static void onLog(uint32_t id);
  static void onDelete(uint32_t id);

  static uint32_t onVmStart(uint32_t id, size_t size);
  static uint32_t onConfigure(uint32_t id, size_t size);
  static void onTick(uint32_t id);

  static FilterHeadersStatus onRequestHeaders(uint32_t id, uint32_t count, uint32_t endOfStream);
  static FilterDataStatus onRequestBody(uint32_t id, size_t size, uint32_t endOfStream);
  static FilterTrailersStatus onRequestTrailers(uint32_t id, uint32_t count);
  static FilterHeadersStatus onResponseHeaders(uint32_t id, uint32_t count, uint32_t endOfStream);
  static FilterDataStatus onResponseBody(uint32_t id, size_t size, uint32_t endOfStream);
  static FilterTrailersStatus onResponseTrailers(uint32_t id, uint32_t count);

  /// The last step of CreateHttp: puts the new stream into its chain.
  template <class Http>
  static void enter(Http* stream, RootContext& root, uint32_t id, ContextBase** link) {
    ContextBase* context = stream;
    context->id_ = id;
    context->root_ = &root;
    context->next_ = *link;
    *link = context;
    context->onCreate();
  }

  /// The stream with this id, or null; a stream's root.
  static ContextBase* findStream(uint32_t id);
  static RootContext& rootOf(const ContextBase& stream) { return *stream.root_; }
  /// Logs that a callback came for an id that it should not have.
  static void ignore(uint32_t id);

 private:
  static RootContext* findRoot(uint32_t id);
  static HttpContext* findHttp(uint32_t id);
  static ContextBase* findAny(uint32_t id);
  static ContextBase** linkTo(ContextBase** link, uint32_t id);
  static HttpContext* searchHttp(uint32_t id);
  static RootContext* searchRoot(uint32_t id);
  static void createRoot(uint32_t id);
  static RootContext* createRootOrSearch(uint32_t id, uint32_t parentId);
  static ContextBase* streamOf(const ContextBase* root);
  static void deleteSearched(uint32_t id);
};

}  // namespace sluice::internal
