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

/// A TCP connection through a proxy. The test plays the client (downstream) and the upstream, step by step; the host
/// calls the filters in between as Envoy calls its network filters. Data from the client passes the filters in order,
/// data from the upstream in reverse order.
///
/// Envoy reads from the client only once the upstream is connected, and it connects to the upstream once every filter
/// has let the new connection pass. The host buffers the data that a filter holds back; with the next piece, the filter
/// sees all of it again.
class TcpStream {
 public:
  /// For the library itself: call Host::openTcpStream or Plugin::openTcpStream.
  explicit TcpStream(std::shared_ptr<TcpStreamImpl> impl);
  ~TcpStream();  ///< Closes the connection from the client's side if it is still open.
  TcpStream(const TcpStream&) = delete;
  TcpStream& operator=(const TcpStream&) = delete;

  // --- The client's side
  /// The client sends a piece; with `end`, it half-closes the connection: it sends no more but can still receive.
  void downstreamData(std::string_view bytes, bool end = false);
  /// The client breaks the connection.
  void downstreamClose();

  // --- The upstream's side
  /// The upstream sends a piece; with `end`, it sends no more. The connection closes when both sides have ended. Throws
  /// an Error of kind Usage while the upstream is not connected.
  void upstreamData(std::string_view bytes, bool end = false);
  /// The upstream breaks the connection: the proxy closes the connection to the client.
  void upstreamClose();

  // --- What has arrived
  /// The data that the upstream has received so far.
  [[nodiscard]] const TcpReceived& received() const;
  /// The data that the client has received so far.
  [[nodiscard]] const TcpReceived& answer() const;
  /// Whether the upstream is connected: every filter has let the new connection pass.
  [[nodiscard]] bool connected() const;
  /// Whether a filter holds back the new connection or data from the client.
  [[nodiscard]] bool downstreamPaused() const;
  /// Whether a filter holds back data from the upstream.
  [[nodiscard]] bool upstreamPaused() const;
  /// Whether the connection is closed: the host has called on_done, on_log and on_delete.
  [[nodiscard]] bool closed() const;
  /// The id of the stream context in the filter at `position` of the chain; 0 when there is no such filter.
  [[nodiscard]] uint32_t contextId(size_t position = 0) const;

  // --- Properties
  /// Sets a property for this connection; see HttpStream::setProperty.
  void setProperty(std::string_view path, std::string_view value);
  /// The value of a property that a filter wrote, or nothing; see HttpStream::writtenProperty.
  [[nodiscard]] std::optional<std::string> writtenProperty(std::string_view path) const;

 private:
  std::shared_ptr<TcpStreamImpl> impl_;
};

}  // namespace sluice::host
