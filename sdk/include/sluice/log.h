// Log lines with levels. Nothing is formatted below the level that the host shows.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "sluice/abi.h"

namespace sluice {

/// Whether the host shows lines of `level` now. Asks the host once in a callback (proxy_get_log_level); true where the
/// host cannot say.
bool logEnabled(LogLevel level);

namespace internal {

/// A growing line of text in the callback's memory; text that does not fit any more is left out.
class LogLine {
 public:
  void append(std::string_view text);
  void append(const char* text) { append(std::string_view(text)); }
  void append(char character) { append(std::string_view(&character, 1)); }
  void append(bool value) { append(value ? std::string_view("true") : std::string_view("false")); }
  template <std::integral T>
  void append(T value) {
    if constexpr (sizeof(T) <= 4) {
      // 32-bit division is one instruction of WebAssembly and of most hosts' processors.
      appendDecimal(value < 0 ? 0 - static_cast<uint32_t>(value) : static_cast<uint32_t>(value), value < 0);
    } else {
      appendDecimal64(value < 0 ? 0 - static_cast<uint64_t>(value) : static_cast<uint64_t>(value), value < 0);
    }
  }
  /// A Status, a LogLevel …: its name.
  template <class T>
    requires requires(T value) { std::string_view(toString(value)); }
  void append(T value) {
    append(std::string_view(toString(value)));
  }
  /// A std::string or whatever else reads as a string_view.
  template <std::convertible_to<std::string_view> T>
  void append(const T& text) {
    append(std::string_view(text));
  }

  void send(LogLevel level) const;

 private:
  void appendDecimal(uint32_t magnitude, bool negative);
  void appendDecimal64(uint64_t magnitude, bool negative);

  char* data_ = nullptr;
  size_t size_ = 0;
  size_t capacity_ = 0;
};

}  // namespace internal

/// Logs `parts` one after another as one line at `level` (proxy_log): strings, characters, integers, bools, and the
/// ABI's enums by name.
///
///     logWarn("no key ", id, " in the configuration: ", status);
template <class... Parts>
void log(LogLevel level, const Parts&... parts) {
  if (!logEnabled(level)) return;
  internal::LogLine line;
  (line.append(parts), ...);
  line.send(level);
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

/// For a call whose failure the filter can only report: logs "`what`: <status>" at Warn unless `status` is Ok.
/// Returns whether it was Ok.
///
///     warnUnlessOk(responseHeaders().add("hello", "tomorrow"), "adding hello");
bool warnUnlessOk(Status status, std::string_view what);

}  // namespace sluice
