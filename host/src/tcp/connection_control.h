// What is known of a TCP connection, and what a filter may do to it.
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

/// What is known of a connection: what its ends have received, and how it stands.
struct ConnectionInfo {
  const Profile& profile;
  StreamAttributes attributes;
  TcpReceived received = {};  ///< What the upstream has received.
  TcpReceived answer = {};    ///< What the client has received.
  uint64_t bytesRead = 0;     ///< What the proxy has read from the client.
  bool connected = false;     ///< To the upstream.
  bool closed = false;
};

/// What a filter may do to its connection.
class ConnectionControl : public std::enable_shared_from_this<ConnectionControl> {
 public:
  virtual ~ConnectionControl() = default;
  virtual ConnectionInfo& info() = 0;
  /// Lets go what `filter` holds back in this direction.
  virtual void resume(Direction direction, const TcpContext& filter) = 0;
  /// The client's connection closes, on its side (Remote) or on the proxy's (Local), and the upstream's with it.
  virtual void close(PeerType peer) = 0;
};

}  // namespace sluice::host
