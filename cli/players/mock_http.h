// Sends messages of HTTP/1.1 and HTTP/2 through the mock host. The host knows nothing of either, so these functions
// make the messages that Envoy's codecs would show to filters.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "scenario/client.h"

#include "sluice/host/callout.h"
#include "sluice/host/http_stream.h"
#include "sluice/host/message.h"

namespace sluice::scenario {

/// The headers of a response as they come from an HTTP/1.1 server.
host::Headers responseHeaders(const host::Message& response);
/// The headers of a response whose end does not come: its content-length counts one byte more than follow.
host::Headers brokenOffHeaders(const host::Message& response);

/// The response with which Envoy refuses a request before its filters see it; nothing for a request that they see.
std::optional<host::Message> refusalOf(const host::Message& request, const Client& client);

/// Sets the properties of a stream that tell how the client speaks with the proxy.
void setClientProperties(host::HttpStream& stream, const Client& client);

/// The pieces of a message in order, each as the function that sends it. They refer to the stream and the message.
using Pieces = std::vector<std::function<void()>>;

/// The pieces of a request from the client.
Pieces requestPieces(host::HttpStream& stream, const host::Message& request, const Client& client);

/// The pieces of the upstream's reply; `toHead` omits the body, for a response to HEAD.
Pieces replyPieces(host::HttpStream& stream, const host::CalloutReply& reply, bool toHead);

}  // namespace sluice::scenario
