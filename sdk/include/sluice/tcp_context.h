// The class for filters of TCP connections: override the callbacks you need, and register it (register.h).
#pragma once

#include <cstddef>
#include <cstdint>

#include "sluice/abi.h"
#include "sluice/buffer.h"
#include "sluice/context.h"

namespace sluice {

/// One TCP connection: downstream is the client, upstream the server that the proxy connects it to. In Envoy it is a
/// network filter.
class TcpContext : public ContextBase {
 public:
  /// The client has connected. StopIteration holds the connection to the upstream back (proxy_on_new_connection).
  virtual FilterStatus onNewConnection() { return FilterStatus::Continue; }
  /// Bytes from the client are here: `size` of them, those included that StopIteration has held back so far;
  /// `endOfStream` when it will send no more (proxy_on_downstream_data). Continue passes on what is then in
  /// downstreamData().
  virtual FilterStatus onDownstreamData(size_t /*size*/, bool /*endOfStream*/) { return FilterStatus::Continue; }
  /// The same for bytes from the upstream (proxy_on_upstream_data).
  virtual FilterStatus onUpstreamData(size_t /*size*/, bool /*endOfStream*/) { return FilterStatus::Continue; }
  /// The client's connection is closed, by the client (Remote) or by the proxy (Local)
  /// (proxy_on_downstream_connection_close).
  virtual void onDownstreamConnectionClose(PeerType /*closedBy*/) {}
  /// The upstream's connection is closed. Envoy calls this when the upstream will send no more, and cannot say who
  /// closed it: Unknown (proxy_on_upstream_connection_close).
  virtual void onUpstreamConnectionClose(PeerType /*closedBy*/) {}

  /// The bytes that go from the client to the upstream, and those that come back: in their callbacks, and as long as
  /// they are held back.
  /// @{
  Buffer downstreamData() const { return Buffer(BufferType::DownstreamData); }
  Buffer upstreamData() const { return Buffer(BufferType::UpstreamData); }
  /// @}

  /// Lets a new connection, or bytes from the client, go on that StopIteration held back. BadArgument when nothing is
  /// held back, or when the connection was closed (proxy_continue_stream).
  Status continueDownstream() { return continueStream(StreamType::Downstream, downstreamPaused_); }
  /// The same for bytes from the upstream. Envoy cannot do it, and answers Unimplemented: there, what is held back goes
  /// on with the upstream's next bytes (proxy_continue_stream).
  Status continueUpstream() { return continueStream(StreamType::Upstream, upstreamPaused_); }
  /// Closes the client's, or the upstream's, connection; Envoy closes both for either. Return StopIteration afterwards
  /// (proxy_close_stream).
  /// @{
  Status closeDownstream() { return closeStream(StreamType::Downstream); }
  Status closeUpstream() { return closeStream(StreamType::Upstream); }
  /// @}

 private:
  friend internal::Dispatch;
  Status continueStream(StreamType type, bool& paused);
  Status closeStream(StreamType type);

  bool downstreamPaused_ = false;  // The last callback answered StopIteration.
  bool upstreamPaused_ = false;
  bool closed_ = false;
};

}  // namespace sluice
