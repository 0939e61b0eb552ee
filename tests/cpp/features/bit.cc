// Utilities: `<bit>`: bit_cast, popcount, rotl
#include <bit>
#include <cstdint>
#include <string>

#include "../feature.h"

FEATURE(bit, "3 1065353216 8") {
  return std::to_string(std::popcount(uint32_t{7})) + " " + std::to_string(std::bit_cast<uint32_t>(1.0F)) + " " +
         std::to_string(std::rotl(uint32_t{1}, 3));
}
