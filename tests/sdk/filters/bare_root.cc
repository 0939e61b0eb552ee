// Only a root class; it passes callbacks on that its base class overrides, and overrides one by itself.
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
