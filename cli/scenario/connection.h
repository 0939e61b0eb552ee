// One TCP connection through the filters.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "scenario/exchange.h"
#include "scenario/grpc.h"
#include "scenario/matcher.h"
#include "scenario/service.h"

namespace sluice::scenario {

/// One thing that happens on a connection.
struct TcpStep {
  enum class Who { kClient, kUpstream, kNobody };
  enum class What {
    kSends,      ///< `pieces`, each when the proxy has read the one before.
    kEnds,       ///< It says that it sends no more; it still receives.
    kBreaksOff,  ///< It resets the connection.
    kWait,       ///< Time passes.
  };
  Who who = Who::kNobody;
  What what = What::kWait;
  std::vector<std::string> pieces;
  std::chrono::milliseconds time{0};
};

/// What one end of a connection is expected to get.
struct TcpExpectation {
  std::optional<TextMatcher> receives;  ///< All bytes.
  std::optional<bool> ends;             ///< Whether the connection ends, or breaks, from the other side.
};

/// One connection: its steps happen in order, and then it is closed.
struct Connection {
  std::string name;
  std::chrono::milliseconds waitBefore{0};  ///< Time passes before the client connects.
  std::vector<TcpStep> steps;
  Exchange::End upstream = Exchange::End::kUnchecked;  ///< Whether the proxy connects to it.
  TcpExpectation upstreamExpectation;
  TcpExpectation clientExpectation;
  // What arrives there from this connection until the next one.
  std::vector<ServiceExpectation> services;
  std::vector<GrpcExpectation> grpcServices;
};

/// What one end of a connection has got.
struct TcpReceived {
  std::string data;
  bool ended = false;  ///< The other side ended it, or it broke.
};

/// What came of a connection.
struct ConnectionOutcome {
  std::optional<TcpReceived> upstream;  ///< Nothing where the proxy did not connect to it.
  TcpReceived client;
  std::string error;  ///< Why the steps could not be played to their end; empty where they were.
};

/// Whether `received` is as expected so far.
bool isMet(const TcpExpectation& expectation, const TcpReceived& received);

}  // namespace sluice::scenario
