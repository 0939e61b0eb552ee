// A decision of the authorization service, in a form that can be cached.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ext_auth/settings.h"
#include "sluice/callout.h"

/// A decision: the request may pass, with headers for the upstream; or it is refused, with a response for the client.
struct Decision {
  uint32_t status = 0;  // of the service's reply
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  bool isForOne = false;  // the decision is only for the client that the service was asked about

  bool passes() const { return status >= 200 && status < 300; }

  /// Reads the service's reply. Returns nothing when there is no decision: no reply, or one with which the service or a
  /// proxy on the way reports a failure (5xx).
  static std::optional<Decision> of(const sluice::HttpReply& reply, const Settings& settings);

  /// Converts to bytes and back; returns nothing for bytes that are not a decision.
  std::string encode() const;
  static std::optional<Decision> decode(std::string_view bytes);
};
