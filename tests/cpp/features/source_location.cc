// Utilities: `std::source_location`
#include <source_location>
#include <string>

#include "../feature.h"

FEATURE(source_location, "1") { return std::to_string(std::source_location::current().line() != 0); }
