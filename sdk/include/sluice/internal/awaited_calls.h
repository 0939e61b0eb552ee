// Calls that a task awaits, one or several at once. Empty without <coroutine>.
#pragma once

#if __has_include(<coroutine>)

#include <array>
#include <coroutine>
#include <cstddef>
#include <cstdint>
#include <forward_list>
#include <type_traits>
#include <utility>
#include <vector>

#include "sluice/abi.h"
#include "sluice/internal/callouts.h"
#include "sluice/internal/task_promise.h"

namespace sluice::internal {

/// A call that a task awaits; `status_` says whether it was sent. `Kind` is a kind of call in calls.h.
template <class K>
class SentCall {
 public:
  using Kind = K;

 protected:
  SentCall(Status status, uint32_t id) : status_(status), id_(id), sentDuring_(Callouts::deliveries()) {}

 private:
  template <class>
  friend class CallAwaiter;
  template <class>
  friend class GatheredCall;

  /// An awaiter calls this when it starts to wait. Returns Ok only once, and an error when there is no reply to wait
  /// for: when the call was not sent, or when the callback that sent it has ended and the reply may already have come.
  Status take() {
    if (status_ == Status::Ok && sentDuring_ != Callouts::deliveries()) return Status::BadArgument;
    return std::exchange(status_, Status::BadArgument);
  }

  Status status_;
  uint32_t id_;
  uint32_t sentDuring_;
};

/// Waits for one call, and gives the reply as a view of the host's data.
template <class Kind>
class CallAwaiter final : private Pending {
 public:
  explicit CallAwaiter(SentCall<Kind>& call) : status_(call.take()), id_(call.id_), reply_(Kind::noReply(status_)) {}
  ~CallAwaiter() { Kind::abandon(*this); }

  [[nodiscard]] bool await_ready() const { return status_ != Status::Ok; }
  template <class Promise>
  void await_suspend(std::coroutine_handle<Promise> task) {
    static_assert(std::is_base_of_v<TaskPromise, Promise>, "callouts can be awaited in a sluice::Task only");
    task_ = task;
    Kind::wait(*this, *task.promise().owner(), id_);
  }
  // A task may ignore the reply.
  typename Kind::Reply await_resume() { return reply_; }

 private:
  void deliver(const Delivery& delivery) override {
    if (!Kind::isReply(delivery)) return;
    stopWaiting();
    reply_ = Kind::reply(delivery);
    task_.resume();
  }

  Status status_;
  uint32_t id_;
  typename Kind::Reply reply_;
  std::coroutine_handle<> task_;
};

/// A task that waits for several calls, and the number of replies that are missing.
struct Gathering {
  std::coroutine_handle<> task;
  size_t missing = 0;
};

/// One of several calls that a task awaits together. Keeps a copy of the reply, because the other replies arrive in
/// other callbacks.
template <class Kind>
class GatheredCall final : private Pending {
 public:
  GatheredCall(const SentCall<Kind>& call) : call_(call) {}
  ~GatheredCall() { Kind::abandon(*this); }

  void wait(ContextBase& context, Gathering& gathering) {
    const auto status = call_.take();
    if (status != Status::Ok) {
      reply_ = Kind::noReply(status).keep();
      return;
    }
    gathering_ = &gathering;
    ++gathering.missing;
    Kind::wait(*this, context, call_.id_);
  }
  typename Kind::KeptReply takeReply() { return std::move(reply_); }

 private:
  void deliver(const Delivery& delivery) override {
    if (!Kind::isReply(delivery)) return;
    stopWaiting();
    reply_ = Kind::reply(delivery).keep();
    if (--gathering_->missing == 0) gathering_->task.resume();
  }

  SentCall<Kind> call_;
  typename Kind::KeptReply reply_;
  Gathering* gathering_ = nullptr;
};

/// Waits for all calls in a container of GatheredCall.
template <class Calls>
class GatheringAwaiter {
 public:
  template <class... Arguments>
  explicit GatheringAwaiter(const Arguments&... arguments) : calls_{{arguments...}} {}

  [[nodiscard]] bool await_ready() const { return false; }
  template <class Promise>
  bool await_suspend(std::coroutine_handle<Promise> task) {
    static_assert(std::is_base_of_v<TaskPromise, Promise>, "callouts can be awaited in a sluice::Task only");
    gathering_.task = task;
    for (auto& call : calls_) call.wait(*task.promise().owner(), gathering_);
    return gathering_.missing != 0;
  }
  auto await_resume() { return calls_.takeReplies(); }

 private:
  Gathering gathering_;
  Calls calls_;
};

/// A number of calls that is known at compile time.
template <class Kind, size_t kSize>
struct GatheredArray {
  GatheredCall<Kind> calls[kSize];

  auto* begin() { return calls; }
  auto* end() { return calls + kSize; }
  auto takeReplies() {
    return [this]<size_t... I>(std::index_sequence<I...>) {
      return std::array<typename Kind::KeptReply, kSize>{calls[I].takeReply()...};
    }(std::make_index_sequence<kSize>());
  }
};

/// A number of calls that is known at run time.
template <class Call>
class GatheredList {
  using Kind = typename Call::Kind;

 public:
  explicit GatheredList(const std::vector<Call>& calls) {
    for (const auto& call : calls) calls_.emplace_front(call);
    calls_.reverse();
  }
  auto begin() { return calls_.begin(); }
  auto end() { return calls_.end(); }
  auto takeReplies() {
    std::vector<typename Kind::KeptReply> replies;
    for (auto& call : calls_) replies.push_back(call.takeReply());
    return replies;
  }

 private:
  std::forward_list<GatheredCall<Kind>> calls_;
};

}  // namespace sluice::internal

#endif
