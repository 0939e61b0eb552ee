// Plays one TCP connection on a running Envoy.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <cstdint>

#include "players/envoy_admin.h"
#include "players/tcp_peer.h"
#include "scenario/connection.h"
#include "scenario/outcome.h"

namespace sluice::scenario {

/// Connects to `listenerPort`, plays the steps, waits a while for the expected data, and closes the connection.
/// `upstream` is the server that Envoy connects to.
boost::asio::awaitable<ConnectionOutcome> playConnection(boost::asio::io_context& io, EnvoyAdmin admin,
                                                         uint16_t listenerPort, TcpServer& upstream,
                                                         const ScriptedConnection& connection);

}  // namespace sluice::scenario
