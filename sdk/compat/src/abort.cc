// Filters for the existing SDK stop themselves with abort(): in a native run, too, that must end the VM and not the
// test. (In a module it does, see sdk/src/wasm/traps.cc.)
#include <cstdlib>

#include "sluice/internal/runtime.h"

#if !defined(__wasm__)
extern "C" __attribute__((visibility("hidden"))) void abort() noexcept {
  sluice::internal::fatal("abort() was called");
}
#endif
