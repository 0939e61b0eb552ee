// Algorithms: `std::boyer_moore_searcher`
#include <algorithm>
#include <functional>
#include <string>

#include "../feature.h"

FEATURE(boyer_moore, "6") {
  const std::string text = "hello needle";
  const std::string part = "needle";
  return std::to_string(std::search(text.begin(), text.end(), std::boyer_moore_searcher(part.begin(), part.end())) -
                        text.begin());
}
