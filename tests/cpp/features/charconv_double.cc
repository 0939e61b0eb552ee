// Text: `std::to_chars` of floating-point numbers
#include <charconv>
#include <string>

#include "../feature.h"

FEATURE(charconv_double, "0.1 1e+300") {
  char digits[64];
  auto* end = std::to_chars(digits, digits + sizeof digits, 0.1).ptr;
  *end++ = ' ';
  end = std::to_chars(end, digits + sizeof digits, 1e300).ptr;
  return std::string(digits, end);
}
