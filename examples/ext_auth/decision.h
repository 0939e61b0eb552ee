// What the authorization service decided, in a form that can be kept.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ext_auth/settings.h"
#include "sluice/callout.h"

/// A decision: whether a request may pass, with headers for the upstream; or with what the client is answered.
struct Decision {
  uint32_t status = 0;  // the service's
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  bool isForOne = false;  // what the service said is for the client that it was asked about, and for no other

  bool passes() const { return status >= 200 && status < 300; }

  /// What the service's reply means; nothing when it decided nothing: there is no reply, or one that says that the
  /// service, or the way to it, failed (5xx).
  static std::optional<Decision> of(const sluice::HttpReply& reply, const Settings& settings);

  /// As bytes, and back; nothing for bytes that are no decision.
  std::string encode() const;
  static std::optional<Decision> decode(std::string_view bytes);
};
