// Utilities: `std::tuple`, `std::pair`, structured bindings
#include <string>
#include <tuple>
#include <utility>

#include "../feature.h"

FEATURE(tuple, "1 2.500000") {
  const auto [number, fraction] = std::make_tuple(1, 2.5);
  return std::to_string(std::get<0>(std::pair(number, 0))) + " " + std::to_string(fraction);
}
