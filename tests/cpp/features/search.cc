// Algorithms: `std::search`, `std::lower_bound`, heaps
#include <algorithm>
#include <string>
#include <vector>

#include "../feature.h"

FEATURE(search, "2 9") {
  const std::string text = "abcd";
  const std::string part = "cd";
  std::vector<int> heap = {3, 9, 4};
  std::make_heap(heap.begin(), heap.end());
  return std::to_string(std::search(text.begin(), text.end(), part.begin(), part.end()) - text.begin()) + " " +
         std::to_string(heap.front());
}
