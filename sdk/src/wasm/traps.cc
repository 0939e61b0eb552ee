// The ways in which a C++ program ends itself, as one log line and a trap. The standard library's own bring printf and
// imports of WASI with them: some 8 KB for a message that no proxy would show.
#include <cstdarg>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "sluice/internal/runtime.h"

#if __has_include(<__verbose_abort>)
#include <__verbose_abort>
#endif

using sluice::internal::fatal;

namespace {

// What is too long for one log line of a failure is cut off.
class Line {
 public:
  void append(char character) {
    if (size_ != sizeof characters_) characters_[size_++] = character;
  }
  void append(const char* text) {
    for (; *text != '\0'; ++text) append(*text);
  }
  void append(unsigned number) {
    if (number >= 10) append(number / 10);
    append(static_cast<char>('0' + number % 10));
  }
  std::string_view view() const { return {characters_, size_}; }

 private:
  char characters_[512];
  size_t size_ = 0;
};

// printf's format as far as the standard library's messages use it: %s, and %d for line numbers.
[[noreturn, gnu::noinline]] void fatalFormat(const char* format, va_list arguments) {
  Line line;
  for (; *format != '\0'; ++format) {
    if (*format != '%') {
      line.append(*format);
    } else if (*++format == 's') {
      line.append(va_arg(arguments, const char*));
    } else {
      line.append(va_arg(arguments, unsigned));
    }
  }
  fatal(line.view());
}

}  // namespace

extern "C" {
void abort() { fatal("abort() was called"); }
// The end of a program is none that a proxy knows: its exit() would stop the VM without a word.
void exit(int) { fatal("exit() was called"); }
void quick_exit(int) { fatal("quick_exit() was called"); }
void _Exit(int) { fatal("_Exit() was called"); }
[[noreturn]] void __cxa_pure_virtual() { fatal("a pure virtual function was called"); }
[[noreturn]] void __cxa_deleted_virtual() { fatal("a deleted virtual function was called"); }
void __assert_fail(const char* expression, const char* file, int line, const char*) {
  Line message;
  message.append(file);
  message.append(':');
  message.append(static_cast<unsigned>(line));
  message.append(": assertion failed: ");
  message.append(expression);
  fatal(message.view());
}
// What libc++abi says before it aborts, under its newer and its older name: dynamic_cast refers to it.
[[noreturn]] void __abort_message(const char* format, ...) {
  va_list arguments;
  va_start(arguments, format);
  fatalFormat(format, arguments);
}
[[noreturn]] void abort_message(const char* format, ...) {
  va_list arguments;
  va_start(arguments, format);
  fatalFormat(format, arguments);
}
// What Zig's libc has for these asks WASI for random numbers at start.
[[noreturn]] void __stack_chk_fail() { fatal("a buffer on the stack has overflowed"); }
uintptr_t __stack_chk_guard = 0x5afe57ac;
// Destructors of static objects: a host drops a VM without running them.
int __cxa_atexit(void (*)(void*), void*, void*) { return 0; }
int atexit(void (*)()) { return 0; }
int at_quick_exit(void (*)()) { return 0; }
}

#if defined(_LIBCPP___VERBOSE_ABORT)
// What libc++ calls in place of throwing, and when one of its checks fails.
_LIBCPP_BEGIN_NAMESPACE_STD
[[noreturn]] void __libcpp_verbose_abort(const char* format, ...) noexcept {
  va_list arguments;
  va_start(arguments, format);
  fatalFormat(format, arguments);
}
_LIBCPP_END_NAMESPACE_STD
#endif
