// Text: `std::to_chars`, `std::from_chars` of integers
#include <charconv>
#include <string>

#include "../feature.h"

FEATURE(charconv, "ff 255") {
  char digits[8];
  const auto end = std::to_chars(digits, digits + sizeof digits, 255, 16).ptr;
  int value = 0;
  std::from_chars(digits, end, value, 16);
  return std::string(digits, end) + " " + std::to_string(value);
}
