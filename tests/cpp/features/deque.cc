// Containers: `std::deque`
#include <deque>
#include <string>

#include "../feature.h"

FEATURE(deque, "0 1 2") {
  std::deque<int> numbers = {1, 2};
  numbers.push_front(0);
  return std::to_string(numbers[0]) + " " + std::to_string(numbers[1]) + " " + std::to_string(numbers[2]);
}
