// Containers: `std::unordered_map`, `std::unordered_set`
#include <string>
#include <unordered_map>
#include <unordered_set>

#include "../feature.h"

FEATURE(unordered_map, "7 1") {
  std::unordered_map<std::string, int> counts;
  for (int i = 0; i < 100; ++i) counts[std::to_string(i)] = i;
  return std::to_string(counts.at("7")) + " " + std::to_string(std::unordered_set<int>{4}.count(4));
}
