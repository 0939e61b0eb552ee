// The record of a scenario on the mock host: every crossing between host and guest, and what passed between the ends.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sluice/host/crossing.h"

namespace sluice::scenario {

/// Something that happened outside of the guests.
struct TraceEvent {
  enum class Kind {
    Begins,        ///< An exchange or a connection begins; `text` is its name.
    ToProxy,       ///< The client sends a request.
    ToUpstream,    ///< The upstream has received the request.
    FromUpstream,  ///< The upstream sends its response.
    ToClient,      ///< The client has received the response, or learns that there is none.
    Ends,          ///< The last exchange is over, and the proxy shuts down.
  };
  size_t at = 0;  ///< The number of crossings before it.
  Kind kind = Kind::Begins;
  std::string text;                ///< "GET /hello", "200" ….
  std::optional<size_t> exchange;  ///< The exchange or connection, from 0; nothing at the end.
};

/// See the top of this file.
struct Trace {
  std::vector<host::Crossing> crossings;  ///< In the order in which they began.
  uint64_t dropped = 0;                   ///< Crossings after these, which are not kept.
  std::vector<TraceEvent> events;         ///< In order.
  std::vector<host::FunctionInstructions> functions;

  /// The range of the crossings from the beginning of an exchange or connection to the next one's: the first, and the
  /// one behind the last. Nothing: what came before the first exchange.
  [[nodiscard]] std::pair<size_t, size_t> range(std::optional<size_t> exchange) const;
};

}  // namespace sluice::scenario
