// Time: `std::chrono` calendar
#include <chrono>
#include <string>

#include "../feature.h"

FEATURE(calendar, "2024 2 29") {
  using namespace std::chrono;
  const year_month_day day = sys_days(2024y / March / 1) - days(1);
  return std::to_string(static_cast<int>(day.year())) + " " + std::to_string(static_cast<unsigned>(day.month())) + " " +
         std::to_string(static_cast<unsigned>(day.day()));
}
