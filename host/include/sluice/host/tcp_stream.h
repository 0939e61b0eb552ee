// One TCP connection through a chain of filters.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "sluice/host/received.h"

namespace sluice::host {

class TcpStreamImpl;

/// A connection in the middle of a proxy. The test plays the client (downstream) and the upstream, step by step; the
/// filters in between see what Envoy's network filters would see, in Envoy's order: what the client sends passes the
/// chain forwards, what the upstream sends passes it backwards.
///
/// Envoy reads from the client only once the upstream is connected, which is when every filter has let the new
/// connection pass. Bytes that a filter holds back pile up: it sees all of them again with the next piece.
class TcpStream {
 public:
  /// For the library itself: see Plugin::openTcpStream and Host::openTcpStream.
  explicit TcpStream(std::shared_ptr<TcpStreamImpl> impl);
  ~TcpStream();  ///< The client goes away, when the connection is still open.
  TcpStream(const TcpStream&) = delete;
  TcpStream& operator=(const TcpStream&) = delete;

  // --- The client's side
  /// The client sends a piece; `end` when it will send no more. It can still receive.
  void downstreamData(std::string_view bytes, bool end = false);
  /// The client breaks the connection.
  void downstreamClose();

  // --- The upstream's side
  /// The upstream sends a piece; `end` when it will send no more. The connection closes when both sides have ended.
  /// Throws an Error of kind Usage while the upstream is not connected.
  void upstreamData(std::string_view bytes, bool end = false);
  /// The upstream breaks the connection: the proxy closes the client's.
  void upstreamClose();

  // --- What has arrived
  /// What the upstream has received so far.
  [[nodiscard]] const TcpReceived& received() const;
  /// What the client has received so far.
  [[nodiscard]] const TcpReceived& answer() const;
  /// Every filter has let the new connection pass.
  [[nodiscard]] bool connected() const;
  /// A filter holds back the new connection or what the client sent.
  [[nodiscard]] bool downstreamPaused() const;
  /// A filter holds back what the upstream sent.
  [[nodiscard]] bool upstreamPaused() const;
  /// The connection is closed: on_done, on_log and on_delete were called.
  [[nodiscard]] bool closed() const;
  /// The guest's id of this connection in the filter at `position` of the chain; 0 when there is no such filter.
  [[nodiscard]] uint32_t contextId(size_t position = 0) const;

  // --- What filters read as properties
  /// As HttpStream::setProperty.
  void setProperty(std::string_view path, std::string_view value);
  /// As HttpStream::writtenProperty.
  [[nodiscard]] std::optional<std::string> writtenProperty(std::string_view path) const;

 private:
  std::shared_ptr<TcpStreamImpl> impl_;
};

}  // namespace sluice::host
