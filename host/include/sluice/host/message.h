// HTTP messages that a client and an upstream send.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sluice::host {

/// Header fields in order, including repeated ones. The functions here compare names without regard to case.
using Headers = std::vector<std::pair<std::string, std::string>>;

/// The first value of the header called `name`, or nothing when there is none.
std::optional<std::string> headerValue(const Headers& headers, std::string_view name);

/// All values of the header called `name`, in order.
std::vector<std::string> headerValues(const Headers& headers, std::string_view name);

/// A request or a response. Pseudo-headers (":method", ":path", ":status" …) are ordinary entries of `headers`.
struct Message {
  /// The header fields in order, pseudo-headers first.
  Headers headers = {};
  std::vector<std::string> chunks = {};  ///< The body, in the pieces in which it is sent.
  Headers trailers = {};                 ///< Empty when the message has no trailers.
  /// Sends the message with chunked transfer coding, without its content-length: filters then see the end of the body
  /// as an empty piece after the last of `chunks`. A message with trailers is always sent like this.
  bool chunked = false;

  /// All chunks in one string.
  [[nodiscard]] std::string body() const;
  /// The first value of a header, or "" when there is none.
  [[nodiscard]] std::string header(std::string_view name) const;
  /// The numeric ":status", or 0 when there is none.
  [[nodiscard]] int status() const;
  /// Whether HTTP/1.1 sends the message with chunked transfer coding: when `chunked` is set or there are trailers.
  [[nodiscard]] bool isChunked() const { return chunked || !trailers.empty(); }
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
