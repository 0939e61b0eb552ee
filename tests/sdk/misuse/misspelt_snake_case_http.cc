// expect: on_response_trailers is no callback and would never be called: did you mean `onResponseTrailers … override`?
#include <sluice/sluice.h>

class Filter : public sluice::HttpContext {
 public:
  sluice::FilterTrailersStatus on_response_trailers(uint32_t) { return sluice::FilterTrailersStatus::Continue; }
};

static sluice::Register<Filter> registration;
