// Checks for messages that a proxy's HTTP codec refuses to send.
#pragma once

#include <optional>
#include <string>

#include "abi/header_map.h"

namespace sluice::host {

/// The response that a proxy sends instead of a message that it cannot pass on.
struct Refusal {
  uint32_t status;
  std::string details;
  std::string body;
};

/// Why the proxy cannot send a request to the upstream; nothing when it can. Envoy checks after the filters.
std::optional<Refusal> refuseRequest(const HeaderMap& headers);

/// Why the proxy cannot send a response to the client; nothing when it can. Envoy checks only the status.
std::optional<Refusal> refuseResponse(const HeaderMap& headers);

}  // namespace sluice::host
