// The host's clock.
#pragma once

#include <chrono>
#include <cstdint>

#include "sluice/abi.h"
#include "sluice/internal/hostcalls.h"
#include "sluice/result.h"

namespace sluice {

/// A length of time, in nanoseconds.
using Duration = std::chrono::duration<int64_t, std::nano>;
/// A point in time, in nanoseconds since the Unix epoch.
using Timestamp = std::chrono::time_point<std::chrono::system_clock, Duration>;

/// The current time, or the host's approximation of it. It may stay the same during a callback
/// (proxy_get_current_time_nanoseconds).
inline Result<Timestamp> currentTime() {
  uint64_t nanoseconds = 0;
  const auto status = abi::proxy_get_current_time_nanoseconds(&nanoseconds);
  if (status != Status::Ok) return status;
  return Timestamp(Duration(static_cast<int64_t>(nanoseconds)));
}

}  // namespace sluice
