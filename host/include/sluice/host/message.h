// HTTP messages as a client sends them and an upstream answers them.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sluice::host {

/// Header fields in order, repeated ones included. Names are compared without regard to case.
using Headers = std::vector<std::pair<std::string, std::string>>;

/// The first value of the header called `name`, or nothing when there is none.
std::optional<std::string> headerValue(const Headers& headers, std::string_view name);

/// All values of the header called `name`, in order.
std::vector<std::string> headerValues(const Headers& headers, std::string_view name);

/// A request or a response. Pseudo-headers (":method", ":path", ":status" …) are ordinary entries of `headers`.
struct Message {
  /// In order, pseudo-headers first.
  Headers headers;
  std::vector<std::string> chunks;  ///< The body, in the pieces in which it travels.
  Headers trailers;                 ///< Empty when the message has no trailers.

  /// All chunks in one string.
  [[nodiscard]] std::string body() const;
  /// The first value of a header, or "" when there is none.
  [[nodiscard]] std::string header(std::string_view name) const;
  /// The numeric ":status", or 0 when there is none.
  [[nodiscard]] int status() const;
};

/// A message as one end of a stream has received it so far.
struct Received : Message {
  bool started = false;           ///< The headers arrived.
  bool complete = false;          ///< The end of the message arrived.
  bool reset = false;             ///< The stream was cut before the end.
  std::vector<Headers> metadata;  ///< What came in METADATA frames of HTTP/2, one entry a frame.
  /// How often the headers arrived. More than once means that a filter continued a message that was not paused.
  unsigned arrivals = 0;
};

/// A GET request for `path` with the pseudo-headers that a proxy expects, followed by `headers`.
Message get(std::string_view path, Headers headers = {});

/// A POST request with a body; "content-length" is added.
Message post(std::string_view path, std::string_view body, Headers headers = {});

/// A response with ":status" `status`; with a body, "content-length" is added.
Message respond(int status, std::string_view body = {}, Headers headers = {});

/// A 200 response.
Message ok(std::string_view body = {}, Headers headers = {});

}  // namespace sluice::host
