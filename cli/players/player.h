// A player plays a scenario's exchanges and connections on some host.
#pragma once

#include <stdexcept>

#include "scenario/outcome.h"
#include "scenario/scenario.h"

namespace sluice::scenario {

/// Thrown when the host cannot play the scenario at all: it is missing, does not start, or cannot load the filter.
/// what() says why, and what to do about it.
class PlayerError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Plays scenarios on one kind of host.
class Player {
 public:
  virtual ~Player() = default;

  /// Plays all exchanges of `scenario` in order. Its filters must have their files; see useModules(). A refused
  /// configuration and a failed exchange are outcomes; throws PlayerError when the host itself fails.
  virtual Outcome play(const Scenario& scenario) = 0;
};

}  // namespace sluice::scenario
