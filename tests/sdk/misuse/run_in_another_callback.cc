// expect: TaskStatus
#include <sluice/sluice.h>

class Filter : public sluice::HttpContext {
 public:
  sluice::Task authorize() { co_return; }
  bool onDone() override { return run(authorize()); }
};
