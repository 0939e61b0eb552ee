// Containers: `std::pmr`: polymorphic allocators
#include <memory_resource>
#include <string>
#include <vector>

#include "../feature.h"

FEATURE(pmr, "3") {
  char memory[256];
  std::pmr::monotonic_buffer_resource arena(memory, sizeof memory);
  std::pmr::vector<int> numbers({1, 2, 3}, &arena);
  return std::to_string(numbers.size());
}
