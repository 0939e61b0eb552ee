// What a scenario expects of a text, a header, a message and the log.
#pragma once

#include <boost/regex.hpp>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sluice/abi.h"

namespace sluice::scenario {

/// What one text (a header's value, a body, a log line) must be like. All parts that are set must hold.
class TextMatcher {
 public:
  static TextMatcher equals(std::string text);
  static TextMatcher contains(std::string text);
  /// `pattern` is an ECMAScript regular expression that is searched for, so `^` and `$` tie it to the ends.
  /// Throws boost::regex_error for a malformed one.
  static TextMatcher matches(const std::string& pattern);
  static TextMatcher size(std::size_t bytes);

  /// Whether `text` is as expected. A pattern that is too costly to decide counts as no match.
  bool accepts(std::string_view text) const;
  /// What is expected, for a reader: `"tomorrow"`, `containing "morrow"`, `matching /^to/`, `of 12 bytes`.
  std::string describe() const;

 private:
  enum class Kind { kEquals, kContains, kMatches, kSize };
  TextMatcher(Kind kind, std::string text) : kind_(kind), text_(std::move(text)) {}

  Kind kind_;
  std::string text_;
  boost::regex pattern_;
  std::size_t size_ = 0;
};

/// What is expected of all the values of one header.
struct HeaderExpectation {
  enum class Kind {
    kValues,   ///< Exactly as many values as matchers, each accepted, in this order.
    kPresent,  ///< At least one value.
    kAbsent,   ///< No value.
  };
  std::string name;
  Kind kind = Kind::kValues;
  std::vector<TextMatcher> values;
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

  /// Whether a line of this level and text is the one meant.
  bool accepts(LogLevel lineLevel, std::string_view line) const;
  std::string describe() const;
};

/// The level as scenarios write it: "info". Empty for a value that the ABI does not define.
std::string_view levelName(LogLevel level);

/// The level of that name, if there is one.
std::optional<LogLevel> levelNamed(std::string_view name);

/// `text` in double quotes with control and non-ASCII bytes escaped; what goes beyond `limit` bytes is left out and
/// counted.
std::string quote(std::string_view text, std::size_t limit = 400);

}  // namespace sluice::scenario
