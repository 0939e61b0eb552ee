// Containers: `std::list`, `std::forward_list`
#include <forward_list>
#include <list>
#include <string>

#include "../feature.h"

FEATURE(list, "21 1") {
  std::list<int> numbers = {1, 2};
  numbers.reverse();
  const std::forward_list<int> one = {1};
  return std::to_string(numbers.front()) + std::to_string(numbers.back()) + " " + std::to_string(one.front());
}
