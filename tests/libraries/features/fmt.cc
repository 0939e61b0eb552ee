// fmt: `fmt::format`
#include <fmt/format.h>

#include <string>

#include "../../cpp/feature.h"

FEATURE(fmt, "one 2.50 0x03") { return fmt::format("{} {:.2f} {:#04x}", "one", 2.5, 3); }
