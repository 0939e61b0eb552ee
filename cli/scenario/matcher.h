// A scenario's expectations of a text, a header, a message and the log.
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

/// An expectation of one text: a header's value, a body or a log line. All parts that are set must hold.
class TextMatcher {
 public:
  static TextMatcher equals(std::string text);
  static TextMatcher contains(std::string text);
  /// `pattern` is an ECMAScript regular expression. The matcher searches the text for it; `^` and `$` anchor it. Throws
  /// boost::regex_error when the pattern is malformed.
  static TextMatcher matches(const std::string& pattern);
  static TextMatcher size(size_t bytes);

  /// Whether `text` is as expected. A pattern that is too expensive to evaluate does not match.
  [[nodiscard]] bool accepts(std::string_view text) const;
  /// The expectation as messages show it: `"tomorrow"`, `containing "morrow"`, `matching /^to/`, `of 12 bytes`.
  [[nodiscard]] std::string describe() const;
  /// The line of the scenario file that has the expectation; 0 when it is not known.
  [[nodiscard]] size_t line() const { return line_; }
  void setLine(size_t line) { line_ = line; }

 private:
  enum class Kind { Equals, Contains, Matches, Size };
  TextMatcher(Kind kind, std::string text) : kind_(kind), text_(std::move(text)) {}

  Kind kind_;
  std::string text_;
  boost::regex pattern_;
  size_t size_ = 0;
  size_t line_ = 0;
};

/// An expectation of all values of one header.
struct HeaderExpectation {
  enum class Kind {
    Values,   ///< Exactly as many values as matchers, which accept them in order.
    Present,  ///< At least one value.
    Absent,   ///< No value.
  };
  std::string name;
  Kind kind = Kind::Values;
  std::vector<TextMatcher> values;
  size_t line = 0;  ///< In the scenario file; 0 when it is not known.
};

/// Whether the scenario expects a message or a connection to arrive at one end.
enum class Arrival {
  Unchecked,   ///< The scenario has no expectation.
  Reached,     ///< A message or a connection arrives.
  NotReached,  ///< Nothing arrives.
};

/// An expectation of the message that one end receives.
struct MessageExpectation {
  std::vector<HeaderExpectation> headers;
  std::optional<TextMatcher> body;
  std::vector<HeaderExpectation> trailers;
  size_t line = 0;  ///< See HeaderExpectation.
};

/// A line that the log must contain, or must not contain.
struct LogExpectation {
  std::optional<LogLevel> level;  ///< Nothing: any level.
  std::optional<TextMatcher> text;
  bool absent = false;
  size_t line = 0;  ///< See HeaderExpectation.

  /// Whether `line` matches the level and the text.
  [[nodiscard]] bool accepts(const host::LogLine& line) const;
  [[nodiscard]] std::string describe() const;
};

}  // namespace sluice::scenario
