// HTTP messages as a scenario writes them down and as the two ends see them.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sluice::scenario {

/// Name and value pairs in order; a repeated header stands once for each value. Pseudo-headers (`:method`, `:path`,
/// `:authority`, `:status`) stand among them, first.
using Headers = std::vector<std::pair<std::string, std::string>>;

/// All values of the header `name` (ASCII case is ignored), in order.
std::vector<std::string> headerValues(const Headers& headers, std::string_view name);

/// A request or a response.
struct Message {
  Headers headers;
  std::vector<std::string> chunks;  ///< The body, in the pieces it is sent in; empty for no body.
  bool chunked = false;             ///< Sent with chunked transfer coding even where a content-length would do.
  Headers trailers;

  /// The whole body.
  std::string body() const;
};

}  // namespace sluice::scenario
