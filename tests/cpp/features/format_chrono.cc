// Time: `std::format` of dates
// imports WASI
#if __has_include(<format>)
#include <chrono>
#include <format>
#include <string>

#include "../feature.h"

FEATURE(format_chrono, "2024-02-29") {
  using namespace std::chrono;
  return std::format("{:%F}", sys_days(2024y / February / 29));
}
#endif
