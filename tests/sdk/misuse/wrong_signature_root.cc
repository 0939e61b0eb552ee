// expect: this onTick overrides nothing: declare it as `void onTick() override`
#include <sluice/sluice.h>

class Filter : public sluice::RootContext {
 public:
  void onTick(int) {}
};

static sluice::Register<Filter> registration;
