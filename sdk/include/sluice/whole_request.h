// Holds back a request until the filter has seen all of it.
#pragma once

#include <cstddef>
#include <cstdint>

#include "sluice/context.h"
#include "sluice/header_map.h"

namespace sluice {

/// Whether a request asks for a tunnel: CONNECT, or an upgrade such as WebSocket's. The body of such a request is the
/// bytes of another protocol and ends only when one side closes the connection: do not wait for its end. Also true,
/// after a log line, when the headers cannot be read (proxy_get_header_map_value).
bool asksForTunnel(const HeaderMap& requestHeaders);

/// A stream that sees its whole request (headers, body and trailers) before any of it goes on to the upstream. The host
/// buffers the request until then, up to its own limit (Envoy: per_connection_buffer_limit_bytes; beyond it Envoy sends
/// a 413). Override onWholeRequest(), and the other functions if their default does not suit you. Each is called at
/// most once, except onRequestBytes(). After one of them has decided about the request, none is called.
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
/// In Envoy this needs `allow_on_headers_stop_iteration: true` in the plugin's configuration; without it, Envoy holds
/// back the body with the headers, and the request waits forever. Do not use it for requests that are answered before
/// they end, such as gRPC streams.
class WholeRequest : public HttpContext {
 public:
  /// The whole request has arrived. Its body has `bodySize` bytes: read it with requestBody().get(0, bodySize). Its
  /// trailers, if any, can be read too. Return true to let the request go on. Return false to hold it: after a local
  /// response, or until you call continueRequest().
  virtual bool onWholeRequest(size_t bodySize) = 0;

  /// What to do with a request whose headers have arrived.
  enum class Start : uint8_t {
    Await,   ///< Wait for the whole request.
    Pass,    ///< Let the request go on; no further function is called.
    Refuse,  ///< Do not let the request go on: the filter has sent a local response.
  };
  /// The headers have arrived. Override it to decide about a request without its body. Also called for tunnels.
  virtual Start onRequestStart() { return Start::Await; }
  /// The first `size` bytes of the body have arrived; more may follow. Override it to read the body as it arrives, or
  /// to refuse one that grows too large. Return true to go on, false after a local response.
  virtual bool onRequestBytes(size_t /*size*/) { return true; }
  /// The request asks for a tunnel: CONNECT, or an upgrade such as WebSocket's. It has no end to wait for, and the
  /// filter never sees the bytes in the tunnel. Return true to let it go on anyway. The default answers it with a 403.
  virtual bool onTunnelRequest();

  /// Implemented by the SDK; they call the functions above.
  FilterHeadersStatus onRequestHeaders(uint32_t count, bool endOfStream) final;
  /// Implemented by the SDK.
  FilterDataStatus onRequestBody(size_t size, bool endOfStream) final;
  /// Implemented by the SDK.
  FilterTrailersStatus onRequestTrailers(uint32_t count) final;

 private:
  enum class State : uint8_t { Waiting, Passed, Kept, Refused };
  void end();

  size_t bodySize_ = 0;
  State state_ = State::Waiting;
};

}  // namespace sluice
