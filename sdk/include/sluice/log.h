// Log lines with levels. Nothing is formatted below the level that the host shows.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>

#include "sluice/abi.h"

namespace sluice {

/// Whether the host shows lines of `level` now. Asks the host once in a callback (proxy_get_log_level); true where the
/// host cannot say.
bool logEnabled(LogLevel level);

namespace internal {

// The line being put together; there is one at a time. It grows in the callback's memory; text for which there is no
// memory is left out.
void appendToLog(std::string_view text);
void appendToLog(char character);
void appendDecimalToLog(uint32_t magnitude, bool negative);
void appendDecimalToLog(uint64_t magnitude, bool negative);
void sendLog(LogLevel level);
/// warnUnlessOk() for what is not Ok.
void warnOf(Status status, std::string_view what);

template <size_t kSize>
void appendToLog(const char (&literal)[kSize]) {
  appendToLog(std::string_view(literal, kSize - 1));
}
template <std::integral T>
void appendToLog(T value) {
  if constexpr (std::same_as<T, bool>) {
    appendToLog(value ? std::string_view("true", 4) : std::string_view("false", 5));
  } else {
    // 64-bit division only where it is needed.
    using Unsigned = std::conditional_t<sizeof(T) <= sizeof(uint32_t), uint32_t, uint64_t>;
    const bool negative = value < T{0};
    appendDecimalToLog(negative ? Unsigned{0} - static_cast<Unsigned>(value) : static_cast<Unsigned>(value), negative);
  }
}
/// A Status, a LogLevel …: its name.
template <class T>
  requires requires(T value) { std::string_view(toString(value)); }
void appendToLog(T value) {
  appendToLog(std::string_view(toString(value)));
}
/// A std::string or whatever else reads as a string_view.
template <class T>
  requires(std::convertible_to<T, std::string_view> && !std::is_array_v<T>)
void appendToLog(const T& text) {
  appendToLog(std::string_view(text));
}

}  // namespace internal

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

/// For a call whose failure the filter can only report: logs "`what`: status 2" at Warn unless `status` is Ok. Returns
/// whether it was Ok. The number, as the spec's proxy_status_t has it, saves a small filter the names' 300 bytes; log
/// `status` itself for its name.
///
///     warnUnlessOk(responseHeaders().add("hello", "tomorrow"), "adding hello");
inline bool warnUnlessOk(Status status, std::string_view what) {
  if (status == Status::Ok) [[likely]]
    return true;
  internal::warnOf(status, what);
  return false;
}

}  // namespace sluice
