// Numbers: `<cmath>`
#include <cmath>
#include <string>

#include "../feature.h"

FEATURE(cmath, "1414 8 1") {
  return std::to_string(std::lround(1000 * std::sqrt(2.0))) + " " + std::to_string(std::lround(std::pow(2.0, 3.0))) +
         " " + std::to_string(std::lround(std::sin(3.14159265358979 / 2)));
}
