// expect: onRequestHeaders is overloaded or not public: make it public and keep only `FilterHeadersStatus onRequestHeaders(uint32_t count, bool endOfStream) override`
#include <sluice/sluice.h>

class Filter : public sluice::HttpContext {
 private:
  sluice::FilterHeadersStatus onRequestHeaders(uint32_t, bool) override { return sluice::FilterHeadersStatus::Continue; }
};

static sluice::Register<Filter> registration;
