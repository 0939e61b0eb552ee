// Algorithms: `std::sort`, `std::stable_sort`, `std::unique`
#include <algorithm>
#include <string>
#include <vector>

#include "../feature.h"

FEATURE(sort, "123") {
  std::vector<int> numbers = {3, 1, 2, 1};
  std::sort(numbers.begin(), numbers.end());
  numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
  std::stable_sort(numbers.begin(), numbers.end());
  std::string text;
  for (const int number : numbers) text += std::to_string(number);
  return text;
}
