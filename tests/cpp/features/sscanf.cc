// Text: `std::sscanf`
// imports WASI
#include <cstdio>
#include <string>

#include "../feature.h"

FEATURE(sscanf, "10.20") {
  int major = 0;
  int minor = 0;
  std::sscanf("v10.20", "v%d.%d", &major, &minor);
  return std::to_string(major) + "." + std::to_string(minor);
}
