// Coroutines: a filter that waits for replies reads from top to bottom.
//
//     Task authorize() {
//       const auto reply = co_await httpCall("auth", {{":method", "GET"}, {":path", "/"}, {":authority", "auth"}}, {},
//       {},
//                                            std::chrono::seconds(1));
//       if (reply.statusCode() != 200) warnUnlessOk(sendLocalResponse(403), "refusing");
//     }
//     FilterHeadersStatus onRequestHeaders(uint32_t, bool) override { return run(authorize()); }
//
// Each co_await may end the callback: what views from before point to is gone after it. Keep std::string copies of what
// is needed later (also of parameters: take std::string, not std::string_view). In the native run of a test, the
// address sanitizer catches a view that is used after a co_await.
//
// This header is empty where the standard library has no <coroutine> (Emscripten 3.1.6).
#pragma once

#if __has_include(<coroutine>)

#include <array>
#include <concepts>
#include <coroutine>
#include <cstddef>
#include <cstdint>
#include <forward_list>
#include <optional>
#include <type_traits>
#include <utility>
#include <vector>

#include "sluice/abi.h"
#include "sluice/context.h"
#include "sluice/internal/callbacks.h"
#include "sluice/internal/callouts.h"
#include "sluice/internal/dispatch.h"
#include "sluice/internal/runtime.h"

namespace sluice {

namespace internal {

/// What the promises of Task and TaskOf share.
class TaskPromise : public Owned {
 public:
#if defined(__wasm__)
  // The frame of a task that is finished serves the next one: one that never waits allocates nothing.
  static void* operator new(size_t size);
  static void operator delete(void* frame);
#endif

  std::suspend_always initial_suspend() noexcept { return {}; }
  class Finish {
   public:
    bool await_ready() const noexcept { return false; }
    template <class Promise>
    void await_suspend(std::coroutine_handle<Promise> task) const noexcept {
      task.promise().finish();
    }
    void await_resume() const noexcept {}
  };
  Finish final_suspend() noexcept { return {}; }
  [[noreturn]] void unhandled_exception() { fatal("sluice: an exception left a task"); }

  /// Runs the task `inner` of a promise derived from this, awaited by `outer`. Whether outer must wait.
  template <class Inner, class Outer>
  static bool runInner(std::coroutine_handle<Inner> inner, std::coroutine_handle<Outer> outer) {
    static_assert(std::is_base_of_v<TaskPromise, Outer>, "tasks and callouts can be awaited in a sluice::Task only");
    auto& promise = inner.promise();
    promise.setOwner(outer.promise().owner());
    inner.resume();
    if (inner.done()) return false;
    promise.continuation_ = outer;
    return true;
  }

  /// Runs a task on its own, for as long as `context` lives.
  static void start(ContextBase& context, std::coroutine_handle<> handle, TaskPromise& promise);
  /// The same in a callback of `stream`, which waits for the task. Whether it must be paused.
  static bool run(HttpContext& stream, std::coroutine_handle<> handle, TaskPromise& promise);

  /// For notePause() in dispatch.cc: whether a task waits in the name of the callbacks that `paused` is about.
  static bool keepsPaused(const HttpContext& stream, const int8_t& paused);

  const int8_t* pauses() const override { return paused_; }
  void drop() override { self_.destroy(); }

 private:
  void finish();
  void finishLater();
  bool launch(ContextBase& context, std::coroutine_handle<> handle);

  std::coroutine_handle<> self_;          // of a task that was started or run
  std::coroutine_handle<> continuation_;  // of who awaits this task
  int8_t* paused_ = nullptr;              // which of the stream's, if one waits for this task
  int16_t endedBefore_ = 0;               // the stream's state when the task began
  bool waiting_ = false;                  // a task that was started or run: it has outlived its callback
};

/// Waits for a task, in another one.
template <class Promise>
class TaskAwaiter {
 public:
  explicit TaskAwaiter(std::coroutine_handle<Promise> inner) : inner_(inner) {}
  bool await_ready() const {
    if (!inner_) fatal("sluice: a task was awaited twice");
    return false;
  }
  template <class Outer>
  bool await_suspend(std::coroutine_handle<Outer> outer) {
    return TaskPromise::runInner(inner_, outer);
  }
  auto await_resume() { return inner_.promise().takeResult(); }

 private:
  std::coroutine_handle<Promise> inner_;
};

/// A coroutine that ends with this object.
template <class Promise>
class OwnedCoroutine {
 public:
  OwnedCoroutine() = default;
  explicit OwnedCoroutine(std::coroutine_handle<Promise> handle) : handle_(handle) {}
  OwnedCoroutine(OwnedCoroutine&& other) noexcept : handle_(other.release()) {}
  OwnedCoroutine& operator=(OwnedCoroutine&& other) noexcept {
    std::swap(handle_, other.handle_);
    return *this;
  }
  ~OwnedCoroutine() {
    if (handle_) handle_.destroy();
  }
  std::coroutine_handle<Promise> get() const { return handle_; }
  std::coroutine_handle<Promise> release() { return std::exchange(handle_, {}); }

 private:
  std::coroutine_handle<Promise> handle_;
};

/// Naming `kInstalled` where a filter runs tasks makes contexts take them along when they are deleted, and streams stay
/// paused for them.
template <class Filter>
struct Tasks {
  using Promise = std::conditional_t<std::is_void_v<Filter>, TaskPromise, Filter>;
  Tasks() {
    Dispatch::setDropOwned(&Callouts::dropOwned);
    Dispatch::setKeepsPaused(&Promise::keepsPaused);
  }
  static const Tasks kInstalled;
};
template <class Filter>
const Tasks<Filter> Tasks<Filter>::kInstalled;

/// Naming `kExported` where a body waits for a task: trailers that arrive meanwhile must not let it go on.
template <class Filter>
struct TrailersCallbacks {
  TrailersCallbacks() {
    exportCallback<callback::RequestTrailers, Filter>();
    exportCallback<callback::ResponseTrailers, Filter>();
  }
  static const TrailersCallbacks kExported;
};
template <class Filter>
const TrailersCallbacks<Filter> TrailersCallbacks<Filter>::kExported;

}  // namespace internal

/// A coroutine of a filter: a function with this return type that contains co_await or co_return. It begins when it is
/// handed to HttpContext::run() or ContextBase::start(), or awaited in another task, and ends at the latest when the
/// context that runs it is deleted: its frame and local variables are then destroyed where it waits, and nothing of it
/// runs any more.
class [[nodiscard("a task does nothing unless it is run(), start()ed or awaited")]] Task {
 public:
  /// For the SDK itself: what the compiler makes the coroutine of.
  class promise_type : public internal::TaskPromise {
   public:
    Task get_return_object() { return Task(std::coroutine_handle<promise_type>::from_promise(*this)); }
    void return_void() {}
    void takeResult() {}
  };

  /// A task that is awaited runs at once; who awaits it goes on when it is finished.
  auto operator co_await() && { return internal::TaskAwaiter<promise_type>(coroutine_.get()); }

 private:
  friend ContextBase;
  friend HttpContext;
  explicit Task(std::coroutine_handle<promise_type> handle) : coroutine_(handle) {}

  internal::OwnedCoroutine<promise_type> coroutine_;
};

/// A task with a result, to be awaited in another one: `co_return value` hands it over.
///
///     TaskOf<bool> allowed() { co_return (co_await httpCall(…)).statusCode() == 200; }
///     Task authorize() { if (!co_await allowed()) … }
template <class T>
class [[nodiscard("a task does nothing unless it is awaited")]] TaskOf {
 public:
  /// For the SDK itself: what the compiler makes the coroutine of.
  class promise_type : public internal::TaskPromise {
   public:
    TaskOf get_return_object() { return TaskOf(std::coroutine_handle<promise_type>::from_promise(*this)); }
    void return_value(T value) { result_.emplace(std::move(value)); }
    T takeResult() { return *std::move(result_); }

   private:
    std::optional<T> result_;
  };

  /// A task that is awaited runs at once; who awaits it goes on when it is finished, with its result.
  auto operator co_await() && { return internal::TaskAwaiter<promise_type>(coroutine_.get()); }

 private:
  explicit TaskOf(std::coroutine_handle<promise_type> handle) : coroutine_(handle) {}

  internal::OwnedCoroutine<promise_type> coroutine_;
};

/// What HttpContext::run() answers, to be returned from a request or response callback: Continue, or the status that
/// pauses without letting anything pass.
class [[nodiscard("return it from the callback")]] TaskStatus {
 public:
  /// For the SDK itself.
  explicit TaskStatus(bool pauses) : pauses_(pauses) {}

  /// Whether the stream must wait.
  bool pauses() const { return pauses_; }

  /// The status that the callback returns: StopAllIterationAndWatermark for headers, StopIterationAndBuffer for a body,
  /// StopIteration for trailers.
  template <class Status>
    requires(std::same_as<Status, FilterHeadersStatus> || std::same_as<Status, FilterDataStatus> ||
             std::same_as<Status, FilterTrailersStatus>)
  operator Status() const {
    if (!pauses_) return Status::Continue;
    if constexpr (std::same_as<Status, FilterHeadersStatus>) {
      // Envoy can be told to hand the body over while the headers wait (StopIteration); what the body's callback then
      // returned would let both go on.
      return Status::StopAllIterationAndWatermark;
    } else if constexpr (std::same_as<Status, FilterDataStatus>) {
      static_cast<void>(&internal::TrailersCallbacks<std::void_t<Status>>::kExported);
      return Status::StopIterationAndBuffer;
    } else {
      return Status::StopIteration;
    }
  }

 private:
  bool pauses_;
};

template <class T>
void ContextBase::start(Task task) {
  static_cast<void>(&internal::Tasks<T>::kInstalled);
  if (const auto handle = task.coroutine_.release()) internal::TaskPromise::start(*this, handle, handle.promise());
}

template <class T>
TaskStatus HttpContext::run(Task task) {
  static_cast<void>(&internal::Tasks<T>::kInstalled);
  const auto handle = task.coroutine_.release();
  return TaskStatus(handle && internal::TaskPromise::run(*this, handle, handle.promise()));
}

namespace internal {

/// A call that was sent, or not, and is to be awaited: what HttpCall and its like have in common.
class SentCall {
 public:
  SentCall(Status status, uint32_t id) : status_(status), id_(id), sentDuring_(Callouts::deliveries()) {}

  /// For whoever begins to wait: Ok once, unless there is nothing to wait for. The call was not sent, or so long ago
  /// that its reply may have come.
  Status take() {
    if (status_ == Status::Ok && sentDuring_ != Callouts::deliveries()) return Status::BadArgument;
    return std::exchange(status_, Status::BadArgument);
  }
  uint32_t id() const { return id_; }

 private:
  Status status_;
  uint32_t id_;
  uint32_t sentDuring_;
};

/// Waits for one call, and hands over a view of what the host has.
template <class Call>
class CallAwaiter final : private Pending {
 public:
  explicit CallAwaiter(Call& call) : status_(call.take()), id_(call.id()), reply_(status_) {}
  ~CallAwaiter() { Call::abandon(*this); }

  bool await_ready() const { return status_ != Status::Ok; }
  template <class Promise>
  void await_suspend(std::coroutine_handle<Promise> task) {
    static_assert(std::is_base_of_v<TaskPromise, Promise>, "callouts can be awaited in a sluice::Task only");
    task_ = task;
    Call::wait(*this, *task.promise().owner(), id_);
  }
  typename Call::Reply await_resume() const { return reply_; }

 private:
  void deliver(const Delivery& delivery) override {
    if (!Call::isReply(delivery)) return;
    stopWaiting();
    reply_ = typename Call::Reply(delivery);
    task_.resume();
  }

  Status status_;
  uint32_t id_;
  typename Call::Reply reply_;
  std::coroutine_handle<> task_;
};

/// Who waits for several calls, and for how many still.
struct Gathering {
  std::coroutine_handle<> task;
  size_t missing = 0;
};

/// One of several calls that are waited for together. Keeps a copy of the reply: the others' come in other callbacks.
template <class Call>
class GatheredCall final : private Pending {
 public:
  GatheredCall(Call call) : call_(std::move(call)) {}
  ~GatheredCall() { Call::abandon(*this); }

  void wait(ContextBase& context, Gathering& gathering) {
    const auto status = call_.take();
    if (status != Status::Ok) {
      reply_ = typename Call::Reply(status).keep();
      return;
    }
    gathering_ = &gathering;
    ++gathering.missing;
    Call::wait(*this, context, call_.id());
  }
  typename Call::Kept takeReply() { return std::move(reply_); }

 private:
  void deliver(const Delivery& delivery) override {
    if (!Call::isReply(delivery)) return;
    stopWaiting();
    reply_ = typename Call::Reply(delivery).keep();
    if (--gathering_->missing == 0) gathering_->task.resume();
  }

  Call call_;
  typename Call::Kept reply_;
  Gathering* gathering_ = nullptr;
};

/// Waits for all of a container of GatheredCall.
template <class Calls>
class GatheringAwaiter {
 public:
  template <class... Arguments>
  explicit GatheringAwaiter(Arguments&&... arguments) : calls_{{std::forward<Arguments>(arguments)...}} {}

  bool await_ready() const { return false; }
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

/// As many calls as there are arguments.
template <class Call, size_t kSize>
struct GatheredArray {
  GatheredCall<Call> calls[kSize];

  auto* begin() { return calls; }
  auto* end() { return calls + kSize; }
  auto takeReplies() {
    return [this]<size_t... I>(std::index_sequence<I...>) {
      return std::array<typename Call::Kept, kSize>{calls[I].takeReply()...};
    }(std::make_index_sequence<kSize>());
  }
};

/// As many calls as the program says.
template <class Call>
class GatheredList {
 public:
  explicit GatheredList(std::vector<Call>&& calls) {
    for (auto& call : calls) calls_.emplace_front(std::move(call));
    calls_.reverse();
  }
  auto begin() { return calls_.begin(); }
  auto end() { return calls_.end(); }
  auto takeReplies() {
    std::vector<typename Call::Kept> replies;
    for (auto& call : calls_) replies.push_back(call.takeReply());
    return replies;
  }

 private:
  std::forward_list<GatheredCall<Call>> calls_;
};

}  // namespace internal

/// Waits for several calls at once, in a Task: `co_await whenAll(httpCall(…), httpCall(…))` goes on when the last reply
/// is here. It is a std::array of what was kept of the replies (KeptHttpReply), in the order of the calls; each may
/// have failed for itself.
///
///     auto [user, quota] = co_await whenAll(httpCall("users", …), httpCall("quotas", …));
template <std::derived_from<internal::SentCall> Call, std::same_as<Call>... More>
auto whenAll(Call first, More... more) {
  return internal::GatheringAwaiter<internal::GatheredArray<Call, 1 + sizeof...(More)>>(std::move(first),
                                                                                        std::move(more)...);
}

/// The same for any number of calls, none included; the replies are a std::vector.
template <std::derived_from<internal::SentCall> Call>
auto whenAll(std::vector<Call> calls) {
  return internal::GatheringAwaiter<internal::GatheredList<Call>>(std::move(calls));
}

}  // namespace sluice

#endif
