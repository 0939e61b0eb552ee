// Tells failures of hostcalls from missing values.
#pragma once

#include <string_view>

#include "sluice/log.h"

/// Whether a hostcall has failed; if so, logs it as `what`. NotFound means a missing value and is not a failure.
inline bool hasFailed(sluice::Status status, std::string_view what) {
  return status != sluice::Status::NotFound && !sluice::warnUnlessOk(status, what);
}
