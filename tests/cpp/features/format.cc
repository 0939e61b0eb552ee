// Text: `std::format`
// imports WASI
#if __has_include(<format>)
#include <format>
#include <string>

#include "../feature.h"

FEATURE(format, "   42|2.50|0x2a|ok") { return std::format("{:>5}|{:.2f}|{:#x}|{}", 42, 2.5, 42, "ok"); }
#endif
