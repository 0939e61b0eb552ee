#include <sluice/sluice.h>

class HelloStream : public sluice::HttpContext {
 public:
  sluice::FilterHeadersStatus onResponseHeaders(uint32_t /*count*/, bool /*endOfStream*/) override {
    sluice::warnUnlessOk(responseHeaders().add("hello", "tomorrow"), "adding hello");
    return sluice::FilterHeadersStatus::Continue;
  }
};

static sluice::Register<HelloStream> registration;
