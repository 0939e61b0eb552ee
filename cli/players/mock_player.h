// Plays scenarios on the mock host, inside this process.
#pragma once

#include "players/player.h"

namespace sluice::scenario {

/// Plays scenarios on Sluice's mock host, which behaves as Envoy does, and counts what each callback costs.
class MockPlayer : public Player {
 public:
  Outcome play(const Scenario& scenario) override;
};

}  // namespace sluice::scenario
