// Utilities: `new` of over-aligned types
#include <cstdint>
#include <memory>
#include <string>

#include "../feature.h"

FEATURE(aligned_new, "0") {
  struct alignas(64) Line {
    char bytes[64];
  };
  const auto line = std::make_unique<Line>();
  return std::to_string(reinterpret_cast<uintptr_t>(line.get()) % 64);
}
