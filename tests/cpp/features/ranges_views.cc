// Algorithms: `std::views`: filter, transform, split
#include <ranges>
#include <string>
#include <vector>

#include "../feature.h"

FEATURE(ranges_views, "4 16") {
  const std::vector<int> numbers = {1, 2, 3, 4};
  std::string text;
  for (const int square : numbers | std::views::filter([](int n) { return n % 2 == 0; }) |
                              std::views::transform([](int n) { return n * n; })) {
    if (!text.empty()) text += ' ';
    text += std::to_string(square);
  }
  return text;
}
