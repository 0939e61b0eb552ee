// Numbers: `__int128`
#include <cstdint>
#include <string>

#include "../feature.h"

FEATURE(int128, "10000000000") {
  __extension__ using Wide = unsigned __int128;
  const Wide product = Wide{10000000000ULL} * 10000000000ULL;
  return std::to_string(static_cast<uint64_t>(product / 10000000000ULL));
}
