// A call in a script, and the callback that makes it.
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

/// `digits` as a number, or `fallback` when they are not a number.
template <class T>
T toNumber(std::string_view digits, T fallback) {
  T value = fallback;
  const auto result = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return result.ec == std::errc() ? value : fallback;
}

/// One call of a script: calls `function` with `arguments` in `callback`.
struct Call {
  std::string_view callback;
  std::string_view function;
  std::vector<std::string_view> arguments;
  std::string_view event;  ///< The callback's text in the script, such as "request_body@2".
  std::string_view step;   ///< The text of the function and its arguments in the script.

  std::string_view text(size_t index) const { return index < arguments.size() ? arguments[index] : std::string_view(); }
  /// The argument as a number, or `fallback` when it is missing or not a number.
  template <class T = int64_t>
  T number(size_t index, T fallback = 0) const {
    return toNumber<T>(text(index), fallback);
  }
  /// The arguments from `index` on, as names and values in turn.
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

/// The callback that makes a call; `stream` and `connection` are null in a root context's callbacks.
struct Place {
  Root& root;
  /// The id of the callback's context.
  uint32_t context;
  Stream* stream;
  Connection* connection;
  /// The value that the callback will return.
  int answer;
};

/// A callback that has just been called.
struct Event {
  std::string_view object;  ///< "root", "stream" or "connection".
  uint32_t id;              ///< The context's id.
  const Callback& callback;
  std::string detail = {};  ///< The callback's arguments without endOfStream, separated by spaces.
  std::optional<bool> endOfStream = {};
};

// A module has one set of steps (sdk/ or hostcalls/), which defines these two functions.

/// Makes the call and logs the result. Returns false if there is no such function.
bool perform(const Call& call, Place& place);
/// Logs a callback.
void tell(const Event& event);

}  // namespace script
