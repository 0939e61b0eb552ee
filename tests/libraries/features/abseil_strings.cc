// Abseil: strings
#include <absl/strings/str_cat.h>
#include <absl/strings/str_format.h>
#include <absl/strings/str_join.h>
#include <absl/strings/str_split.h>

#include <string>
#include <vector>

#include "../../cpp/feature.h"

FEATURE(abseil_strings, "a-b-c 7 0.5") {
  const std::vector<std::string> parts = absl::StrSplit("a,b,c", ',');
  return absl::StrCat(absl::StrJoin(parts, "-"), " ", 7, absl::StrFormat(" %.1f", 0.5));
}
