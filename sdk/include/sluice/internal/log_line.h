// The log line that is being put together.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>

#include "sluice/abi.h"

namespace sluice::internal {

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

}  // namespace sluice::internal
