// How proxies differ, as data.
#pragma once

#include <cstdint>
#include <string>

namespace sluice::host {

/// The ways in which a proxy's behaviour can differ from another's. Take one of the named ones and change what you
/// need.
struct Profile {
  /// What messages call it.
  std::string name = "envoy";

  /// False: StopIteration of a headers callback also withholds body and trailers, as StopAllIterationAndWatermark does
  /// (Envoy's default for ABI 0.2.*). True: body callbacks run while the headers wait.
  bool allowOnHeadersStopIteration = false;

  /// True: a stream ends with on_log, on_done, on_delete. False: on_done, on_log, on_delete, as the ABI's text has it.
  bool logBeforeDone = true;

  /// True: a map or body that is not there reads as empty where Envoy has it so. False: NotFound, as the ABI's text has
  /// it.
  bool absentReadsAsEmpty = true;

  /// True: set_buffer_bytes strictly inside a body replaces that part, as the ABI's text has it. False: BadArgument.
  bool spliceBuffers = false;

  /// True: once a headers callback returned Continue, its map is closed until on_log. False: it stays readable.
  bool closeMapsOnContinue = true;

  /// True: several values of a header that the proxy knows (accept, user-agent …) are joined with commas when added.
  bool joinKnownHeaders = true;

  /// True: proxy_continue_stream(Upstream) lets go what a TCP filter holds back of the upstream's data. False: it
  /// answers Unimplemented, and the data goes on with the next piece.
  bool continuesUpstream = false;

  /// True: on_upstream_connection_close says PeerType::Remote, as the ABI's text has it. False: PeerType::Unknown.
  bool namesUpstreamCloser = false;

  /// True: the foreign functions that Envoy registers can be called.
  bool hasEnvoyFunctions = true;

  /// True: the message with which a gRPC call or stream ends is followed by "{via_upstream}" or whatever else the proxy
  /// knows of how it ended. False: it is the service's alone.
  bool addsGrpcDetails = true;

  /// The most bytes that a stream may buffer for StopIterationAndBuffer or StopAllIterationAndBuffer in one direction;
  /// more is a 413 (request) or a 500 (response). 0 is no limit. A real Envoy's is 1 MiB unless configured.
  uint64_t bufferLimit = 0;

  /// FailPolicy::Reload: the least time from one start of a plugin's VM to the next, in nanoseconds. Envoy adds up to a
  /// half of it by chance.
  uint64_t reloadBackoff = 1'000'000'000;

  /// Envoy as configured by default.
  static Profile envoy();
  /// Envoy with `allow_on_headers_stop_iteration: true`.
  static Profile envoyWithHeadersStopIteration();
  /// The letter of the ABI specification, where it and Envoy differ.
  static Profile specification();
};

}  // namespace sluice::host
