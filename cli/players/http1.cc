#include "players/http1.h"

namespace sluice::scenario {

std::optional<host::Headers::value_type> framing(const host::Message& message, std::optional<size_t> length) {
  if (host::headerValue(message.headers, "content-length") || host::headerValue(message.headers, "transfer-encoding")) {
    return std::nullopt;
  }
  if (message.isChunked()) return {{"transfer-encoding", "chunked"}};
  if (length) return {{"content-length", std::to_string(*length)}};
  return std::nullopt;
}

bool mayHaveBody(const host::Message& response) { return response.status() != 204 && response.status() != 304; }

}  // namespace sluice::scenario
