// How the callout ended that the present callback is about.
#pragma once

#include <cstdint>
#include <string_view>

#include "sluice/abi.h"
#include "sluice/result.h"

namespace sluice {

/// What a host keeps of a callout's end.
struct CalloutStatus {
  uint32_t code = 0;         ///< The gRPC status when a gRPC call or stream was closed; else the host's to say.
  std::string_view message;  ///< Valid until the callback returns.
};

/// The status of the callout that the present callback is about. Envoy has one when a gRPC call or stream is closed; of
/// an HTTP callout it says nothing: there it is in the reply (proxy_get_status).
Result<CalloutStatus> calloutStatus();

}  // namespace sluice
