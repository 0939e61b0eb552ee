// gRPC calls and streams that filters open to other services, and what these answer.
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
  uint32_t id = 0;                       ///< As the guest knows it.
  std::string plugin = {};               ///< PluginOptions::name of the filter.
  std::string cluster = {};              ///< Where it goes.
  std::string service = {};              ///< "package.Service".
  std::string method = {};               ///< "Method".
  Headers metadata = {};                 ///< The initial metadata that the filter sends.
  bool stream = false;                   ///< A stream: its messages are in GrpcStream::received.
  std::string message = {};              ///< The message of a unary call.
  std::chrono::milliseconds timeout{0};  ///< Of a unary call; 0: none.

  /// "package.Service/Method".
  [[nodiscard]] std::string fullMethod() const { return service + "/" + method; }
};

/// What a service answers to a unary call, or how it ends a stream.
struct GrpcReply {
  /// What happens.
  enum class Kind {
    Response,           ///< Metadata, messages and status arrive.
    ConnectionFailure,  ///< The service cannot be reached.
    Reset,              ///< The connection breaks; after the headers, where any are sent or given.
    Malformed,          ///< What arrives are no gRPC frames.
    NotGrpc,            ///< A plain HTTP answer with `httpStatus`, as of a server that knows nothing of gRPC.
    Never,              ///< Nothing comes, until the timeout.
  };
  Kind kind = Kind::Response;              ///< What happens.
  Headers initialMetadata = {};            ///< Besides ":status" and "content-type".
  std::vector<std::string> messages = {};  ///< A unary call takes the last one.
  Headers trailingMetadata = {};           ///< Besides "grpc-status" and "grpc-message".
  GrpcStatus status = GrpcStatus::Ok;      ///< None: the service leaves it out. Other numbers may be cast to it.
  std::string statusMessage = {};          ///< Said about the status; empty: nothing is.
  bool trailersOnly = false;          ///< No headers, no messages: all metadata is trailing, as servers refuse calls.
  uint32_t httpStatus = 0;            ///< With Kind::NotGrpc.
  std::chrono::nanoseconds delay{0};  ///< By the host's clock; 0: as soon as the callback that called has returned.

  /// A reply of each kind; `delay` is by the host's clock.
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
