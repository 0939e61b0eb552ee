// expect: this onResponseBody overrides nothing: declare it as `FilterDataStatus onResponseBody(size_t size, bool endOfStream) override`
#include <sluice/sluice.h>

class Filter : public sluice::HttpContext {
 public:
  sluice::FilterDataStatus onResponseBody(size_t, bool) const { return sluice::FilterDataStatus::Continue; }
};

static sluice::Register<Filter> registration;
