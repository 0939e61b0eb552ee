// expect: a task does nothing unless it is
#include <sluice/sluice.h>

class Filter : public sluice::HttpContext {
 public:
  sluice::Task authorize() { co_return; }
  void onLog() override { authorize(); }
};
