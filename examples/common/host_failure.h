// Failures of the host, as against things that are not there.
#pragma once

#include <string_view>

#include "sluice/log.h"

/// Whether the host has failed to say, which is then logged as `what`. That there is nothing to be had, NotFound, is an
/// answer.
inline bool hasFailed(sluice::Status status, std::string_view what) {
  return status != sluice::Status::NotFound && !sluice::warnUnlessOk(status, what);
}
