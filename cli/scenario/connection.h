// One TCP connection through the filters.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "scenario/callbacks.h"
#include "scenario/expected_calls.h"
#include "scenario/matcher.h"
#include "sluice/host/received.h"

namespace sluice::scenario {

/// One step on a connection.
struct TcpStep {
  enum class Who { Client, Upstream, Nobody };
  enum class What {
    Sends,      ///< It sends `pieces`, each once the proxy has read the one before.
    Ends,       ///< It half-closes: it sends no more but still receives.
    BreaksOff,  ///< It resets the connection.
    Wait,       ///< Time passes.
  };
  Who who = Who::Nobody;
  What what = What::Wait;
  std::vector<std::string> pieces;
  std::chrono::milliseconds time{0};
};

/// What the scenario expects one end of a connection to receive.
struct TcpExpectation {
  std::optional<TextMatcher> receives;  ///< All bytes together.
  std::optional<bool> ends;             ///< Whether the other side ends or resets the connection.
  size_t line = 0;                      ///< In the scenario file; 0 when it is not known.
};

/// One connection: the player plays its steps in order and then closes it.
struct ScriptedConnection {
  std::string name;
  std::chrono::milliseconds waitBefore{0};  ///< The time to wait before the client connects.
  std::vector<TcpStep> steps;
  Arrival upstream = Arrival::Unchecked;  ///< Whether the proxy connects to the upstream.
  TcpExpectation upstreamExpectation;
  TcpExpectation clientExpectation;
  ExpectedCalls calls;                         ///< Calls expected from this connection until the next one.
  std::vector<CallbackExpectation> callbacks;  ///< Callbacks of the filters' stream contexts.
};

/// Whether `received` meets the expectation so far.
bool isMet(const TcpExpectation& expectation, const host::TcpReceived& received);

}  // namespace sluice::scenario
