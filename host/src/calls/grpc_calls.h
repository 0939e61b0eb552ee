// The gRPC calls and streams of one root context: sending, replies, cancelling.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "abi/context.h"
#include "calls/call_environment.h"
#include "sluice/host/grpc.h"
#include "sluice/host/grpc_call.h"

namespace sluice::host {

class GrpcCalls;

/// The implementation of GrpcStream: what the service has received, and how its messages reach the filter.
class GrpcStreamImpl final : public std::enable_shared_from_this<GrpcStreamImpl> {
 public:
  /// Messages from the service go to `calls` while `root`, which owns them, lives.
  GrpcStreamImpl(GrpcCalls& calls, std::weak_ptr<Context> root, std::weak_ptr<Clock> clock, GrpcCall call);

  // --- What the service does
  void sendInitialMetadata(Headers metadata);
  void send(std::string message);
  void end(GrpcReply reply);

  const GrpcCall call;
  std::vector<std::string> received;
  bool halfClosed = false;
  bool canceled = false;
  bool ended = false;         // The service has ended the stream.
  bool remoteClosed = false;  // The filter has seen that end.
  bool localClosed = false;   // The filter has called proxy_grpc_close.
  bool headersArrived = false;
  bool ending = false;           // The filter is seeing the end of the response.
  bool interrupted = false;      // It has sent on a stream whose response has ended.
  std::optional<uint64_t> sent;  // The time when the filter has sent its last message.

 private:
  /// Runs `action` on the filter's side once the running callback has returned and `delay` is over.
  void arrive(std::chrono::nanoseconds delay, std::function<void(GrpcStreamImpl&)> action);

  GrpcCalls& calls_;
  std::weak_ptr<Context> root_;
  std::weak_ptr<Clock> clock_;
};

/// The gRPC calls and streams of one root context.
class GrpcCalls {
 public:
  /// The callbacks of `root`, which owns this object, get the replies; `status` is what proxy_get_status returns there.
  GrpcCalls(Context& root, const CallEnvironment& environment, CallStatus& status)
      : root_(root), environment_(environment), status_(status) {}

  // --- What hostcalls do
  Status call(std::string_view target, GrpcCall call, uint32_t* id);
  Status open(std::string_view target, GrpcCall call, uint32_t* id);
  Status send(uint32_t id, std::string_view message, bool end);
  Status close(uint32_t id);
  Status cancel(uint32_t id);
  /// The ids of the calls and streams that have not ended.
  [[nodiscard]] std::vector<uint32_t> pending() const;
  /// Cancels all calls and streams when the root context is deleted.
  void cancelAll();

  // --- What the filter may read in a callback
  [[nodiscard]] const HeaderMap* initialMetadata() const { return initialMetadata_.get(); }
  [[nodiscard]] const HeaderMap* trailingMetadata() const { return trailingMetadata_.get(); }
  std::string* message() { return message_ ? &*message_ : nullptr; }

  // --- What arrives for a stream
  void headersArrive(GrpcStreamImpl& stream, const Headers& metadata);
  void messageArrives(const GrpcStreamImpl& stream, std::string message);
  void endArrives(GrpcStreamImpl& stream, const GrpcReply& reply);
  /// Whether the filter can still get anything from the stream.
  [[nodiscard]] bool open(const GrpcStreamImpl& stream) const;

 private:
  /// A pending unary call.
  struct Call {
    bool grpc = true;  // The proxy takes the call for gRPC.
    uint64_t replyTimer = 0;
    uint64_t timeoutTimer = 0;
  };

  /// The service of a stream, or null when it no longer exists.
  [[nodiscard]] const GrpcService* serviceOf(const GrpcStreamImpl& stream) const;
  Status resolve(std::string_view target, GrpcCall& call, const GrpcService** service);
  /// Adds to what the service sends the headers that the proxy adds.
  void route(const GrpcStreamImpl& stream, Headers& headers) const;
  void answer(uint32_t id, const GrpcReply& reply);
  void awaitReply(uint32_t id, GrpcReply reply, std::chrono::milliseconds timeout);
  /// Removes a pending unary call; returns it, or nothing when it is not pending.
  std::optional<Call> finish(uint32_t id);
  /// Removes a pending unary call and notes that the service learns of it; returns whether it was pending.
  bool cancelCall(uint32_t id);
  /// What Envoy does when a filter sends on a stream while it sees the end of the response: it calls the filter again,
  /// and the stream ends with an error.
  void interrupt(GrpcStreamImpl& stream);
  void tellInitialMetadata(uint32_t id, const Headers& metadata);
  void tellMessage(uint32_t id, std::string message);
  void tellTrailingMetadata(uint32_t id, const Headers& metadata);
  void tellClose(uint32_t id, GrpcStatus status, std::string_view message, std::string_view details);

  Context& root_;
  CallEnvironment environment_;
  CallStatus& status_;
  std::map<uint32_t, Call> calls_;
  std::map<uint32_t, std::shared_ptr<GrpcStreamImpl>> streams_;
  std::unique_ptr<HeaderMap> initialMetadata_;
  std::unique_ptr<HeaderMap> trailingMetadata_;
  std::optional<std::string> message_;
};

}  // namespace sluice::host
