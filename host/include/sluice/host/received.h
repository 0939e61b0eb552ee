// What the client and the upstream of a stream or a connection have received.
#pragma once

#include <string>
#include <vector>

#include "sluice/host/message.h"

namespace sluice::host {

/// The part of a message that the client or the upstream has received so far.
struct Received : Message {
  bool started = false;                ///< The headers have arrived.
  bool complete = false;               ///< The end of the message has arrived.
  bool reset = false;                  ///< The stream was reset before the end of the message.
  std::vector<Headers> metadata = {};  ///< The HTTP/2 METADATA frames, one entry per frame.
  /// What a filter did wrong with this message: what HTTP/1.1 cannot carry, and what became of it. One line each.
  std::vector<std::string> problems = {};
  /// How often the headers arrived. More than once means that a filter continued a message that was not paused.
  unsigned arrivals = 0;
  /// Why the end of the message has not arrived; only Plugin::send() says so.
  std::string waiting = {};
};

/// What the client and the upstream of a stream have received, and the state of the stream.
struct Exchange {
  Received request = {};       ///< The request that the upstream received.
  Received response = {};      ///< The response that the client received.
  bool localResponse = false;  ///< A filter or the proxy made the response, not the upstream.
  std::string details = {};    ///< "via_upstream", or the details that a filter gave to send_local_response.
  bool closed = false;         ///< The stream has ended: the host has called on_log, on_done and on_delete.
};

/// The data that the client or the upstream of a TCP connection has received so far.
struct TcpReceived {
  std::vector<std::string> chunks = {};  ///< The data, in the pieces that the proxy passed on.
  bool ended = false;                    ///< The other end has half-closed the connection: no more data follows.

  /// All chunks in one string.
  [[nodiscard]] std::string data() const;
};

}  // namespace sluice::host
