// What waits in a program with one thread waits for ever: nobody else could end it. It is said, and the VM ends.
#pragma once

#include <__verbose_abort>

namespace sluice::one_thread {

[[noreturn]] inline void waitForEver(const char* what) {
  std::__libcpp_verbose_abort("%s would wait for ever: a filter has one thread", what);
}

}  // namespace sluice::one_thread
