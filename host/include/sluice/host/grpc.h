// gRPC calls and streams that filters open to other services, and what these answer.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "sluice/abi.h"
#include "sluice/host/message.h"

namespace sluice::host {

class GrpcStreamImpl;

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

/// A stream as the service sees it. The test plays the service: in GrpcService's functions, or at any time with what
/// Host::grpcStreams answers. What it sends arrives when the callback that runs has returned. Of a stream that is over,
/// nothing arrives any more.
class GrpcStream {
 public:
  /// For the library itself.
  explicit GrpcStream(std::shared_ptr<GrpcStreamImpl> impl);

  /// How it was opened.
  [[nodiscard]] const GrpcCall& call() const;
  /// The messages that the filter has sent so far.
  [[nodiscard]] const std::vector<std::string>& received() const;
  /// The filter has said that it sends no more.
  [[nodiscard]] bool halfClosed() const;
  /// The filter has cancelled the stream, or was deleted.
  [[nodiscard]] bool canceled() const;
  /// The service has ended the stream.
  [[nodiscard]] bool ended() const;

  /// Sends the initial metadata, which is otherwise sent, empty, before the first message.
  void sendInitialMetadata(Headers metadata = {});
  /// Sends a message.
  void send(std::string_view message);
  /// Sends what `reply` has of messages, and ends the stream as it says.
  void end(GrpcReply reply = {});

 private:
  std::shared_ptr<GrpcStreamImpl> impl_;
};

/// A gRPC service. Functions that are not set: a unary call is answered with GrpcStatus::Unimplemented, and nothing
/// happens in a stream.
struct GrpcService {
  std::function<GrpcReply(const GrpcCall&)> onCall = {};  ///< Decides what it answers to a unary call.
  std::function<void(GrpcStream&)> onOpen = {};           ///< A filter has opened a stream.
  std::function<void(GrpcStream&, std::string_view message)> onMessage = {};  ///< The filter has sent a message.
  std::function<void(GrpcStream&)> onHalfClose = {};  ///< The filter has said that it sends no more.
};

}  // namespace sluice::host
