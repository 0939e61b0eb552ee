// The bootstrap configuration of an Envoy that plays a scenario.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "scenario/scenario.h"

namespace sluice::scenario {

/// JSON for an Envoy with one listener on an ephemeral port of 127.0.0.1, the filter, and one cluster that is the
/// upstream at `upstreamPort`. The headers that Envoy would add on its own account are switched off where it can be.
std::string envoyConfig(const PluginSettings& plugin, const std::filesystem::path& filter, std::uint16_t upstreamPort);

}  // namespace sluice::scenario
