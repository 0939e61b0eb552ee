// expect: the handler of httpCall() must take the reply
#include <sluice/sluice.h>

class Filter : public sluice::HttpContext {
 public:
  bool onDone() override {
    return httpCall({.cluster = "cluster"}, [](int) {}) == sluice::Status::Ok;
  }
};
