// Time: `std::chrono` durations
#include <chrono>
#include <string>

#include "../feature.h"

FEATURE(duration, "90") {
  using namespace std::chrono_literals;
  return std::to_string(std::chrono::duration_cast<std::chrono::seconds>(1min + 30s).count());
}
