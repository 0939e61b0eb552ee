// Containers: `std::array`
#include <array>
#include <string>

#include "../feature.h"

FEATURE(array, "6") {
  constexpr std::array<int, 3> kNumbers = {1, 2, 3};
  int sum = 0;
  for (const int number : kNumbers) sum += number;
  return std::to_string(sum);
}
