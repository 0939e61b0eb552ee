// Reading texts, and what is expected of texts.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "scenario/matcher.h"
#include "scenario/yaml.h"

namespace sluice::scenario {

/// A text: a scalar, `{repeat: text, times: n}` or `{base64: text}`.
std::string readText(const YamlNode& node);

/// What a text must be like: a text as readText() takes it, or `{contains: …}`, `{matches: regex}`, `{size: n}`.
TextMatcher readMatcher(const YamlNode& node);

/// The matcher that stands in a mapping beside other keys (equals, contains or matches), if there is one.
std::optional<TextMatcher> findMatcher(const YamlNode& node);

/// A mapping of header names to what is expected of their values: a matcher, a list of matchers, `absent` by
/// `{absent: true}`, or any value by `{present: true}`.
std::vector<HeaderExpectation> readHeaderExpectations(const YamlNode& node);

}  // namespace sluice::scenario
