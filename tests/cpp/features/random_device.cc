// Numbers: `std::random_device`
// imports WASI
#include <random>
#include <string>

#include "../feature.h"

FEATURE(random_device, "1") {
  std::random_device device;
  uint32_t bits = 0;
  for (int i = 0; i < 32; ++i) bits |= device();
  return std::to_string(bits != 0);
}
