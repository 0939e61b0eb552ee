#include <sluice/sluice.h>

#include "greeting.h"

#ifndef GREETING_NAME
#define GREETING_NAME "plain"
#endif
#ifndef GREETING_QUOTED
#define GREETING_QUOTED ""
#endif

namespace {

class GreetingStream : public sluice::HttpContext {
 public:
  sluice::FilterHeadersStatus onResponseHeaders(uint32_t /*count*/, bool /*endOfStream*/) override {
    sluice::warnUnlessOk(responseHeaders().add("greeting", greeting()), GREETING_NAME GREETING_QUOTED GREETING_FROM);
    return sluice::FilterHeadersStatus::Continue;
  }
};

sluice::Register<GreetingStream> registration;

}  // namespace
