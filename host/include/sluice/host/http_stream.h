// One HTTP stream through a chain of filters.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "sluice/host/message.h"
#include "sluice/host/received.h"

namespace sluice::host {

class Host;
class Plugin;
class StreamImpl;

/// An HTTP stream through a proxy. The test plays the client and the upstream, step by step; the host calls the filters
/// in between as Envoy would, in Envoy's order. When a filter holds parts of a message back, they arrive once the
/// filter continues.
class HttpStream {
 public:
  /// For the library itself: call Host::openStream or Plugin::openStream.
  explicit HttpStream(std::shared_ptr<StreamImpl> impl);
  ~HttpStream();  ///< Closes the stream if it is still open.
  HttpStream(const HttpStream&) = delete;
  HttpStream& operator=(const HttpStream&) = delete;

  // --- The client's side
  /// Sends the request's headers; with `end`, nothing follows.
  void requestHeaders(const Headers& headers, bool end = false);
  /// Sends a piece of the request's body; with `end`, nothing follows.
  void requestBody(std::string_view chunk, bool end = false);
  /// Sends the last piece of the request's body and the end of the request as one read of an HTTP/1.1 connection brings
  /// them: a filter sees the piece, then the end in a callback of its own, and nothing arrives in between.
  void requestBodyThenEnd(std::string_view chunk);
  /// Sends the request's trailers, which end it.
  void requestTrailers(const Headers& trailers);
  /// Sends an HTTP/2 METADATA frame (which Envoy passes on with `allow_metadata`).
  void requestMetadata(const Headers& metadata);
  /// Sends a whole request.
  void request(const Message& message);
  /// Ends the stream, as when the client disconnects: the host calls on_log, on_done and on_delete. Does nothing when
  /// the stream has already ended: it ends by itself once the client has sent the whole request and received the whole
  /// response.
  void close();

  // --- The upstream's side
  /// Sends the response's headers; with `end`, nothing follows.
  void responseHeaders(const Headers& headers, bool end = false);
  /// Sends a piece of the response's body; with `end`, nothing follows.
  void responseBody(std::string_view chunk, bool end = false);
  /// Sends the last piece of the response's body and the end of the response, as requestBodyThenEnd() does.
  void responseBodyThenEnd(std::string_view chunk);
  /// Sends the response's trailers, which end it.
  void responseTrailers(const Headers& trailers);
  /// Sends an HTTP/2 METADATA frame.
  void responseMetadata(const Headers& metadata);
  /// Sends a whole response at once; only its headers if the upstream got a HEAD request, or with status 204 or 304.
  void response(const Message& message);
  /// Sends `message` as soon as the upstream has received the whole request: at once, or when the filter that holds the
  /// request back continues it.
  void respondWith(Message message);
  /// The upstream breaks the connection: the client gets a 503, a 502 if a filter holds back the beginning of the
  /// response, or a reset if the response's headers have gone to the client.
  void upstreamReset();

  // --- What has arrived
  /// The request as the upstream has received it so far.
  [[nodiscard]] const Received& received() const;
  /// The response as the client has received it so far.
  [[nodiscard]] const Received& answer() const;
  /// The request and the response so far, and the state of the stream.
  [[nodiscard]] Exchange exchange() const;
  /// Whether a filter holds the request back.
  [[nodiscard]] bool requestPaused() const;
  /// Whether a filter holds the response back.
  [[nodiscard]] bool responsePaused() const;
  /// Whether the stream has ended: the host has called on_log, on_done and on_delete.
  [[nodiscard]] bool closed() const;
  /// The id of the stream context in the filter at `position` of the chain; 0 before the request's headers.
  [[nodiscard]] uint32_t contextId(size_t position = 0) const;

  // --- Properties
  /// Sets the property at a dotted `path` ("source.address", "connection.requested_server_name") for this stream.
  /// `value` holds the bytes that the guest reads: text, 8 little-endian bytes for a number, or 1 byte for a boolean.
  void setProperty(std::string_view path, std::string_view value);
  /// The value that a filter wrote with set_property (path "name") or with Envoy's foreign function
  /// set_envoy_filter_state (path "filter_state.name"); nothing when no filter wrote one.
  [[nodiscard]] std::optional<std::string> writtenProperty(std::string_view path) const;

 private:
  std::shared_ptr<StreamImpl> impl_;
};

}  // namespace sluice::host
