// The configuration of the Envoy that `sluice run` starts.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "proxy/settings.h"

namespace sluice::proxy {

/// The name under which the filter is discovered. Envoy's statistics about it have this name in theirs.
inline constexpr const char* kDiscovered = "filter";

/// Where the Envoy finds what it needs.
struct Places {
  uint16_t listen = 0;            ///< The port of the listener `ingress`; 0 for any that is free.
  uint16_t upstream = 0;          ///< The port of the echo or relay in this process; 0 for the server in the settings.
  std::filesystem::path filter;   ///< The file that discovery() fills, in a folder for it alone.
  std::filesystem::path taps;     ///< The folder for recordings of requests; empty for none. See taps.h.
  bool announcesClients = false;  ///< A connection to the upstream begins with a line that names the client's port.
};

/// A bootstrap configuration in JSON. It reads its filter from `places.filter`, at first and whenever that is replaced.
std::string bootstrap(const Settings& settings, const Places& places);

/// The text of `places.filter` for a filter.
std::string discovery(const scenario::Filter& filter, envoy::Chain chain, size_t version);

}  // namespace sluice::proxy
