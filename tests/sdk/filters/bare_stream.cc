// Only a stream class with a default constructor. It overrides one callback.
#include "sluice/sluice.h"

using namespace sluice;

namespace {

class Stream : public HttpContext {
 public:
  FilterHeadersStatus onResponseHeaders(uint32_t, bool) override {
    warnUnlessOk(responseHeaders().add("x-bare", "yes"), "adding");
    return FilterHeadersStatus::Continue;
  }
};

Register<Stream> registration;

}  // namespace
