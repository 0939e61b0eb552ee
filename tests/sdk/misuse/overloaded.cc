// expect: onDone is overloaded or not public: make it public and keep only `bool onDone() override`
#include <sluice/sluice.h>

class Filter : public sluice::HttpContext {
 public:
  bool onDone() override { return true; }
  bool onDone(int) { return true; }
};

static sluice::Register<Filter> registration;
