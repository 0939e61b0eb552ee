// From the host's callbacks to the filter's objects: who is registered, which context has which id, one function a callback.
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
  HttpContext* (*createHttp)(RootContext& root);  // null when the filter has no HTTP part
  const Registration* next;
};

/// The callbacks of the ABI, by the host's context ids. An id that is unknown, or of the wrong kind, is logged and ignored.
class Dispatch {
 public:
  static void add(Registration& registration);

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
  friend ContextBase;
  using Kind = ContextBase::Kind;

  static ContextBase* find(uint32_t id, std::string_view callback);
  static RootContext* findRoot(uint32_t id, std::string_view callback);
  static HttpContext* findHttp(uint32_t id, std::string_view callback);
  static const Registration* choose();
  static void createRoot();
  static void destroy(ContextBase* context);

  // What the constructor of ContextBase takes up, so that a filter's constructors need not pass it on.
  static inline uint32_t newId_ = 0;
  static inline RootContext* newRoot_ = nullptr;
  static inline const Registration* registrations_ = nullptr;
};

}  // namespace sluice::internal
