// expect: on_configure is no callback and would never be called: did you mean `onConfigure
#include <sluice/sluice.h>

class Filter : public sluice::RootContext {
 public:
  bool on_configure(size_t) { return true; }
};

static sluice::Register<Filter> registration;
