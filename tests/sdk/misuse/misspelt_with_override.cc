// expect: override
#include <sluice/sluice.h>

class Filter : public sluice::HttpContext {
 public:
  sluice::FilterHeadersStatus onRequestHeaders1(uint32_t, bool) override { return {}; }
};

static sluice::Register<Filter> registration;
