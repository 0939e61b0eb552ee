// Containers: `std::span`
#include <span>
#include <string>

#include "../feature.h"

FEATURE(span, "5") {
  const int numbers[] = {1, 2, 3};
  const auto tail = std::span(numbers).subspan(1);
  return std::to_string(tail[0] + tail[1]);
}
