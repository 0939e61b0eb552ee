// Language: `std::atomic`
#include <atomic>
#include <string>

#include "../feature.h"

FEATURE(atomic, "2") {
  std::atomic<int> number = 1;
  number.fetch_add(1);
  return std::to_string(number.load());
}
