// Log lines with levels. A line below the level that the host shows is not formatted.
#pragma once

#include <string_view>

#include "sluice/abi.h"
#include "sluice/internal/log_line.h"

namespace sluice {

/// Whether the host shows lines of `level`. Asks the host once per callback (proxy_get_log_level); true when the host
/// does not implement that hostcall.
bool logEnabled(LogLevel level);

/// Logs `parts` one after another as one line at `level` (proxy_log): strings, characters, integers, bools, and the
/// ABI's enums by name.
///
///     logWarn("no key ", id, " in the configuration: ", status);
template <class... Parts>
void log(LogLevel level, const Parts&... parts) {
  if (!logEnabled(level)) return;
  (internal::appendToLog(parts), ...);
  internal::sendLog(level);
}
/// Logs at Trace; see log().
template <class... Parts>
void logTrace(const Parts&... parts) {
  log(LogLevel::Trace, parts...);
}
/// Logs at Debug; see log().
template <class... Parts>
void logDebug(const Parts&... parts) {
  log(LogLevel::Debug, parts...);
}
/// Logs at Info; see log().
template <class... Parts>
void logInfo(const Parts&... parts) {
  log(LogLevel::Info, parts...);
}
/// Logs at Warn; see log().
template <class... Parts>
void logWarn(const Parts&... parts) {
  log(LogLevel::Warn, parts...);
}
/// Logs at Error; see log().
template <class... Parts>
void logError(const Parts&... parts) {
  log(LogLevel::Error, parts...);
}
/// Logs at Critical; see log().
template <class... Parts>
void logCritical(const Parts&... parts) {
  log(LogLevel::Critical, parts...);
}

/// Reports a failed call: logs "`what`: status 2" at Warn unless `status` is Ok. Returns whether `status` is Ok. The
/// line has the number of the status (the spec's proxy_status_t), because the names would add 300 bytes to a small
/// filter; to log the name, pass `status` to log().
///
///     warnUnlessOk(responseHeaders().add("hello", "tomorrow"), "adding hello");
inline bool warnUnlessOk(Status status, std::string_view what) {
  if (status == Status::Ok) [[likely]]
    return true;
  internal::warnOf(status, what);
  return false;
}

}  // namespace sluice
