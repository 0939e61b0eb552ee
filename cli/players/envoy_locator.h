// Finds the Envoy executable.
#pragma once

#include <filesystem>

namespace sluice::scenario {

/// The Envoy to use: `requested` unless it is empty, else $SLUICE_ENVOY, else `envoy` on $PATH, else `.venv/bin/envoy`
/// in the current folder or one above it. If there is none, throws a PlayerError that says how to install Envoy.
std::filesystem::path locateEnvoy(const std::filesystem::path& requested);

}  // namespace sluice::scenario
