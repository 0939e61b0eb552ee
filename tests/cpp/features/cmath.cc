// Numbers: `<cmath>`
#include <cmath>
#include <cstdio>
#include <string>

#include "../feature.h"

FEATURE(cmath, "1.414 8 1") {
  char digits[32];
  std::snprintf(digits, sizeof digits, "%.3f %.0f %.0f", std::sqrt(2.0), std::pow(2.0, 3.0),
                std::sin(3.14159265358979 / 2));
  return digits;
}
