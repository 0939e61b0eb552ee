// The differences between proxies, as data.
#pragma once

#include <cstdint>
#include <string>

namespace sluice::host {

/// The behaviour in which proxies differ. Take one of the named profiles and change what you need.
struct Profile {
  /// The name of the profile in messages.
  std::string name = "envoy";

  /// False: when a headers callback returns StopIteration, the host also withholds body and trailers from the filter,
  /// as for StopAllIterationAndWatermark (Envoy's default for ABI 0.2.*). True: the host calls the body callbacks while
  /// the headers wait.
  bool allowOnHeadersStopIteration = false;

  /// True: a stream ends with on_log, on_done, on_delete. False: it ends with on_done, on_log, on_delete, as the ABI
  /// specification says.
  bool logBeforeDone = true;

  /// True: a header map or body that does not exist reads as empty wherever it does in Envoy. False: reading it returns
  /// NotFound, as the ABI specification says.
  bool absentReadsAsEmpty = true;

  /// True: set_buffer_bytes on a range strictly inside a body replaces that range, as the ABI specification says.
  /// False: it returns BadArgument.
  bool spliceBuffers = false;

  /// True: once a headers callback has returned Continue, its header map cannot be read until on_log. False: it stays
  /// readable.
  bool closeMapsOnContinue = true;

  /// True: when a filter adds a further value to a header that the proxy knows (accept, user-agent …), the host joins
  /// the values with commas.
  bool joinKnownHeaders = true;

  /// True: proxy_continue_stream(Upstream) releases the upstream data that a TCP filter holds back. False: it returns
  /// Unimplemented, and the data moves on with the next piece.
  bool continuesUpstream = false;

  /// True: on_upstream_connection_close gets PeerType::Remote, as the ABI specification says. False: it gets
  /// PeerType::Unknown.
  bool namesUpstreamCloser = false;

  /// True: guests can call the foreign functions that Envoy registers.
  bool hasEnvoyFunctions = true;

  /// True: the proxy appends its own details, such as "{via_upstream}", to the status message with which a gRPC call or
  /// stream ends. False: the filter gets the service's message only.
  bool addsGrpcDetails = true;

  /// True: HTTP and gRPC calls pass Envoy's router. The service gets the headers that Envoy adds (x-envoy-internal,
  /// x-envoy-expected-rq-timeout-ms, grpc-timeout …), metadata called "…-bin" in base64, and no request trailers; the
  /// filter gets x-envoy-upstream-service-time. False: each gets what the other sent.
  bool callsThroughRouter = true;

  /// True: a hostcall that makes a real Envoy 1.40 crash ends the filter with an error of kind EnvoyCrash. False: the
  /// host plays it as the ABI specification suggests.
  bool namesCrashes = true;

  /// How many bytes a stream may buffer in one direction. Beyond the limit, with StopIterationAndBuffer and
  /// StopAllIterationAndBuffer, the proxy answers with a 413 (request) or a 500 (response; it resets the stream if the
  /// response's headers have gone to the client); with StopIterationAndWatermark and StopAllIterationAndWatermark, the
  /// proxy reads no more until the filter continues. 0: no limit. The default, 1 MiB, is Envoy's.
  uint64_t bufferLimit = 1024 * 1024;

  /// For FailPolicy::Reload: the least time between two starts of a plugin's VM, in nanoseconds. Envoy adds a random
  /// time of up to half of it.
  uint64_t reloadBackoff = 1'000'000'000;

  /// Envoy as configured by default.
  static Profile envoy();
  /// Envoy with `allow_on_headers_stop_iteration: true`.
  static Profile envoyWithHeadersStopIteration();
  /// The behaviour that the ABI specification describes, where Envoy differs from it.
  static Profile specification();
};

}  // namespace sluice::host
