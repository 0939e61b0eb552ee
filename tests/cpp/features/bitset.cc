// Containers: `std::bitset`
#include <bitset>
#include <string>

#include "../feature.h"

FEATURE(bitset, "1010 2") {
  const std::bitset<4> bits(10);
  return bits.to_string() + " " + std::to_string(bits.count());
}
