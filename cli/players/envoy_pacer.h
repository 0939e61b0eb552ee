// Preserves the boundaries of body chunks through an Envoy.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <cstdint>
#include <string>

#include "players/envoy_admin.h"
#include "players/http_wire.h"

namespace sluice::scenario {

/// For one exchange: after each written piece of a message, waits until Envoy's worker has read it. So Envoy's filters
/// see the pieces that a scenario names, not pieces that the socket happened to join.
class EnvoyPacer {
 public:
  /// Waits for bytes that Envoy counts in the statistics whose names begin with `prefix`: "http.ingress.downstream_" or
  /// "tcp.ingress.downstream_" for bytes from clients, "cluster.upstream.upstream_" for bytes from the upstream. It
  /// waits at most `patience` for one piece.
  EnvoyPacer(EnvoyAdmin admin, std::string prefix, std::chrono::seconds patience = kSafetyTimeout)
      : admin_(admin), prefix_(std::move(prefix)), patience_(patience) {}

  /// Call before the exchange.
  boost::asio::awaitable<void> begin();
  /// Call when the exchange is over: Envoy may never read the bytes that are still on their way.
  void end() { over_ = true; }
  /// Adds `bytes` to the number of bytes written, and waits. Returns early when Envoy stops reading for flow control.
  /// After many pieces it no longer waits, because a body in thousands of chunks would take minutes.
  boost::asio::awaitable<void> written(size_t bytes);

 private:
  EnvoyAdmin admin_;
  std::string prefix_;
  std::chrono::seconds patience_;
  uint64_t total_ = 0;
  int pieces_ = 0;
  bool over_ = false;
};

}  // namespace sluice::scenario
