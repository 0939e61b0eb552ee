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

/// A stream in the middle of a proxy. The test plays the client and the upstream, step by step; the filters in between
/// see what Envoy would show them, in Envoy's order. Pieces that a filter holds back arrive when it continues.
class HttpStream {
 public:
  /// For the library itself: see Host::openStream and Plugin::openStream.
  explicit HttpStream(std::shared_ptr<StreamImpl> impl);
  ~HttpStream();  ///< Closes the stream when it is still open.
  HttpStream(const HttpStream&) = delete;
  HttpStream& operator=(const HttpStream&) = delete;

  // --- The client's side
  /// Sends the request's headers; `end` when nothing follows.
  void requestHeaders(const Headers& headers, bool end = false);
  /// Sends a piece of the request's body; `end` when nothing follows.
  void requestBody(std::string_view chunk, bool end = false);
  /// Sends the request's trailers, which end it.
  void requestTrailers(const Headers& trailers);
  /// Sends a METADATA frame, as HTTP/2 knows them (in Envoy: `allow_metadata`).
  void requestMetadata(const Headers& metadata);
  /// Sends a whole request.
  void request(const Message& message);
  /// The client goes away, or the proxy has finished with the stream: on_log, on_done, on_delete. Does nothing when the
  /// stream has ended already (it ends by itself when the client has got the whole response and sent the whole
  /// request).
  void close();

  // --- The upstream's side
  /// Sends the response's headers; `end` when nothing follows.
  void responseHeaders(const Headers& headers, bool end = false);
  /// Sends a piece of the response's body; `end` when nothing follows.
  void responseBody(std::string_view chunk, bool end = false);
  /// Sends the response's trailers, which end it.
  void responseTrailers(const Headers& trailers);
  /// Sends a METADATA frame.
  void responseMetadata(const Headers& metadata);
  /// Sends a whole response now.
  void response(const Message& message);
  /// Sends `message` as soon as the upstream has received the whole request: now, or when a filter that holds the
  /// request back lets it go.
  void respondWith(Message message);
  /// The upstream breaks the connection: the client gets a 503 where it has no headers yet, else a reset.
  void upstreamReset();

  // --- What has arrived
  /// The request as the upstream has received it so far.
  [[nodiscard]] const Received& received() const;
  /// The response as the client has received it so far.
  [[nodiscard]] const Received& answer() const;
  /// Both, and how the stream stands.
  [[nodiscard]] Exchange exchange() const;
  /// A filter holds the request back.
  [[nodiscard]] bool requestPaused() const;
  /// A filter holds the response back.
  [[nodiscard]] bool responsePaused() const;
  /// The stream has ended: on_log, on_done and on_delete were called.
  [[nodiscard]] bool closed() const;
  /// The guest's id of this stream in the filter at `position` of the chain; 0 before the request's headers.
  [[nodiscard]] uint32_t contextId(size_t position = 0) const;

  // --- What filters read as properties
  /// Sets the attribute at a dotted `path` ("source.address", "connection.requested_server_name") for this stream;
  /// `value` is the bytes that the guest reads: text, or 8 little-endian bytes for numbers, 1 for booleans.
  void setProperty(std::string_view path, std::string_view value);
  /// A property that a filter wrote with set_property ("name"), or with Envoy's foreign function
  /// set_envoy_filter_state ("filter_state.name"); or nothing.
  [[nodiscard]] std::optional<std::string> writtenProperty(std::string_view path) const;

 private:
  std::shared_ptr<StreamImpl> impl_;
};

}  // namespace sluice::host
