// Abseil: Status, StatusOr
#include <absl/status/status.h>
#include <absl/status/statusor.h>
#include <absl/strings/str_cat.h>

#include <string>

#include "../../cpp/feature.h"

static absl::StatusOr<int> half(int number) {
  if (number % 2 != 0) return absl::InvalidArgumentError(absl::StrCat(number, " is odd"));
  return number / 2;
}

FEATURE(abseil_status, "2 INVALID_ARGUMENT: 5 is odd") {
  return absl::StrCat(half(4).value(), " ", half(5).status().ToString());
}
