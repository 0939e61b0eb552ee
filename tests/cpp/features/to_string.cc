// Text: `std::to_string` of numbers
// imports WASI
#include <string>

#include "../feature.h"

FEATURE(to_string, "-42 2.500000") { return std::to_string(-42) + ' ' + std::to_string(2.5); }
