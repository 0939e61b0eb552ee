// Utilities: `<=>`
#include <compare>
#include <string>

#include "../feature.h"

FEATURE(compare, "1 0") {
  struct Version {
    int major;
    int minor;
    auto operator<=>(const Version&) const = default;
  };
  return std::to_string(Version{1, 2} < Version{1, 3}) + " " + std::to_string(Version{1, 2} == Version{1, 3});
}
