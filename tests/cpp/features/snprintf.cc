// Text: `std::snprintf`
// imports WASI
#include <cstdio>
#include <string>

#include "../feature.h"

FEATURE(snprintf, "  7 3.14 x") {
  char line[32];
  std::snprintf(line, sizeof line, "%3d %.2f %s", 7, 3.14159, "x");
  return line;
}
