// Checks for messages that a proxy finds no route for, or that its HTTP codec refuses to send.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "abi/header_map.h"
#include "sluice/host/message.h"

namespace sluice::host {

/// The response that a proxy sends instead of a message that it cannot pass on.
struct Refusal {
  uint32_t status;
  std::string details;
  std::string body;
  std::string problem;  ///< What the filter did wrong.
  uint64_t flags;       ///< Envoy's response flags.
};

/// Whether `text` is a token of RFC 9110: a field name, or a method.
bool isToken(std::string_view text);
/// Whether `value` has no control character except tab, as RFC 9110 asks of a field value; bytes from 0x80 on may stand
/// there.
bool isFieldValue(std::string_view value);

/// Why the proxy cannot send a request to the upstream; nothing when it can. Envoy checks after the filters.
/// `needsForwardedProto`: the client's request had x-forwarded-proto, without which Envoy finds no route.
std::optional<Refusal> refuseRequest(const HeaderMap& headers, bool needsForwardedProto);

/// The status as Envoy reads it from a filter's `:status`: a number, maybe with a sign and blanks around it.
std::optional<uint64_t> statusNumber(const HeaderMap& headers);

/// Why the proxy cannot send a response to the client; nothing when it can. Envoy checks only that there is a status.
std::optional<Refusal> refuseResponse(const HeaderMap& headers);

/// Whether requests with this method have no body unless they say so.
bool isBodiless(std::string_view method);

/// Whether a response to a request with this method can have a body.
bool mayHaveBody(std::string_view method, const Message& response);

}  // namespace sluice::host
