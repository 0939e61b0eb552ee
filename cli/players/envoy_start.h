// Waits until an Envoy takes requests.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "players/envoy_admin.h"
#include "players/envoy_log.h"
#include "players/envoy_process.h"

namespace sluice::scenario {

/// An Envoy that takes requests.
struct StartedEnvoy {
  EnvoyAdmin admin;
  uint16_t listenerPort;  ///< Of the listener of envoyConfig().
};

/// Waits until Envoy accepts requests. Returns nothing if a filter refused its configuration. Throws PlayerError, with
/// Envoy's log, when Envoy ends or does not get ready. `envoy` must live until then.
boost::asio::awaitable<std::optional<StartedEnvoy>> waitForStart(boost::asio::io_context& io, EnvoyProcess& envoy);

/// The entries as one text.
std::string hostLog(const std::vector<EnvoyLogEntry>& entries);

}  // namespace sluice::scenario
