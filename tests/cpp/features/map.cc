// Containers: `std::map`, `std::multimap`
#include <map>
#include <string>

#include "../feature.h"

FEATURE(map, "a1 b2 2") {
  std::map<std::string, int> counts = {{"b", 2}, {"a", 1}};
  const std::multimap<int, int> pairs = {{1, 1}, {1, 2}};
  std::string text;
  for (const auto& [name, count] : counts) text += name + std::to_string(count) + " ";
  return text + std::to_string(pairs.count(1));
}
