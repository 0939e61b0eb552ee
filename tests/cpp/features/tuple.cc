// Utilities: `std::tuple`, `std::pair`, structured bindings
#include <string>
#include <tuple>
#include <utility>

#include "../feature.h"

FEATURE(tuple, "1 half") {
  const auto [number, fraction] = std::make_tuple(1, "half");
  return std::to_string(std::get<0>(std::pair(number, 0))) + " " + fraction;
}
