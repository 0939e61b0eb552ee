// expect: OnRequestBody is no callback and would never be called: did you mean `onRequestBody … override`?
#include <sluice/sluice.h>

class Filter : public sluice::HttpContext {
 public:
  sluice::FilterDataStatus OnRequestBody(size_t, bool) { return sluice::FilterDataStatus::Continue; }
};

static sluice::Register<Filter> registration;
