// Numbers: `std::numeric_limits`
#include <limits>
#include <string>

#include "../feature.h"

FEATURE(limits, "127 4294967295") {
  return std::to_string(std::numeric_limits<signed char>::max()) + " " +
         std::to_string(std::numeric_limits<unsigned>::max());
}
