// What a scenario expects of a text, a header, a message and the log.
#pragma once

#include <boost/regex.hpp>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sluice/abi.h"
#include "sluice/host/log_line.h"

namespace sluice::scenario {

/// What one text (a header's value, a body, a log line) must be like. All parts that are set must hold.
class TextMatcher {
 public:
  static TextMatcher equals(std::string text);
  static TextMatcher contains(std::string text);
  /// `pattern` is an ECMAScript regular expression that is searched for, so `^` and `$` tie it to the ends.
  /// Throws boost::regex_error for a malformed one.
  static TextMatcher matches(const std::string& pattern);
  static TextMatcher size(size_t bytes);

  /// Whether `text` is as expected. A pattern that is too costly to decide counts as no match.
  [[nodiscard]] bool accepts(std::string_view text) const;
  /// What is expected, for a reader: `"tomorrow"`, `containing "morrow"`, `matching /^to/`, `of 12 bytes`.
  [[nodiscard]] std::string describe() const;

 private:
  enum class Kind { Equals, Contains, Matches, Size };
  TextMatcher(Kind kind, std::string text) : kind_(kind), text_(std::move(text)) {}

  Kind kind_;
  std::string text_;
  boost::regex pattern_;
  size_t size_ = 0;
};

/// What is expected of all the values of one header.
struct HeaderExpectation {
  enum class Kind {
    Values,   ///< Exactly as many values as matchers, each accepted, in this order.
    Present,  ///< At least one value.
    Absent,   ///< No value.
  };
  std::string name;
  Kind kind = Kind::Values;
  std::vector<TextMatcher> values;
};

/// Whether anything is expected to arrive at one end.
enum class Arrival {
  Unchecked,   ///< The scenario says nothing about it.
  Reached,     ///< A message, or a connection, arrives there.
  NotReached,  ///< None does.
};

/// What one end is expected to receive.
struct MessageExpectation {
  std::vector<HeaderExpectation> headers;
  std::optional<TextMatcher> body;
  std::vector<HeaderExpectation> trailers;
};

/// A line that is expected in the log, or expected not to be there.
struct LogExpectation {
  std::optional<LogLevel> level;  ///< Any level when not set.
  std::optional<TextMatcher> text;
  bool absent = false;

  /// Whether `line` is one that is meant.
  [[nodiscard]] bool accepts(const host::LogLine& line) const;
  [[nodiscard]] std::string describe() const;
};

}  // namespace sluice::scenario
