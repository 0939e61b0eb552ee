// Algorithms: `std::ranges` algorithms
#include <algorithm>
#include <ranges>
#include <string>
#include <vector>

#include "../feature.h"

FEATURE(ranges_algorithms, "321") {
  std::vector<int> numbers = {1, 3, 2};
  std::ranges::sort(numbers, std::ranges::greater());
  std::string text;
  for (const int number : numbers) text += std::to_string(number);
  return text;
}
