// Utilities: `std::error_code`, `std::system_error`'s categories
#include <string>
#include <system_error>

#include "../feature.h"

FEATURE(error_code, "1 generic") {
  const auto code = std::make_error_code(std::errc::invalid_argument);
  return std::to_string(code == std::errc::invalid_argument) + " " + code.category().name();
}
