// Language: `std::initializer_list`, variadic templates, fold expressions
#include <initializer_list>
#include <string>

#include "../feature.h"

FEATURE(initializer_list, "6 3") {
  const auto sum = [](auto... numbers) { return (numbers + ...); };
  return std::to_string(sum(1, 2, 3)) + " " + std::to_string(std::initializer_list<int>{1, 2, 3}.size());
}
