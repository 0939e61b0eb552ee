// Time: `std::gmtime`, `std::strftime`
// imports WASI
#include <ctime>
#include <string>

#include "../feature.h"

FEATURE(strftime, "2023-11-14 22:13:20") {
  const std::time_t time = 1700000000;
  char text[32];
  std::strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S", std::gmtime(&time));
  return text;
}
