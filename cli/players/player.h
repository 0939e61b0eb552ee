// A player takes a scenario and lets the exchanges happen on some host.
#pragma once

#include <stdexcept>

#include "scenario/outcome.h"
#include "scenario/scenario.h"

namespace sluice::scenario {

/// The host cannot play the scenario at all: it is missing, does not start, or cannot load the filter. what() says why
/// and what to do about it.
class PlayerError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Plays scenarios on one kind of host.
class Player {
 public:
  virtual ~Player() = default;

  /// Plays all exchanges of `scenario`, whose filters have their files (see useModules()), in order. A refused
  /// configuration and a failed exchange are outcomes; throws PlayerError where the host itself fails.
  virtual Outcome play(const Scenario& scenario) = 0;
};

}  // namespace sluice::scenario
