// Text: `<cctype>`
#include <cctype>
#include <string>

#include "../feature.h"

FEATURE(cctype, "A1") { return {static_cast<char>(std::toupper('a')), std::isdigit('7') != 0 ? '1' : '0'}; }
