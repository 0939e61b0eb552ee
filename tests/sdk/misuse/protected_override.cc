// expect: onConfigure is overloaded or not public: make it public and keep only `bool onConfigure(size_t size) override`
#include <sluice/sluice.h>

class Filter : public sluice::RootContext {
 protected:
  bool onConfigure(size_t) override { return true; }
};

static sluice::Register<Filter> registration;
