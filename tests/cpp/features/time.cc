// Time: `std::time`
// imports WASI
#include <cstdint>
#include <ctime>
#include <string>

#include "../feature.h"

FEATURE(time, "1700000000") { return std::to_string(static_cast<int64_t>(std::time(nullptr))); }
