// An old-style filter and a new one in one module; the old one also calls the new API.
#include <sluice/sluice.h>

#include <string>

#include "proxy_wasm_intrinsics.h"

class OldContext : public Context {
 public:
  explicit OldContext(uint32_t id, RootContext* root) : Context(id, root) {}
  FilterHeadersStatus onRequestHeaders(uint32_t, bool) override {
    const auto path = sluice::HeaderMap(sluice::MapType::HttpRequestHeaders).get(":path").valueOr("none");
    const auto again = getRequestHeader(":path");
    addRequestHeader("x-old", std::string(path) + again->toString());
    sluice::logInfo("old ", path);
    return FilterHeadersStatus::Continue;
  }
};
static RegisterContextFactory register_Old(CONTEXT_FACTORY(OldContext), "old");

class NewStream : public sluice::HttpContext {
 public:
  sluice::FilterHeadersStatus onRequestHeaders(uint32_t, bool) override {
    // No old context has this id.
    const char* found = ::getContext(id()) == nullptr && ::getContextBase(id()) == nullptr ? "no" : "yes";
    sluice::warnUnlessOk(requestHeaders().add("x-new", found), "adding x-new");
    return sluice::FilterHeadersStatus::Continue;
  }
  sluice::FilterHeadersStatus onResponseHeaders(uint32_t, bool) override {
    sluice::warnUnlessOk(responseHeaders().add("x-new", "yes"), "adding x-new");
    return sluice::FilterHeadersStatus::Continue;
  }
};
static sluice::Register<NewStream> registration("new");
