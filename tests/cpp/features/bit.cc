// Utilities: `<bit>`: bit_cast, popcount, rotl
#include <bit>
#include <cstdint>
#include <cstdio>
#include <string>

#include "../feature.h"

FEATURE(bit, "3 3f800000") {
  char digits[16];
  std::snprintf(digits, sizeof digits, "%x", static_cast<unsigned>(std::bit_cast<uint32_t>(1.0F)));
  return std::to_string(std::popcount(uint32_t{7})) + " " + digits;
}
