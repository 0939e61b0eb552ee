// Reads what an HTTP/1.1 connection carries, as the client or the upstream at its end does.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "abi/direction.h"
#include "sluice/host/received.h"

namespace sluice::host {

/// Reads one message. It is strict: it refuses what RFC 9112 calls malformed, since real clients and servers differ in
/// what they make of it.
class MessageReader {
 public:
  /// Fills in the headers, the body, the trailers and the state of `message`.
  MessageReader(Direction direction, Received& message) : direction_(direction), message_(message) {}

  /// The pseudo-headers with which a request's headers begin. A response gets its :status from the status line.
  void setPseudoHeaders(Headers headers) { pseudoHeaders_ = std::move(headers); }
  /// Expects a response that ends with its headers, as one to HEAD does.
  void expectNoBody() { noBody_ = true; }

  /// Expects a response that begins a tunnel: what follows its headers are bytes without an end of their own.
  void expectTunnel() { tunnel_ = true; }
  /// The connection ends, and with it a body that has no other end.
  void end();

  /// Reads further bytes.
  void read(std::string_view bytes);

  [[nodiscard]] bool complete() const { return state_ == State::Complete; }
  /// Why the reader has refused the message and closed the connection; nothing if it has not.
  [[nodiscard]] const std::optional<std::string>& refusal() const { return refusal_; }

 private:
  enum class State { Head, Body, BodyUntilClose, ChunkSize, Chunk, ChunkEnd, Trailers, Complete, Refused };

  // Reads one part of the message from the beginning of `rest`. Returns false if its end has not arrived.
  bool readPart(std::string_view& rest);
  bool readHead(std::string_view& rest);
  bool readStartLine(std::string_view line);
  bool readStatusLine(std::string_view line);
  bool readFields(std::string_view text, Headers& into);
  bool readField(std::string_view line, Headers& into);
  bool noteLength(std::string_view value);
  bool noteTransferEncoding(std::string_view value);
  void beginBody();
  bool readChunkSize(std::string_view line);
  bool readTrailers(std::string_view& rest);
  void finish();
  bool refuse(std::string reason);

  Direction direction_;
  Received& message_;
  Headers pseudoHeaders_;
  bool noBody_ = false;
  bool tunnel_ = false;
  State state_ = State::Head;
  std::string pending_;  // The beginning of a part whose end has not arrived.
  std::optional<uint64_t> length_;
  bool chunked_ = false;
  uint64_t left_ = 0;          // What is left of the body or of the chunk.
  bool afterInterim_ = false;  // The last response was an interim one (1xx), and the final one has not begun.
  std::optional<std::string> refusal_;
};

}  // namespace sluice::host
