// The state of an HTTP stream, and what its ends have received.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "abi/stream_attributes.h"
#include "sluice/host/message.h"
#include "sluice/host/profile.h"
#include "sluice/host/received.h"
#include "state/clock.h"

namespace sluice::host {

/// The state that properties, filters and the stream share.
struct StreamInfo {
  const Profile& profile;
  const Clock& clock;
  StreamAttributes attributes;
  Received received = {};                   ///< The request, as the upstream has received it.
  Received answer = {};                     ///< The response, as the client has received it.
  uint64_t requestBytes = 0;                ///< What the client has sent of the request's body.
  uint64_t responseBytes = 0;               ///< What the proxy has sent of the response's body.
  bool localResponse = false;               ///< A filter or the proxy made the response.
  uint64_t flags = 0;                       ///< Envoy's response flags.
  std::optional<std::string> details = {};  ///< Envoy's response code details.
  bool closed = false;                      ///< The stream has ended; filters get no more of it.
  int responseCode = 0;                     ///< The status of the response, as soon as there is one; 0 before.
  // When the request's headers went to the upstream, and when the upstream's response ended.
  std::optional<uint64_t> requestSent = {};
  std::optional<uint64_t> responseEnded = {};
};

}  // namespace sluice::host
