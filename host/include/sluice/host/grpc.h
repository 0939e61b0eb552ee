// gRPC services that filters call, played by the test.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "sluice/host/grpc_call.h"
#include "sluice/host/message.h"

namespace sluice::host {

class GrpcStreamImpl;

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
