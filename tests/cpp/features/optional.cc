// Utilities: `std::optional`
#include <optional>
#include <string>

#include "../feature.h"

FEATURE(optional, "4 0") {
  const std::optional<int> number = 4;
  return std::to_string(number.value_or(0)) + " " + std::to_string(std::optional<int>().value_or(0));
}
