// What the script filter is made of: a call that a test has written down, and the functions that can be called.
#pragma once

#include <charconv>
#include <cstdint>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "sluice/sluice.h"

namespace script {

class Root;
class Stream;
class Connection;

/// One call of a script: `function` to be called in `callback` with `arguments`.
struct Call {
  std::string_view callback;
  std::string_view function;
  std::vector<std::string_view> arguments;

  std::string_view text(size_t index) const { return index < arguments.size() ? arguments[index] : std::string_view(); }
  /// The argument as a number, or `fallback` when it is missing or no number.
  template <class T = int64_t>
  T number(size_t index, T fallback = 0) const {
    const auto digits = text(index);
    T value = fallback;
    const auto result = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    return result.ec == std::errc() ? value : fallback;
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
  Stream* stream;
  /// What the callback is to return.
  int& answer;
  Connection* connection = nullptr;
};

// Each makes the call and answers true, or knows no such function and answers false.
bool callHeaderMap(const Call& call);
bool callBuffer(const Call& call);
bool callProperty(const Call& call);
bool callSharedState(const Call& call);
bool callMetric(const Call& call);
bool callLog(const Call& call);
bool callContext(const Call& call, Place place);
bool callConnection(const Call& call, Connection& connection);
bool callCallout(const Call& call, Place place);
bool callResult(const Call& call);

/// The text before the first dot of the function's name, or nothing.
inline std::string_view objectOf(std::string_view function) {
  const auto dot = function.find('.');
  return dot == function.npos ? std::string_view() : function.substr(0, dot);
}
inline std::string_view methodOf(std::string_view function) {
  const auto dot = function.find('.');
  return dot == function.npos ? function : function.substr(dot + 1);
}

}  // namespace script
