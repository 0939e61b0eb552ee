// The world outside: `std::fopen`: there are no files
// imports WASI
#include <cstdio>
#include <string>

#include "../feature.h"

FEATURE(fopen, "none") {
  std::FILE* file = std::fopen("/etc/passwd", "r");
  return file == nullptr ? "none" : "a file";
}
