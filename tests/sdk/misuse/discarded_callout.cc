// expect: co_await it, or hand it to whenAll()
#include <sluice/sluice.h>

class Filter : public sluice::HttpContext {
 public:
  void onLog() override { httpCall({.cluster = "cluster"}); }
};
