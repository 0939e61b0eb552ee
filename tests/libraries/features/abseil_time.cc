// Abseil: Time, Duration
#include <absl/strings/str_cat.h>
#include <absl/time/time.h>

#include <string>

#include "../../cpp/feature.h"

FEATURE(abseil_time, "2001-09-09T01:46:40+00:00 1.5s 1000000000") {
  const absl::Time time = absl::FromUnixSeconds(1'000'000'000);
  absl::Time parsed;
  std::string error;
  const std::string text = absl::FormatTime(absl::RFC3339_full, time, absl::UTCTimeZone());
  if (!absl::ParseTime(absl::RFC3339_full, text, &parsed, &error)) return error;
  return absl::StrCat(text, " ", absl::FormatDuration(absl::Milliseconds(1500)), " ", absl::ToUnixSeconds(parsed));
}
