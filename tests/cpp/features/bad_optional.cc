// What stops a filter: `value()` of an empty `std::optional`
#include <optional>
#include <string>

#include "../feature.h"

FEATURE_ENDS(bad_optional, "bad_optional_access|abort() was called") {
  const volatile bool no = false;
  const std::optional<int> number = no ? std::optional<int>(1) : std::nullopt;
  return std::to_string(number.value());
}
