// Plays scenarios on the mock host, inside this process.
#pragma once

#include "players/player.h"
#include "scenario/trace.h"

namespace sluice::scenario {

/// Plays scenarios on Sluice's mock host, which behaves as Envoy does, and counts what each callback costs.
class MockPlayer : public Player {
 public:
  /// With a `trace`, records the crossings there, also when play() throws.
  explicit MockPlayer(Trace* trace = nullptr) : trace_(trace) {}
  Outcome play(const Scenario& scenario) override;

 private:
  Trace* trace_;
};

}  // namespace sluice::scenario
