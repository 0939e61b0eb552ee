// Calls that contexts have made to other services: who waits for which reply, and what goes with a context when it is
// deleted. A filter that makes no callouts has none of this.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "sluice/abi.h"
#include "sluice/context.h"

namespace sluice::internal {

/// A member of a chain that can leave it by itself.
class ChainLink {
 public:
  ChainLink(const ChainLink&) = delete;
  ChainLink& operator=(const ChainLink&) = delete;
  /// The next in the chain, or null.
  ChainLink* next() const { return next_; }

 protected:
  ChainLink() = default;
  ~ChainLink() { leave(); }
  bool linked() const { return self_ != nullptr; }
  void enter(ChainLink*& chain);
  void leave();

 private:
  ChainLink* next_ = nullptr;
  ChainLink** self_ = nullptr;  // what points here
};

/// What must not outlive its context: a handler that waits for a reply, a task.
class Owned : public ChainLink {
 public:
  /// The context is deleted: ends itself.
  virtual void drop() = 0;
  /// Whether it is a task for which the callbacks of this direction keep their stream paused.
  virtual bool pauses(StreamType) const { return false; }
  ContextBase* owner() const { return owner_; }

 protected:
  Owned() = default;
  ~Owned() = default;
  /// From now on drop() is called when `owner` is deleted.
  void own(ContextBase& owner);
  void disown();
  /// Sets what owner() returns; drop() is not called for it.
  void setOwner(ContextBase* owner) { owner_ = owner; }

 private:
  ContextBase* owner_ = nullptr;
};

/// What the host says in a callback about a callout.
struct Delivery {
  /// Which callback, of those about gRPC.
  enum class Event { InitialMetadata, Message, TrailingMetadata, Close } event;
  uint32_t count;     // of headers, or of metadata
  size_t size;        // of the body, or of the message
  uint32_t trailers;  // how many
  GrpcStatus status;

  bool isMetadata() const { return event == Event::InitialMetadata || event == Event::TrailingMetadata; }
};

/// A callout whose reply is awaited.
class Pending : public ChainLink {
 public:
  /// The host has something for it. The stream that asked is the effective context.
  virtual void deliver(const Delivery& delivery) = 0;

  /// Waits for the host's word about the callout `id`, in the name of `context`.
  void waitForHttp(ContextBase& context, uint32_t id);
  void waitForGrpc(ContextBase& context, uint32_t id);
  /// The reply is here: nothing more is expected.
  void stopWaiting();
  /// As stopWaiting(), but the host's word may still come, and is then no surprise.
  void forsake();
  bool waiting() const { return linked(); }
  uint32_t id() const { return id_; }

 protected:
  Pending() = default;
  ~Pending() { forsake(); }

 private:
  friend class Callouts;
  void wait(ChainLink*& chain, ContextBase& context, uint32_t id);
  ContextBase* context_ = nullptr;
  uint32_t id_ = 0;
};

/// The callbacks about callouts, and what they share.
class Callouts {
 public:
  static void onHttpCallResponse(uint32_t rootId, uint32_t callId, uint32_t headers, size_t bodySize,
                                 uint32_t trailers);
  static void onGrpcReceiveInitialMetadata(uint32_t rootId, uint32_t callId, uint32_t count);
  static void onGrpcReceive(uint32_t rootId, uint32_t callId, size_t size);
  static void onGrpcReceiveTrailingMetadata(uint32_t rootId, uint32_t callId, uint32_t count);
  static void onGrpcClose(uint32_t rootId, uint32_t callId, GrpcStatus status);

  /// Drops what `context`, about to be deleted, owns.
  static void dropOwned(const ContextBase& context);
  /// The first of those who may be owned by `context`.
  static Owned* ownedBy(const ContextBase& context);

  /// How many replies were delivered: told apart by this number, and not by the host's ids, which may come again.
  static uint32_t deliveries();
  /// Whether the delivery of that number is going on.
  static bool isCurrent(uint32_t delivery);
  /// Why the reply being delivered is none (proxy_get_status).
  static Status failure();
  static Result<std::string_view> failureMessage();
  /// What proxy_grpc_call or proxy_grpc_stream answered. Envoy also tells of the end of a call that it could not make.
  static Status expectStray(Status sent);

 private:
  static void deliverGrpc(uint32_t rootId, uint32_t callId, const Delivery& delivery);
  static void deliver(ChainLink* chain, uint32_t rootId, uint32_t callId, const Delivery& delivery);
};

}  // namespace sluice::internal
