// Sending HTTP/1.1 messages through the mock host, which knows nothing of HTTP/1.1: as Envoy's codec would show them to
// filters.
#pragma once

#include "sluice/host/callout.h"
#include "sluice/host/http_stream.h"
#include "sluice/host/message.h"

namespace sluice::scenario {

/// The headers of a response as they come from an HTTP/1.1 server.
host::Headers responseHeaders(const host::Message& response);

/// The client sends a request.
void sendRequest(host::HttpStream& stream, const host::Message& request);

/// The upstream replies to the request; `toHead` leaves the body away, as the answer to HEAD demands.
void sendReply(host::HttpStream& stream, const host::CalloutReply& reply, bool toHead);

}  // namespace sluice::scenario
