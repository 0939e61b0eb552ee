// What the properties of a stream tell of its client, on the mock host.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "scenario/client.h"

namespace sluice::scenario {

/// The properties that differ from those of a client with HTTP/1.1 and without TLS, in Envoy's serialisation, by path.
std::vector<std::pair<std::string, std::string>> clientProperties(const Client& client);

}  // namespace sluice::scenario
