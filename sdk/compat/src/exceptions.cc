// `try`, `catch` and `throw` in filters for the existing SDK. They compile, and nothing is ever caught: `throw` ends
// the VM with a log line that names the type. Modules have no other way, and the native run does the same.
#include <cstdint>
#include <string>
#include <typeinfo>

#include "sluice/internal/runtime.h"

namespace sluice_compat {
namespace {

[[noreturn]] void endByThrow(const char* type) {
  sluice::internal::fatal(std::string("throw ") + type + ": a filter catches nothing");
}

}  // namespace

#if defined(__wasm__)

extern "C" void* __cxa_allocate_exception(size_t size) { return operator new(size); }
extern "C" void __cxa_free_exception(void* exception) { operator delete(exception); }
extern "C" [[noreturn]] void __cxa_throw(void*, std::type_info* type, void (*)(void*)) { endByThrow(type->name()); }
extern "C" [[noreturn]] void __cxa_rethrow() { endByThrow("again"); }

#else

// Under names of their own, since the compiler has declarations of these functions.
extern "C" void sluiceCompatFree(void* exception) __asm__("__cxa_free_exception");

extern "C" [[noreturn, gnu::visibility("hidden")]] void sluiceCompatThrow(
    void* exception, std::type_info* type, void (*destroy)(void*)) __asm__("__cxa_throw");
void sluiceCompatThrow(void* exception, std::type_info* type, void (*destroy)(void*)) {
  const std::string name = type->name();
  if (destroy != nullptr) destroy(exception);
  sluiceCompatFree(exception);
  endByThrow(name.c_str());
}

extern "C" [[noreturn, gnu::visibility("hidden")]] void sluiceCompatThrowAgain() __asm__("__cxa_rethrow");
void sluiceCompatThrowAgain() { endByThrow("again"); }

// What the unwinder asks whether a frame of the filter catches, where the compiler cannot ignore `catch` by itself:
// none does. The mock host's own exceptions, which are its traps, pass through.
extern "C" [[gnu::visibility("hidden")]] int sluiceCompatPersonality(int version, int actions, uint64_t kind,
                                                                     void* exception,
                                                                     void* context) __asm__("__gxx_personality_v0");
int sluiceCompatPersonality(int /*version*/, int /*actions*/, uint64_t /*kind*/, void* /*exception*/,
                            void* /*context*/) {
  return 8;  // _URC_CONTINUE_UNWIND
}

#endif

}  // namespace sluice_compat
