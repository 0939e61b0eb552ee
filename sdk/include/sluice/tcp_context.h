// The base class for filters of TCP connections: derive from it, override the callbacks you need, and register your
// class (register.h).
#pragma once

#include <cstddef>
#include <cstdint>

#include "sluice/abi.h"
#include "sluice/buffer.h"
#include "sluice/context.h"

namespace sluice {

/// One TCP connection. Downstream is the client; upstream is the server to which the proxy connects the client. In
/// Envoy such a filter is a network filter.
class TcpContext : public ContextBase {
 public:
  /// The client has connected. With StopIteration the host waits before it connects to the upstream
  /// (proxy_on_new_connection).
  virtual FilterStatus onNewConnection() { return FilterStatus::Continue; }
  /// Bytes from the client have arrived: `size` is their number, including the bytes that earlier StopIteration results
  /// have held back; `endOfStream` when the client will send no more. Continue passes on the content of
  /// downstreamData() (proxy_on_downstream_data).
  virtual FilterStatus onDownstreamData(size_t /*size*/, bool /*endOfStream*/) { return FilterStatus::Continue; }
  /// Bytes from the upstream have arrived; see onDownstreamData() (proxy_on_upstream_data).
  virtual FilterStatus onUpstreamData(size_t /*size*/, bool /*endOfStream*/) { return FilterStatus::Continue; }
  /// The client's connection is closed, by the client (Remote) or by the proxy (Local)
  /// (proxy_on_downstream_connection_close).
  virtual void onDownstreamConnectionClose(PeerType /*closedBy*/) {}
  /// The upstream's connection is closed. Envoy calls this when the upstream will send no more. Envoy does not know
  /// which side closed the connection and passes Unknown (proxy_on_upstream_connection_close).
  virtual void onUpstreamConnectionClose(PeerType /*closedBy*/) {}

  /// The bytes on the way from the client to the upstream, and from the upstream to the client. They can be read in
  /// their callbacks, and as long as StopIteration holds them back; BadArgument in onDone(), onLog() and onDelete().
  /// @{
  [[nodiscard]] Buffer downstreamData() const { return Buffer(BufferType::DownstreamData); }
  [[nodiscard]] Buffer upstreamData() const { return Buffer(BufferType::UpstreamData); }
  /// @}

  /// Continues a new connection, or passes on bytes from the client, after StopIteration. BadArgument when nothing is
  /// held back, when the filter has closed the connection, and in onDone(), onLog() and onDelete()
  /// (proxy_continue_stream).
  Status continueDownstream() { return continueStream(StreamType::Downstream, downstreamPaused_); }
  /// Passes on bytes from the upstream after StopIteration. Envoy returns Unimplemented: there, the held bytes go on
  /// with the upstream's next bytes (proxy_continue_stream).
  Status continueUpstream() { return continueStream(StreamType::Upstream, upstreamPaused_); }
  /// Closes the client's or the upstream's connection; Envoy closes both in either case. Return StopIteration
  /// afterwards. BadArgument when the filter has already closed one, and in onDone(), onLog() and onDelete()
  /// (proxy_close_stream).
  /// @{
  Status closeDownstream() { return closeStream(StreamType::Downstream); }
  Status closeUpstream() { return closeStream(StreamType::Upstream); }
  /// @}

 private:
  friend internal::Dispatch;

  bool downstreamPaused_ = false;  // The last callback returned StopIteration.
  bool upstreamPaused_ = false;
};

}  // namespace sluice
