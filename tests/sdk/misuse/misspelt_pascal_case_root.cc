// expect: OnQueueReady is no callback and would never be called: did you mean `onQueueReady … override`?
#include <sluice/sluice.h>

class Filter : public sluice::RootContext {
 public:
  void OnQueueReady(sluice::SharedQueue) {}
};

static sluice::Register<Filter> registration;
