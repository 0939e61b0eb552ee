// Filters for the existing SDK stop themselves with abort(): in a native run, too, that must end the VM and not the
// test. (In a module it does, see sdk/src/wasm/traps.cc.)
#include "sluice/internal/runtime.h"

#if !defined(__wasm__)
namespace sluice_compat {
// Under a name of its own, since the C library has declared abort() as visible to all.
extern "C" [[noreturn, gnu::visibility("hidden")]] void sluiceCompatAbort() __asm__("abort");
void sluiceCompatAbort() { sluice::internal::fatal("abort() was called"); }
}  // namespace sluice_compat
#endif
