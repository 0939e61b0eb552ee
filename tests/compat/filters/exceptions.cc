// An old-style filter that uses exceptions: it compiles, and nothing is caught.
#include <stdexcept>
#include <string>

#include "proxy_wasm_intrinsics.h"

class ExceptionsRoot : public RootContext {
 public:
  using RootContext::RootContext;

  bool onConfigure(size_t size) override {
    const std::string text = getBufferBytes(WasmBufferType::PluginConfiguration, 0, size)->toString();
    try {
      if (text == "throw") throw std::runtime_error("refused");
      if (text == "throw a number") throw 7;
      logInfo("nothing was thrown");
    } catch (const std::runtime_error& error) {
      logInfo(std::string("caught ") + error.what());
    } catch (...) {
      logInfo("caught");
    }
    return true;
  }

  void onTick() override {
    try {
      abort();
    } catch (...) {
      logInfo("caught the end of the VM");
    }
  }
};

static RegisterContextFactory registration(ROOT_FACTORY(ExceptionsRoot));
