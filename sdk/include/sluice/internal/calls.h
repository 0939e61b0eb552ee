// Calls to other services: the kinds of calls, and handlers that wait for a reply.
#pragma once

#include <cstdint>
#include <utility>

#include "sluice/abi.h"
#include "sluice/internal/callouts.h"
#include "sluice/internal/dispatch.h"
#include "sluice/internal/exports.h"

namespace sluice {

class GrpcReply;
class HttpReply;
class KeptGrpcReply;
class KeptHttpReply;

namespace internal {

/// HTTP callouts: a kind of call, and a part of the SDK (parts.h).
struct HttpCalls {
  using Reply = HttpReply;
  using KeptReply = KeptHttpReply;

  template <class C = Callouts>
  static void install() {
    static_cast<void>(Export_proxy_on_http_call_response<&C::onHttpCallResponse>());
    Dispatch::setDropOwned(&C::dropOwned);
    buryAllContexts();
  }

  /// The reply being delivered.
  static HttpReply reply(const Delivery& delivery);
  /// The reply object for a call that was not sent.
  static HttpReply noReply(Status error);
  /// Whether the delivery is the reply; otherwise the call continues to wait.
  static bool isReply(const Delivery&) { return true; }
  static void wait(Pending& pending, ContextBase& context, uint32_t id) { pending.waitForHttp(context, id); }
  /// The reply is no longer wanted. HTTP callouts cannot be cancelled.
  static void abandon(Pending& pending) { pending.forsake(); }
};

/// Unary gRPC calls: a kind of call, and a part of the SDK.
struct GrpcCalls {
  using Reply = GrpcReply;
  using KeptReply = KeptGrpcReply;

  template <class C = Callouts>
  static void install() {
    static_cast<void>(Export_proxy_on_grpc_receive<&C::onGrpcReceive>());
    static_cast<void>(Export_proxy_on_grpc_close<&C::onGrpcClose>());
    Dispatch::setDropOwned(&C::dropOwned);
    buryAllContexts();
  }

  static GrpcReply reply(const Delivery& delivery);
  static GrpcReply noReply(Status error);
  static bool isReply(const Delivery& delivery) { return !delivery.isMetadata(); }
  static void wait(Pending& pending, ContextBase& context, uint32_t id) { pending.waitForGrpc(context, id); }
  static void abandon(Pending& pending) {
    if (!pending.waiting()) return;
    pending.stopWaiting();
    cancel(pending.id());
  }
  /// Cancels a call or a stream (proxy_grpc_cancel).
  static void cancel(uint32_t id);
};

/// gRPC streams: a part of the SDK.
struct GrpcStreams {
  template <class C = Callouts>
  static void install() {
    GrpcCalls::install<C>();
    static_cast<void>(Export_proxy_on_grpc_receive_initial_metadata<&C::onGrpcReceiveInitialMetadata>());
    static_cast<void>(Export_proxy_on_grpc_receive_trailing_metadata<&C::onGrpcReceiveTrailingMetadata>());
  }
};

/// A handler that waits for its reply. It deletes itself when the reply has arrived or its context is deleted.
template <class Kind, class Handler>
class CallHandler final : private Owned, private Pending {
 public:
  CallHandler(ContextBase& context, uint32_t id, Handler handler) : handler_(std::move(handler)) {
    own(context);
    Kind::wait(*this, context, id);
  }

 private:
  void deliver(const Delivery& delivery) override {
    if (!Kind::isReply(delivery)) return;
    disown();
    stopWaiting();
    handler_(Kind::reply(delivery));
    delete this;
  }
  void drop() override {
    Kind::abandon(*this);
    delete this;
  }

  Handler handler_;
};

}  // namespace internal
}  // namespace sluice
