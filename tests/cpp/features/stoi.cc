// Text: `std::stoi`, `std::stod`
// imports WASI
#include <string>

#include "../feature.h"

FEATURE(stoi, "42.25") { return std::to_string(std::stoi("42") + std::stod("0.25")).substr(0, 5); }
