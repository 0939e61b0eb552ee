// Plays scenarios on a real Envoy, with a real upstream and a real client.
#pragma once

#include <filesystem>

#include "players/player.h"

namespace sluice::scenario {

/// Starts an Envoy for each scenario, on 127.0.0.1 with ephemeral ports; several may run at once.
class EnvoyPlayer : public Player {
 public:
  /// `envoy` is the executable to run.
  explicit EnvoyPlayer(std::filesystem::path envoy) : envoy_(std::move(envoy)) {}

  Outcome play(const Scenario& scenario) override;

 private:
  std::filesystem::path envoy_;
};

}  // namespace sluice::scenario
