// The world outside: `std::printf`, `std::puts`: a log line
// imports WASI
#include <cstdio>
#include <string>

#include "../feature.h"

FEATURE(printf, "said") {
  std::puts("a line of puts");
  std::fflush(stdout);
  return "said";
}
