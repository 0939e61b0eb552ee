#include <sluice/sluice.h>

#include "words.h"

static_assert(__cplusplus > 202002L, "CMAKE_CXX_STANDARD has no effect");
static_assert(static_cast<char>(0xff) > 0, "the party's option for those who use it has no effect");
#ifdef __wasm__
#if __has_feature(undefined_behavior_sanitizer)
#error "this machine's sanitizers reach the module"
#endif
#endif

extern "C" int stack_end() { return 1; }

namespace {

class StateStream : public sluice::HttpContext {
 public:
  void onLog() override {
    sluice::logInfo(FROM_DIRECTORY);
    sluice::logInfo(FROM_OPTIONS);
    sluice::logInfo("file:" __FILE__);
    sluice::logInfo(words());
    sluice::logInfo(PARTY_DEFINITION);
  }
};

sluice::Register<StateStream> registration;

}  // namespace
