// Utilities: `std::any`
#include <any>
#include <string>

#include "../feature.h"

FEATURE(any, "3") {
  const std::any anything = 3;
  const int* number = std::any_cast<int>(&anything);
  return number == nullptr ? "none" : std::to_string(*number);
}
