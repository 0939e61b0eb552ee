// gRPC calls and streams that filters open to other services, and the replies.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "sluice/abi.h"
#include "sluice/host/message.h"

namespace sluice::host {

/// A unary call that a filter made with proxy_grpc_call, or a stream that it opened with proxy_grpc_stream.
struct GrpcCall {
  uint32_t id = 0;           ///< The call or stream id that the guest got.
  std::string plugin = {};   ///< PluginOptions::name of the filter.
  std::string cluster = {};  ///< The cluster that the filter named.
  std::string service = {};  ///< "package.Service".
  std::string method = {};   ///< "Method".
  /// The initial metadata as the service gets it: what the filter sends, and what the proxy adds
  /// (Profile::callsThroughRouter).
  Headers metadata = {};
  bool stream = false;                   ///< True for a stream; its messages are in GrpcStream::received.
  std::string message = {};              ///< The message of a unary call.
  std::chrono::milliseconds timeout{0};  ///< Timeout of a unary call; 0: no timeout.
  /// The proxy has told the service that nobody waits for the reply to a unary call any more: the filter has cancelled
  /// it, or its time is up.
  bool canceled = false;

  /// "package.Service/Method".
  [[nodiscard]] std::string fullMethod() const { return service + "/" + method; }
};

/// How a service answers a unary call, or ends a stream.
struct GrpcReply {
  /// How the call or stream ends.
  enum class Kind {
    Response,           ///< The filter gets metadata, messages and status.
    ConnectionFailure,  ///< The proxy cannot reach the service.
    Reset,      ///< The connection breaks: after the headers when the reply has metadata or messages, else before them.
    Malformed,  ///< The response body does not consist of gRPC frames.
    NotGrpc,    ///< A plain HTTP response with `httpStatus`, as a server without gRPC sends it.
    Never,      ///< No reply: a unary call times out.
  };
  Kind kind = Kind::Response;              ///< How the call or stream ends.
  Headers initialMetadata = {};            ///< Sent in addition to ":status" and "content-type".
  std::vector<std::string> messages = {};  ///< For a unary call, only the last one counts.
  Headers trailingMetadata = {};           ///< Sent in addition to "grpc-status" and "grpc-message".
  GrpcStatus status = GrpcStatus::Ok;      ///< None: the service sends no status. Unknown numbers may be cast.
  std::string statusMessage = {};          ///< The text of "grpc-message"; empty: the service sends none.
  bool trailersOnly = false;               ///< No headers, no messages, only trailers, as when a server refuses a call.
  uint32_t httpStatus = 0;                 ///< The HTTP status of Kind::NotGrpc.
  std::chrono::nanoseconds delay{0};       ///< On the host's clock; 0: as soon as the calling callback has returned.

  /// Makes a reply of each kind; `delay` is measured on the host's clock.
  /// @{
  static GrpcReply of(std::string message, std::chrono::nanoseconds delay = {});
  static GrpcReply error(GrpcStatus status, std::string message = {}, std::chrono::nanoseconds delay = {});
  static GrpcReply connectionFailure(std::chrono::nanoseconds delay = {});
  static GrpcReply reset(std::chrono::nanoseconds delay = {});
  static GrpcReply malformed(std::chrono::nanoseconds delay = {});
  static GrpcReply notGrpc(uint32_t httpStatus, std::chrono::nanoseconds delay = {});
  static GrpcReply never();
  /// @}
};

}  // namespace sluice::host
