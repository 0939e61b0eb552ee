// Containers: `std::valarray`
#include <string>
#include <valarray>

#include "../feature.h"

FEATURE(valarray, "12") {
  std::valarray<int> numbers = {1, 2, 3};
  numbers *= 2;
  return std::to_string(numbers.sum());
}
