// Utilities: `std::function`, `std::bind`, `std::invoke`
#include <functional>
#include <string>

#include "../feature.h"

FEATURE(function, "5 3") {
  int one = 1;
  const std::function<int(int)> plus = [&one](int x) { return x + one; };
  using namespace std::placeholders;
  const auto minus = std::bind(std::minus<>(), _1, one);
  return std::to_string(plus(4)) + " " + std::to_string(std::invoke(minus, 4));
}
