// expect: onVmStart is no callback and would never be called: did you mean `onStart … override`?
#include <sluice/sluice.h>

class Filter : public sluice::RootContext {
 public:
  bool onVmStart(size_t) { return true; }
};

static sluice::Register<Filter> registration;
