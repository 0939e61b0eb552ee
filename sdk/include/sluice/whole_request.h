// Requests that are seen whole before any of them goes on.
#pragma once

#include <cstddef>
#include <cstdint>

#include "sluice/context.h"
#include "sluice/header_map.h"

namespace sluice {

/// Whether a request asks for a tunnel: CONNECT, or an upgrade such as WebSocket's. What then comes as its body are the
/// bytes of another protocol, and they have no end until one side closes the connection: do not wait for it. True too,
/// after a log line, when the host does not hand over the headers (proxy_get_header_map_value).
bool asksForTunnel(const HeaderMap& requestHeaders);

/// A stream that sees its request whole, headers, body and trailers, before any of it goes on to the upstream: the host
/// keeps it meanwhile, up to its own limit (Envoy: per_connection_buffer_limit_bytes, then a 413). Override
/// onWholeRequest(), and the others where their answer is not yours. Each is called at most once, but for
/// onRequestBytes(), and none after one that has decided.
///
///     class Check : public WholeRequest {
///      public:
///       bool onWholeRequest(size_t bodySize) override {
///         const auto body = requestBody().get(0, bodySize);
///         if (body && isGood(*body)) return true;
///         warnUnlessOk(sendLocalResponse(403), "refusing");
///         return false;
///       }
///     };
///
/// In Envoy this needs `allow_on_headers_stop_iteration: true` in the plugin's configuration: held headers otherwise
/// hold back the body too, and the request waits for ever. Not for requests that are answered before they end, such as
/// streams of gRPC.
class WholeRequest : public HttpContext {
 public:
  /// The request is here, with `bodySize` bytes of body, for requestBody().get(0, bodySize), and whatever trailers it
  /// has. Return true to let it go on; false to keep it: after a local response, or until continueRequest().
  virtual bool onWholeRequest(size_t bodySize) = 0;

  /// What is to be done with a request whose headers are here.
  enum class Start : uint8_t {
    Await,   ///< Its body is needed too: wait for all of it.
    Pass,    ///< It goes on, and no more of it is looked at.
    Refuse,  ///< It does not go on: a local response has been sent.
  };
  /// The headers are here: for requests that can be decided without their body. Called for tunnels too.
  virtual Start onRequestStart() { return Start::Await; }
  /// The first `size` bytes of the body are here, and more may come: to take a body in as it comes, or to refuse one
  /// that grows too large. Return false after a local response.
  virtual bool onRequestBytes(size_t /*size*/) { return true; }
  /// The request asks for a tunnel: CONNECT, or an upgrade such as WebSocket's. There is no whole of it, and what goes
  /// through is never seen. Return true to let it go on all the same. Unless overridden it is answered with a 403.
  virtual bool onTunnelRequest();

  /// The SDK's own: they see to it that the ones above are called.
  FilterHeadersStatus onRequestHeaders(uint32_t count, bool endOfStream) final;
  /// The SDK's own, as above.
  FilterDataStatus onRequestBody(size_t size, bool endOfStream) final;
  /// The SDK's own, as above.
  FilterTrailersStatus onRequestTrailers(uint32_t count) final;

 private:
  enum class State : uint8_t { Waiting, Passed, Kept, Refused };
  void end();

  size_t bodySize_ = 0;
  State state_ = State::Waiting;
};

}  // namespace sluice
