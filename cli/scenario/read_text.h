// Reads texts, and expectations of texts.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "scenario/matcher.h"
#include "scenario/yaml.h"

namespace sluice::scenario {

/// Reads a text: a scalar, `{repeat: text, times: n}` or `{base64: text}`.
std::string readText(const YamlNode& node);

/// Reads an expectation of a text: a text (see readText()), `{contains: …}`, `{matches: regex}` or `{size: n}`.
TextMatcher readMatcher(const YamlNode& node);

/// Reads the matcher (equals, contains or matches) in a mapping that has other keys too; nothing when there is none.
std::optional<TextMatcher> findMatcher(const YamlNode& node);

/// Reads a mapping of header names to expectations of their values: a matcher, a list of matchers, `{absent: true}` for
/// no value, or `{present: true}` for any value.
std::vector<HeaderExpectation> readHeaderExpectations(const YamlNode& node);

}  // namespace sluice::scenario
