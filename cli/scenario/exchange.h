// One request through the filters, and its response.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "scenario/callbacks.h"
#include "scenario/expected_calls.h"
#include "scenario/matcher.h"
#include "sluice/host/callout.h"
#include "sluice/host/message.h"

namespace sluice::scenario {

/// A request and its response: what the client and the upstream do, and what the scenario expects them to receive.
struct ScriptedExchange {
  std::string name;
  bool together = false;                                   ///< It begins together with the exchange before it.
  std::chrono::milliseconds waitBefore{0};                 ///< The time to wait before the request.
  host::Message request;                                   ///< What the client sends.
  std::optional<std::chrono::milliseconds> clientGivesUp;  ///< How long the client waits for the end of the response.
  host::CalloutReply upstreamReply;                        ///< What the upstream does with the request.
  Arrival upstream = Arrival::Unchecked;
  MessageExpectation upstreamExpectation;
  Arrival client = Arrival::Unchecked;
  MessageExpectation clientExpectation;
  ExpectedCalls
      calls;  ///< Calls expected from this request until the next one; of several together, the first has all.
  std::vector<CallbackExpectation> callbacks;  ///< Callbacks of the filters' stream contexts.
};

}  // namespace sluice::scenario
