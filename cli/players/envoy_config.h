// The bootstrap configuration of an Envoy that plays a scenario.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "scenario/scenario.h"

namespace sluice::scenario {

/// JSON for an Envoy with one listener on an ephemeral port of 127.0.0.1, the scenario's filters, one cluster that is
/// the upstream at `upstreamPort`, and one for each service, at the port that `servicePorts` says. The headers that
/// Envoy would add on its own account are switched off where it can be.
std::string envoyConfig(const Scenario& scenario, uint16_t upstreamPort,
                        const std::map<std::string, uint16_t>& servicePorts);

}  // namespace sluice::scenario
