// What stops a filter: what throws elsewhere, such as `std::vector::at`
#include <string>
#include <vector>

#include "../feature.h"

FEATURE_ENDS(vector_at, "vector") {
  const volatile size_t index = 3;
  const std::vector<int> numbers = {1};
  return std::to_string(numbers.at(index));
}
