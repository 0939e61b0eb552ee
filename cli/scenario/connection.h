// One TCP connection through the filters.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "scenario/expected_calls.h"
#include "scenario/matcher.h"
#include "sluice/host/received.h"

namespace sluice::scenario {

/// One thing that happens on a connection.
struct TcpStep {
  enum class Who { Client, Upstream, Nobody };
  enum class What {
    Sends,      ///< `pieces`, each when the proxy has read the one before.
    Ends,       ///< It says that it sends no more; it still receives.
    BreaksOff,  ///< It resets the connection.
    Wait,       ///< Time passes.
  };
  Who who = Who::Nobody;
  What what = What::Wait;
  std::vector<std::string> pieces;
  std::chrono::milliseconds time{0};
};

/// What one end of a connection is expected to receive.
struct TcpExpectation {
  std::optional<TextMatcher> receives;  ///< All bytes.
  std::optional<bool> ends;             ///< Whether the other side ends the connection, or breaks it off.
};

/// One connection: its steps happen in order, and then it is closed.
struct ScriptedConnection {
  std::string name;
  std::chrono::milliseconds waitBefore{0};  ///< Time passes before the client connects.
  std::vector<TcpStep> steps;
  Arrival upstream = Arrival::Unchecked;  ///< Whether the proxy connects to it.
  TcpExpectation upstreamExpectation;
  TcpExpectation clientExpectation;
  ExpectedCalls calls;  ///< From this connection until the next one.
};

/// Whether `received` is as expected so far.
bool isMet(const TcpExpectation& expectation, const host::TcpReceived& received);

}  // namespace sluice::scenario
