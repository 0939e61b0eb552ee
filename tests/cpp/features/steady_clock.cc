// Time: `std::chrono::steady_clock`
// imports WASI
#include <chrono>
#include <string>

#include "../feature.h"

FEATURE(steady_clock, "1") {
  const auto before = std::chrono::steady_clock::now();
  return std::to_string(std::chrono::steady_clock::now() >= before);
}
