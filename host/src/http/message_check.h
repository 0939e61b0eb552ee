// What a proxy's HTTP codec refuses to put on the wire.
#pragma once

#include <optional>
#include <string>

#include "abi/header_map.h"

namespace sluice::host {

/// What a proxy answers in place of a message that it cannot pass on.
struct Refusal {
  uint32_t status;
  std::string details;
  std::string body;
};

/// Why a request cannot go up to the upstream; nothing when it can. Envoy looks after the filters have let it go.
std::optional<Refusal> refuseRequest(const HeaderMap& headers);

/// Why a response cannot go down to the client. Envoy checks nothing but the status.
std::optional<Refusal> refuseResponse(const HeaderMap& headers);

}  // namespace sluice::host
