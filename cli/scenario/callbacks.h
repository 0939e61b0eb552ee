// The callbacks of filters that a scenario expects.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::scenario {

/// A callback that the host has called.
struct CallbackCall {
  std::string name;    ///< "on_request_headers"
  std::string action;  ///< What it returned: "StopIteration". Empty when it returns nothing, or trapped.
};

/// An expectation of the calls of one callback.
struct CallbackExpectation {
  std::string name;
  std::vector<std::string> actions;  ///< The action of each call, in order; if there is no `count`.
  std::optional<size_t> count;       ///< The number of calls.
  size_t line = 0;                   ///< In the scenario file; 0 when it is not known.

  /// Whether these calls of it are as expected.
  [[nodiscard]] bool accepts(const std::vector<std::string>& returned) const;
  /// The expectation as messages show it: `Continue, StopIteration`, `3 calls`.
  [[nodiscard]] std::string describe() const;
};

/// The calls of a callback as messages show them, by what they returned.
std::string describeActions(const std::vector<std::string>& returned);

/// What the calls of the callback `name` returned, in order.
std::vector<std::string> actionsOf(const std::vector<CallbackCall>& calls, std::string_view name);

}  // namespace sluice::scenario
