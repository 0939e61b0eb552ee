// Plays one TCP connection on the mock host.
#pragma once

#include <memory>
#include <vector>

#include "scenario/client.h"
#include "scenario/connection.h"
#include "scenario/outcome.h"
#include "sluice/host/host.h"

namespace sluice::scenario {

/// Plays the steps and closes the connection.
ConnectionOutcome playConnection(host::Host& proxy, const std::vector<std::shared_ptr<host::Plugin>>& plugins,
                                 const Client& client, const ScriptedConnection& connection);

}  // namespace sluice::scenario
