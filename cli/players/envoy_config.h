// The bootstrap configuration of an Envoy that plays a scenario.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "scenario/scenario.h"

namespace sluice::scenario {

/// JSON for an Envoy with one listener on an ephemeral port of 127.0.0.1, the scenario's filters, one cluster for the
/// upstream at `upstreamPort`, and one cluster for each service at its port in `servicePorts`. It disables the headers
/// that Envoy itself would add, as far as Envoy allows.
std::string envoyConfig(const Scenario& scenario, uint16_t upstreamPort,
                        const std::map<std::string, uint16_t>& servicePorts);

}  // namespace sluice::scenario
