#include "players/mock_http.h"

#include <string>

#include "players/http1.h"

namespace sluice::scenario {
namespace {

// Envoy's connection manager adds headers of its own, and removes "transfer-encoding".
host::Headers requestHeaders(const host::Message& request) {
  host::Headers headers = {{":authority", request.header(":authority")},
                           {":path", request.header(":path")},
                           {":method", request.header(":method")},
                           {":scheme", "http"}};
  for (const auto& header : request.headers) {
    if (!header.first.starts_with(':')) headers.push_back(header);
  }
  if (!request.isChunked() && !request.chunks.empty()) {
    if (auto field = framing(request, request.body().size())) headers.push_back(std::move(*field));
  }
  headers.emplace_back("x-forwarded-proto", "http");
  return headers;
}

// HTTP/1.1 marks the end of a chunked body only after its last piece, so the end comes as an empty piece.
template <class SendHeaders, class SendBody, class SendTrailers>
void sendPieces(const host::Message& message, bool withBody, const SendHeaders& sendHeaders, const SendBody& sendBody,
                const SendTrailers& sendTrailers) {
  const bool empty = !withBody || (!message.isChunked() && message.body().empty());
  sendHeaders(empty);
  if (empty) return;
  for (const auto& chunk : message.chunks) sendBody(chunk, false);
  if (message.trailers.empty()) {
    sendBody(std::string(), true);
  } else {
    sendTrailers(message.trailers);
  }
}

void sendResponse(host::HttpStream& stream, const host::Message& response, bool toHead) {
  sendPieces(
      response, !toHead && mayHaveBody(response),
      [&](bool end) { stream.responseHeaders(responseHeaders(response), end); },
      [&](const std::string& chunk, bool end) { stream.responseBody(chunk, end); },
      [&](const host::Headers& trailers) { stream.responseTrailers(trailers); });
}

}  // namespace

host::Headers responseHeaders(const host::Message& response) {
  host::Headers headers = response.headers;
  const auto length = mayHaveBody(response) ? std::optional(response.body().size()) : std::nullopt;
  if (auto field = framing(response, length)) headers.push_back(std::move(*field));
  return headers;
}

void sendRequest(host::HttpStream& stream, const host::Message& request) {
  sendPieces(
      request, true, [&](bool end) { stream.requestHeaders(requestHeaders(request), end); },
      [&](const std::string& chunk, bool end) { stream.requestBody(chunk, end); },
      [&](const host::Headers& trailers) { stream.requestTrailers(trailers); });
}

void sendReply(host::HttpStream& stream, const host::CalloutReply& reply, bool toHead) {
  using Kind = host::CalloutReply::Kind;
  switch (reply.kind) {
    case Kind::Never:
      break;
    case Kind::ConnectionFailure:
    case Kind::ConnectionTermination:
      stream.upstreamReset();
      break;
    case Kind::Reset:
      stream.responseHeaders(responseHeaders(reply.response), false);
      for (const auto& chunk : reply.response.chunks) stream.responseBody(chunk, false);
      stream.upstreamReset();
      break;
    case Kind::Response:
      sendResponse(stream, reply.response, toHead);
      break;
  }
}

}  // namespace sluice::scenario
