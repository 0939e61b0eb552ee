// What the ends of a stream or a connection have received.
#pragma once

#include <string>
#include <vector>

#include "sluice/host/message.h"

namespace sluice::host {

/// A message as one end of a stream has received it so far.
struct Received : Message {
  bool started = false;                ///< The headers arrived.
  bool complete = false;               ///< The end of the message arrived.
  bool reset = false;                  ///< The stream was cut before the end.
  std::vector<Headers> metadata = {};  ///< What came in METADATA frames of HTTP/2, one entry a frame.
  /// How often the headers arrived. More than once means that a filter continued a message that was not paused.
  unsigned arrivals = 0;
};

/// What both ends of a stream have received when an exchange has been played.
struct Exchange {
  Received request = {};       ///< As it arrived at the upstream.
  Received response = {};      ///< As it arrived at the client.
  bool localResponse = false;  ///< The response was made by a filter or by the proxy, not by the upstream.
  std::string details = {};    ///< The response code details ("via_upstream", or what send_local_response gave).
  bool closed = false;         ///< The stream has ended: on_log, on_done and on_delete were called.
};

/// What one end of a connection has received so far.
struct TcpReceived {
  std::vector<std::string> chunks = {};  ///< In the pieces in which the proxy passed them on.
  bool ended = false;                    ///< The other end has said that no more follows (its half of the connection).

  /// All chunks in one string.
  [[nodiscard]] std::string data() const;
};

}  // namespace sluice::host
