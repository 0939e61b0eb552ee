// The ways in which a C++ program ends itself, as one log line and a trap. The standard library's own bring printf and
// imports of WASI with them: some 8 KB for a message that no proxy would show.
#include <cstdint>
#include <cstdlib>

#include "sluice/internal/runtime.h"

#if __has_include(<__verbose_abort>)
#include <__verbose_abort>
#endif

using sluice::internal::fatal;

extern "C" {
void abort() { fatal("abort() was called"); }
[[noreturn]] void __cxa_pure_virtual() { fatal("a pure virtual function was called"); }
[[noreturn]] void __cxa_deleted_virtual() { fatal("a deleted virtual function was called"); }
void __assert_fail(const char* expression, const char*, int, const char*) { fatal(expression); }
// What libc++abi says before it aborts, under its newer and its older name: dynamic_cast refers to it.
[[noreturn]] void __abort_message(const char* format, ...) { fatal(format); }
[[noreturn]] void abort_message(const char* format, ...) { fatal(format); }
// What Zig's libc has for these asks WASI for random numbers at start.
[[noreturn]] void __stack_chk_fail() { fatal("a buffer on the stack has overflowed"); }
uintptr_t __stack_chk_guard = 0x5afe57ac;
// Destructors of static objects: a host drops a VM without running them.
int __cxa_atexit(void (*)(void*), void*, void*) { return 0; }
}

#if defined(_LIBCPP___VERBOSE_ABORT)
// What libc++ calls in place of throwing, and when one of its checks fails; `format` names the function.
_LIBCPP_BEGIN_NAMESPACE_STD
[[noreturn]] void __libcpp_verbose_abort(const char* format, ...) noexcept { fatal(format); }
_LIBCPP_END_NAMESPACE_STD
#endif
