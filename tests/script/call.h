// A call that a script asks for, and where it is made.
#pragma once

#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "callbacks.h"
#include "sluice/sluice.h"

namespace script {

class Root;
class Stream;
class Connection;

/// The number that `digits` write, or `fallback` when they are no number.
template <class T>
T toNumber(std::string_view digits, T fallback) {
  T value = fallback;
  const auto result = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return result.ec == std::errc() ? value : fallback;
}

/// One call of a script: `function` to be called in `callback` with `arguments`.
struct Call {
  std::string_view callback;
  std::string_view function;
  std::vector<std::string_view> arguments;
  std::string_view event;  ///< The callback as the script writes it, such as "request_body@2".
  std::string_view step;   ///< The function and its arguments as the script writes them.

  std::string_view text(size_t index) const { return index < arguments.size() ? arguments[index] : std::string_view(); }
  /// The argument as a number, or `fallback` when it is missing or no number.
  template <class T = int64_t>
  T number(size_t index, T fallback = 0) const {
    return toNumber<T>(text(index), fallback);
  }
  /// The arguments from `index` on as names and values.
  std::vector<sluice::Header> headers(size_t index) const {
    std::vector<sluice::Header> headers;
    for (; index + 1 < arguments.size(); index += 2) headers.push_back({arguments[index], arguments[index + 1]});
    return headers;
  }

  /// Logs `function: status`.
  void report(sluice::Status status) const { sluice::logInfo(function, ": ", status); }
  /// Logs `function = value`, or the status when there is none.
  template <class T>
  void report(const sluice::Result<T>& result) const {
    if (result.ok())
      reportValue(*result);
    else
      report(result.status());
  }
  void reportValue(std::string_view value) const { reportText(value); }
  void reportValue(bool value) const { reportText(value ? "true" : "false"); }
  void reportValue(const sluice::HeaderPairs& pairs) const;
  template <class T>
    requires requires(const T& value) { sluice::internal::appendToLog(value); }
  void reportValue(const T& value) const {
    sluice::logInfo(function, " = ", value);
  }

 private:
  void reportText(std::string_view value) const { sluice::logInfo(function, " = ", value); }
};

/// Where a call is made; `stream` and `connection` are null in a root context's callbacks.
struct Place {
  Root& root;
  /// The id of the context whose callback it is.
  uint32_t context;
  Stream* stream;
  Connection* connection;
  /// What the callback is to return.
  int answer;
};

/// A callback that has just been called.
struct Event {
  std::string_view object;  ///< "root", "stream" or "connection".
  uint32_t id;              ///< The context's.
  const Callback& callback;
  std::string detail = {};  ///< The callback's arguments but for the end of the stream, separated by spaces.
  std::optional<bool> endOfStream = {};
};

// A module has one set of steps (sdk/ or hostcalls/), which defines these two.

/// Makes the call and logs what it answers. False if there is no such function.
bool perform(const Call& call, Place& place);
/// Logs a callback.
void tell(const Event& event);

}  // namespace script
