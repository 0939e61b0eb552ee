// Time: `std::chrono::system_clock`: the host's clock
// imports WASI
#include <chrono>
#include <string>

#include "../feature.h"

FEATURE(system_clock, "1700000000") {
  using namespace std::chrono;
  return std::to_string(duration_cast<seconds>(system_clock::now().time_since_epoch()).count());
}
