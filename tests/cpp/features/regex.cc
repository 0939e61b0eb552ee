// Text: `std::regex`
// imports WASI
#include <regex>
#include <string>

#include "../feature.h"

FEATURE(regex, "a-b") { return std::regex_replace("a, b", std::regex(",\\s*"), "-"); }
