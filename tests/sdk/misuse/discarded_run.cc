// expect: return it from the callback
#include <sluice/sluice.h>

class Filter : public sluice::HttpContext {
 public:
  sluice::Task authorize() { co_return; }
  void onLog() override { run(authorize()); }
};
