// Algorithms: `std::qsort`, `std::bsearch`
#include <cstdlib>
#include <string>

#include "../feature.h"

FEATURE(qsort, "1 3") {
  int numbers[] = {3, 1, 2};
  const auto compare = [](const void* a, const void* b) {
    return *static_cast<const int*>(a) - *static_cast<const int*>(b);
  };
  std::qsort(numbers, 3, sizeof(int), compare);
  const int wanted = 3;
  return std::to_string(numbers[0]) + " " +
         std::to_string(*static_cast<const int*>(std::bsearch(&wanted, numbers, 3, sizeof(int), compare)));
}
