// expect: this onRequestHeaders overrides nothing: declare it as `FilterHeadersStatus onRequestHeaders(uint32_t count, bool endOfStream) override`
#include <sluice/sluice.h>

class Filter : public sluice::HttpContext {
 public:
  sluice::FilterHeadersStatus onRequestHeaders(uint32_t) { return sluice::FilterHeadersStatus::Continue; }
};

static sluice::Register<Filter> registration;
