// Only a root class. Its base class overrides one callback, and it overrides another.
#include "sluice/sluice.h"

using namespace sluice;

namespace {

class Base : public RootContext {
 public:
  void onTick() override { logInfo("tick of the base"); }
};

class Root : public Base {
 public:
  bool onStart(size_t size) override {
    logInfo("started with ", size, " bytes: ", vmConfiguration().valueOr("?"));
    return setTickPeriod(std::chrono::milliseconds(10)) == Status::Ok;
  }
};

Register<Root> registration;

}  // namespace
