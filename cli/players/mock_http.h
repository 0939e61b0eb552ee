// Sends HTTP/1.1 messages through the mock host. The host knows nothing of HTTP/1.1, so these functions make the
// messages that Envoy's codec would show to filters.
#pragma once

#include <optional>

#include "sluice/host/callout.h"
#include "sluice/host/http_stream.h"
#include "sluice/host/message.h"

namespace sluice::scenario {

/// The headers of a response as they come from an HTTP/1.1 server.
host::Headers responseHeaders(const host::Message& response);
/// The headers of a response whose end does not come: its content-length counts one byte more than follow.
host::Headers brokenOffHeaders(const host::Message& response);

/// The response with which Envoy refuses a request before its filters see it; nothing for a request that they see.
std::optional<host::Message> refusalOf(const host::Message& request);

/// Sends a request from the client.
void sendRequest(host::HttpStream& stream, const host::Message& request);

/// Sends the upstream's reply; `toHead` omits the body, for a response to HEAD.
void sendReply(host::HttpStream& stream, const host::CalloutReply& reply, bool toHead);

}  // namespace sluice::scenario
