// Writes messages as Envoy's HTTP/1.1 codec does, and reads them as the client or the upstream does.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "abi/direction.h"
#include "abi/header_map.h"
#include "sluice/host/received.h"
#include "wire/message_reader.h"

namespace sluice::host {

/// The way of one message from the proxy to its reader. Where a filter has made a message that HTTP/1.1 cannot carry,
/// the reader gets what Envoy would send it, and `message.problems` says so.
class Http1Codec {
 public:
  Http1Codec(Direction direction, Received& message)
      : direction_(direction), message_(message), reader_(direction, message) {}

  /// Writes a request's headers; with `end`, nothing follows.
  void writeRequest(const HeaderMap& headers, bool end);
  /// Writes a response's headers, the response to a HEAD request if `toHead`.
  void writeResponse(const HeaderMap& headers, bool end, bool toHead);
  /// Writes the headers of a response that begins a tunnel.
  void writeTunnelResponse(const HeaderMap& headers);
  void writeData(std::string_view data, bool end);
  void writeTrailers(const HeaderMap& trailers);
  /// Notes what is wrong with a message that gets no further.
  void close();

  /// Whether the reader has the whole message, by what it was told about its length.
  [[nodiscard]] bool complete() const { return reader_.complete(); }
  /// Whether the reader has refused the message and closed the connection.
  [[nodiscard]] bool refused() const { return reader_.refusal().has_value(); }

 private:
  [[nodiscard]] std::string_view reader() const {
    return direction_ == Direction::Request ? "the upstream" : "the client";
  }
  [[nodiscard]] std::string_view message() const {
    return direction_ == Direction::Request ? "the request" : "the response";
  }
  void writeHead(std::string head, const HeaderMap& headers);
  void writeEnd();
  void write(std::string_view bytes);
  void noteFields(const HeaderMap& fields);
  void noteLength();
  void note(std::string problem);

  Direction direction_;
  Received& message_;
  MessageReader reader_;
  bool chunked_ = false;
  std::string length_;         // The content-length; empty when there is none.
  uint64_t bodySize_ = 0;      // What was written of the body.
  std::string_view bodiless_;  // Why the response has no body; empty when it may have one.
  bool ended_ = false;
};

}  // namespace sluice::host
