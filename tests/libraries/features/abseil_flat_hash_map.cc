// Abseil: `flat_hash_map`
#include <absl/container/flat_hash_map.h>

#include <string>

#include "../../cpp/feature.h"

FEATURE(abseil_flat_hash_map, "1000 499500 gone") {
  absl::flat_hash_map<std::string, int> map;
  for (int i = 0; i < 1000; ++i) map[std::to_string(i)] = i;
  int sum = 0;
  for (const auto& [key, value] : map) sum += value;
  const size_t size = map.size();
  map.erase("7");
  return std::to_string(size) + " " + std::to_string(sum) + (map.contains("7") ? " there" : " gone");
}
