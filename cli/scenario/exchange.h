// One request through the filters, and its response.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "scenario/expected_calls.h"
#include "scenario/matcher.h"
#include "sluice/host/callout.h"
#include "sluice/host/message.h"

namespace sluice::scenario {

/// A request and its response: what the client and the upstream do, and what the scenario expects them to receive.
struct ScriptedExchange {
  std::string name;
  std::chrono::milliseconds waitBefore{0};                 ///< The time to wait before the request.
  host::Message request;                                   ///< What the client sends.
  std::optional<std::chrono::milliseconds> clientGivesUp;  ///< How long the client waits for the end of the response.
  host::CalloutReply upstreamReply;                        ///< What the upstream does with the request.
  Arrival upstream = Arrival::Unchecked;
  MessageExpectation upstreamExpectation;
  Arrival client = Arrival::Unchecked;
  MessageExpectation clientExpectation;
  ExpectedCalls calls;  ///< Calls expected from this request until the next one.
};

}  // namespace sluice::scenario
