// expect: onRequestHeader is no callback and would never be called: did you mean `onRequestHeaders
#include <sluice/sluice.h>

class Filter : public sluice::HttpContext {
 public:
  sluice::FilterHeadersStatus onRequestHeader(uint32_t, bool) { return sluice::FilterHeadersStatus::Continue; }
};

static sluice::Register<Filter> registration;
