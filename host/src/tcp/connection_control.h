// The state of a TCP connection, and the operations of a filter on it.
#pragma once

#include <cstdint>
#include <memory>

#include "abi/direction.h"
#include "abi/stream_attributes.h"
#include "sluice/abi.h"
#include "sluice/host/profile.h"
#include "sluice/host/tcp_stream.h"

namespace sluice::host {

class TcpContext;

/// The state of a connection, and what its ends have received.
struct ConnectionInfo {
  const Profile& profile;
  StreamAttributes attributes;
  TcpReceived received = {};  ///< What the upstream has received.
  TcpReceived answer = {};    ///< What the client has received.
  uint64_t bytesRead = 0;     ///< How many bytes the proxy has read from the client.
  bool connected = false;     ///< The upstream is connected.
  uint32_t flags = 0;         ///< Envoy's response flags.
  bool closed = false;
};

/// The operations of a filter on its connection.
class ConnectionControl : public std::enable_shared_from_this<ConnectionControl> {
 public:
  virtual ~ConnectionControl() = default;
  virtual ConnectionInfo& info() = 0;
  /// Passes on what `filter` holds back in this direction.
  virtual void resume(Direction direction, const TcpContext& filter) = 0;
  /// Closes the connections to the client and to the upstream. `peer` says who closed: the client (Remote) or the proxy
  /// (Local).
  virtual void close(PeerType peer) = 0;
};

}  // namespace sluice::host
