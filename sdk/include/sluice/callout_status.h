// The status of the callout that the current callback reports.
#pragma once

#include <cstdint>
#include <string_view>

#include "sluice/abi.h"
#include "sluice/result.h"

namespace sluice {

/// How a callout ended, according to the host.
struct CalloutStatus {
  uint32_t code = 0;         ///< For a closed gRPC call or stream, the gRPC status; otherwise host-specific.
  std::string_view message;  ///< Valid until the callback returns.
};

/// The status of the callout that the current callback reports. Envoy gives one when a gRPC call or stream is closed.
/// It gives none for an HTTP callout, where the reply has the status (proxy_get_status).
Result<CalloutStatus> calloutStatus();

}  // namespace sluice
