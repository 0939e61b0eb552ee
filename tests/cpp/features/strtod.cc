// Text: `std::strtod`, `std::strtoul`
// imports WASI
#include <cstdlib>
#include <string>

#include "../feature.h"

FEATURE(strtod, "1500.000000 255") {
  return std::to_string(std::strtod("1.5e3", nullptr)) + " " + std::to_string(std::strtoul("ff", nullptr, 16));
}
