// Abseil: times and durations
#include <absl/time/time.h>

#include <string>

#include "../../cpp/feature.h"

FEATURE(abseil_time, "2023-11-14T22:13:20+00:00 1m30s 86400") {
  const auto time = absl::FromUnixSeconds(1'700'000'000);
  absl::Time parsed;
  std::string error;
  if (!absl::ParseTime(absl::RFC3339_full, "2023-11-15T22:13:20Z", &parsed, &error)) return error;
  return absl::FormatTime(absl::RFC3339_sec, time, absl::UTCTimeZone()) + " " +
         absl::FormatDuration(absl::Seconds(90)) + " " + std::to_string(absl::ToInt64Seconds(parsed - time));
}
