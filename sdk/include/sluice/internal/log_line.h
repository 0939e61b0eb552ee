// Builds a log line.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>

#include "sluice/abi.h"

namespace sluice::internal {

// These functions append to the current line, of which there is one at a time, and send it. The line is in the
// callback's memory. When memory is exhausted, text is left out.
void appendToLog(std::string_view text);
void appendToLog(char character);
void appendDecimalToLog(uint32_t magnitude, bool negative);
void appendDecimalToLog(uint64_t magnitude, bool negative);
void sendLog(LogLevel level);
/// The part of warnUnlessOk() for a status other than Ok.
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
    // Uses 64-bit division only for 64-bit types.
    using Unsigned = std::conditional_t<sizeof(T) <= sizeof(uint32_t), uint32_t, uint64_t>;
    const bool negative = value < T{0};
    appendDecimalToLog(negative ? Unsigned{0} - static_cast<Unsigned>(value) : static_cast<Unsigned>(value), negative);
  }
}
/// Appends the name of a Status, a LogLevel and so on.
template <class T>
  requires requires(T value) { std::string_view(toString(value)); }
void appendToLog(T value) {
  appendToLog(std::string_view(toString(value)));
}
/// Appends a std::string, or another type that converts to a string_view.
template <class T>
  requires(std::convertible_to<T, std::string_view> && !std::is_array_v<T>)
void appendToLog(const T& text) {
  appendToLog(std::string_view(text));
}

}  // namespace sluice::internal
