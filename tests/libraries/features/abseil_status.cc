// Abseil: `Status`, `StatusOr`
#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <string>

#include "../../cpp/feature.h"

static absl::StatusOr<int> half(int number) {
  if (number % 2 != 0) return absl::InvalidArgumentError("odd");
  return number / 2;
}

FEATURE(abseil_status, "2 INVALID_ARGUMENT: odd") {
  return std::to_string(half(4).value()) + " " + half(3).status().ToString();
}
