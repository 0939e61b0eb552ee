// gRPC services that filters call and the test plays.
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

/// A gRPC stream as the service sees it. The test plays the service, either in the functions of GrpcService or at any
/// time with the streams from Host::grpcStreams. What the test sends arrives once the running callback has returned.
/// Once the stream is over, whatever the test sends is dropped.
class GrpcStream {
 public:
  /// For the library itself.
  explicit GrpcStream(std::shared_ptr<GrpcStreamImpl> impl);

  /// The call that opened the stream.
  [[nodiscard]] const GrpcCall& call() const;
  /// The messages that the filter has sent so far.
  [[nodiscard]] const std::vector<std::string>& received() const;
  /// Whether the filter has sent its last message.
  [[nodiscard]] bool halfClosed() const;
  /// Whether the filter cancelled the stream, or its root context was deleted.
  [[nodiscard]] bool canceled() const;
  /// Whether the service has ended the stream.
  [[nodiscard]] bool ended() const;

  /// Sends the initial metadata. Without this call, empty initial metadata precedes the first message.
  void sendInitialMetadata(Headers metadata = {});
  /// Sends a message to the filter.
  void send(std::string_view message);
  /// Sends the messages of `reply`, if it has any, and ends the stream with its status or its failure.
  void end(GrpcReply reply = {});

 private:
  std::shared_ptr<GrpcStreamImpl> impl_;
};

/// A gRPC service. Without onCall, the service answers unary calls with GrpcStatus::Unimplemented; without the others,
/// it does not react to the events of a stream.
struct GrpcService {
  std::function<GrpcReply(const GrpcCall&)> onCall = {};                      ///< Returns the reply to a unary call.
  std::function<void(GrpcStream&)> onOpen = {};                               ///< Called when a filter opens a stream.
  std::function<void(GrpcStream&, std::string_view message)> onMessage = {};  ///< Called for each message.
  std::function<void(GrpcStream&)> onHalfClose = {};  ///< Called when the filter has sent its last message.
};

}  // namespace sluice::host
