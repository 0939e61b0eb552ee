// Numbers: `std::rand`, `std::srand`
#include <cstdlib>
#include <string>

#include "../feature.h"

FEATURE(rand, "1") {
  std::srand(7);
  const int first = std::rand();
  std::srand(7);
  return std::to_string(first == std::rand());
}
