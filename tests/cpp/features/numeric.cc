// Algorithms: `<numeric>`: accumulate, gcd, midpoint
#include <numeric>
#include <string>
#include <vector>

#include "../feature.h"

FEATURE(numeric, "6 4 3") {
  const std::vector<int> numbers = {1, 2, 3};
  return std::to_string(std::accumulate(numbers.begin(), numbers.end(), 0)) + " " + std::to_string(std::gcd(8, 12)) +
         " " + std::to_string(std::midpoint(2, 4));
}
