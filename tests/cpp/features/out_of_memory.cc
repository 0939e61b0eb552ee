// What stops a filter: `new` where there is no memory
#include <cstdint>
#include <memory>
#include <string>

#include "../feature.h"

FEATURE_ENDS(out_of_memory, "out of memory") {
  const volatile size_t size = SIZE_MAX / 4;
  const std::unique_ptr<char[]> bytes(new char[size]);
  bytes[0] = 'x';
  return std::string(bytes.get(), 1);
}
