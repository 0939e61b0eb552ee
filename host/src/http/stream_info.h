// What is known of an HTTP stream: what its ends have received, and how it stands.
#pragma once

#include <string>

#include "abi/stream_attributes.h"
#include "sluice/host/message.h"
#include "sluice/host/profile.h"
#include "sluice/host/received.h"
#include "state/clock.h"

namespace sluice::host {

/// What properties, filters and the stream itself share.
struct StreamInfo {
  const Profile& profile;
  const Clock& clock;
  StreamAttributes attributes;
  Received received = {};      ///< The request, as the upstream has received it.
  Received answer = {};        ///< The response, as the client has received it.
  bool localResponse = false;  ///< The response is the proxy's own.
  std::string details = {};    ///< How the response came about, in Envoy's words.
  bool closed = false;         ///< The stream has ended; filters see nothing more.
};

}  // namespace sluice::host
