// Numbers: `std::mt19937`, distributions, `std::shuffle`
#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "../feature.h"

FEATURE(mt19937, "3499211612 3") {
  std::mt19937 engine;
  const auto first = engine();
  std::vector<int> numbers = {1, 2, 3};
  std::shuffle(numbers.begin(), numbers.end(), engine);
  return std::to_string(first) + " " + std::to_string(numbers.size());
}
