// Callouts of contexts: the handlers and tasks that wait for replies, and the objects that are destroyed with a
// context. A filter without callouts contains none of this code.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "sluice/abi.h"
#include "sluice/context.h"

namespace sluice::internal {

/// An element of a chain (a linked list) that can remove itself.
class ChainLink {
 public:
  ChainLink(const ChainLink&) = delete;
  ChainLink& operator=(const ChainLink&) = delete;
  /// The next element, or null.
  [[nodiscard]] ChainLink* next() const { return next_; }

 protected:
  ChainLink() = default;
  ~ChainLink() { leave(); }
  [[nodiscard]] bool linked() const { return self_ != nullptr; }
  void enter(ChainLink*& chain);
  void leave();

 private:
  ChainLink* next_ = nullptr;
  ChainLink** self_ = nullptr;  // the pointer that points to this element
};

/// An object that must not outlive its context: a handler that waits for a reply, or a task.
class Owned : public ChainLink {
 public:
  /// Called when the context is deleted: the object cancels or destroys itself.
  virtual void drop() = 0;
  /// Whether this is a task for which callbacks in this direction keep the stream paused.
  [[nodiscard]] virtual bool pauses(StreamType) const { return false; }
  [[nodiscard]] ContextBase* owner() const { return owner_; }

 protected:
  Owned() = default;
  ~Owned() = default;
  /// Makes the SDK call drop() when `owner` is deleted.
  void own(ContextBase& owner);
  void disown();
  /// Sets the result of owner() only; the SDK does not call drop().
  void setOwner(ContextBase* owner) { owner_ = owner; }

 private:
  ContextBase* owner_ = nullptr;
};

/// The arguments of a callback about a callout.
struct Delivery {
  /// Which of the gRPC callbacks it is.
  enum class Event { InitialMetadata, Message, TrailingMetadata, Close } event;
  uint32_t count;     // of headers, or of metadata
  size_t size;        // of the body, or of the message
  uint32_t trailers;  // how many
  GrpcStatus status;

  [[nodiscard]] bool isMetadata() const { return event == Event::InitialMetadata || event == Event::TrailingMetadata; }
};

/// A callout that waits for its reply.
class Pending : public ChainLink {
 public:
  /// The host has a reply, metadata or a message. The stream that made the callout is the effective context.
  virtual void deliver(const Delivery& delivery) = 0;

  /// Waits for the host's callback about the callout `id` of `context`.
  void waitForHttp(ContextBase& context, uint32_t id);
  void waitForGrpc(ContextBase& context, uint32_t id);
  /// Stops waiting: the reply has arrived, and the host makes no more callbacks about the callout.
  void stopWaiting();
  /// Stops waiting, although the host may still make a callback; the SDK then ignores it without a warning.
  void forsake();
  [[nodiscard]] bool waiting() const { return linked(); }
  [[nodiscard]] uint32_t id() const { return id_; }

 protected:
  Pending() = default;
  ~Pending() { forsake(); }

 private:
  friend class Callouts;
  void wait(ChainLink*& chain, ContextBase& context, uint32_t id);
  ContextBase* context_ = nullptr;
  uint32_t id_ = 0;
};

/// The callbacks about callouts, and their shared state.
class Callouts {
 public:
  static void onHttpCallResponse(uint32_t rootId, uint32_t callId, uint32_t headers, size_t bodySize,
                                 uint32_t trailers);
  static void onGrpcReceiveInitialMetadata(uint32_t rootId, uint32_t callId, uint32_t count);
  static void onGrpcReceive(uint32_t rootId, uint32_t callId, size_t size);
  static void onGrpcReceiveTrailingMetadata(uint32_t rootId, uint32_t callId, uint32_t count);
  static void onGrpcClose(uint32_t rootId, uint32_t callId, GrpcStatus status);

  /// Calls drop() for the objects that `context` owns. Called before `context` is deleted.
  static void dropOwned(const ContextBase& context);
  /// The first element of the chain that contains the objects that `context` owns, possibly among others.
  static Owned* ownedBy(const ContextBase& context);

  /// Whether `context` owns `object`, and whether `pending` waits for callbacks about the gRPC call `id`. After a
  /// hostcall they tell whether the object still exists: a callback during the hostcall may have destroyed it.
  static bool owns(const ContextBase& context, const Owned* object);
  static bool waitsForGrpc(const Pending* pending, uint32_t id);

  /// The number of deliveries so far. This number identifies a delivery, because hosts may reuse their ids.
  static uint32_t deliveries();
  /// Whether the delivery with this number is in progress.
  static bool isCurrent(uint32_t delivery);
  /// Why the current delivery has no response (proxy_get_status).
  static Status failure();
  static Result<std::string_view> failureMessage();
  /// Takes and returns the status from proxy_grpc_call or proxy_grpc_stream. When Envoy cannot make a call it returns
  /// InternalFailure and also reports the end of the call later; that report is then expected.
  static Status expectStray(Status sent);

 private:
  static void deliverGrpc(uint32_t rootId, uint32_t callId, const Delivery& delivery);
  static void deliver(ChainLink* chain, uint32_t rootId, uint32_t callId, const Delivery& delivery);
};

}  // namespace sluice::internal
