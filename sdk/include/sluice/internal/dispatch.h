// From the host's callbacks to the filter's objects: who is registered, which context has which id, one function a
// callback.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "sluice/abi.h"
#include "sluice/context.h"

namespace sluice::internal {

/// One registered filter. Lives in static memory; the list is built while the module initializes.
struct Registration {
  std::string_view rootId;  // empty: takes every root_id that no other registration names
  RootContext* (*createRoot)();
  HttpContext* (*createHttp)(RootContext& root);
  const Registration* next;
};

/// All of them.
const Registration* registrations();
/// The registration for the plugin that the host is creating now, by its root_id; null, after a log line, when there is
/// none.
const Registration* chooseByRootId();

/// The callbacks of the ABI, by the host's context ids. An id that is unknown, or of the wrong kind, is logged and
/// ignored.
class Dispatch {
 public:
  static void add(Registration& registration);
  /// How to find a new plugin's registration. Unset, the last one added is taken without asking for the plugin's
  /// root_id.
  static void chooseBy(const Registration* (*choose)());

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

 private:
  static constexpr uint32_t kChains = 1024;

  static ContextBase*& chainOf(uint32_t id);
  static ContextBase* lookUp(uint32_t id);
  static ContextBase* find(uint32_t id);
  template <class Context>
  static Context* find(uint32_t id);
  static void ignore(uint32_t id);
};

}  // namespace sluice::internal
