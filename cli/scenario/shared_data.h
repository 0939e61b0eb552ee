// Shared data before and after a scenario.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "scenario/matcher.h"

namespace sluice::scenario {

/// An expectation of the value of one key at the end.
struct SharedDataExpectation {
  std::string key;
  std::optional<TextMatcher> value;  ///< Nothing: there is no such key.
  size_t line = 0;                   ///< In the scenario file; 0 when it is not known.
};

}  // namespace sluice::scenario
