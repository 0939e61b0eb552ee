// Coroutines: a filter that waits for replies reads from top to bottom.
//
//     Task authorize() {
//       const auto reply = co_await httpCall(
//           {.cluster = "auth",
//            .headers = {{":method", "GET"}, {":path", "/"}, {":authority", "auth"}},
//            .timeout = 1s});
//       if (reply.statusCode() != 200) warnUnlessOk(sendLocalResponse(403), "refusing");
//     }
//     FilterHeadersStatus onRequestHeaders(uint32_t, bool) override { return run(authorize()); }
//
// Each co_await may end the callback: what views from before point to is gone after it. Keep std::string copies of what
// is needed later (also of parameters: take std::string, not std::string_view). The arguments of a call are safe: it is
// sent before the wait begins. In the native run of a test, the address sanitizer catches a view that is used after a
// co_await.
//
// This header is empty where the standard library has no <coroutine> (Emscripten 3.1.6).
#pragma once

#if __has_include(<coroutine>)

#include <concepts>
#include <coroutine>
#include <vector>

#include "sluice/abi.h"
#include "sluice/context.h"
#include "sluice/internal/awaited_calls.h"
#include "sluice/internal/parts.h"
#include "sluice/internal/task_promise.h"

namespace sluice {

/// A coroutine of a filter: a function with this return type that contains co_await or co_return. It begins when it is
/// handed to HttpContext::run() or ContextBase::start(), or awaited in another task, and ends at the latest when the
/// context that runs it is deleted: its frame and local variables are then destroyed where it waits, and nothing of it
/// runs any more.
class [[nodiscard("a task does nothing unless it is run(), start()ed or awaited")]] Task {
 public:
  /// For the compiler: what it makes the coroutine of.
  using promise_type = internal::Promise<Task, void>;

  /// A task that is awaited runs at once; who awaits it goes on when it is finished.
  auto operator co_await() && { return internal::TaskAwaiter<promise_type>(coroutine_.get()); }

 private:
  friend ContextBase;
  friend HttpContext;
  friend promise_type;
  explicit Task(std::coroutine_handle<promise_type> handle) : coroutine_(handle) {}

  internal::OwnedCoroutine<promise_type> coroutine_;
};

/// A task with a result, to be awaited in another one: `co_return value` hands it over.
///
///     TaskOf<bool> allowed() { co_return (co_await httpCall({…})).statusCode() == 200; }
///     Task authorize() { if (!co_await allowed()) … }
template <class T>
class [[nodiscard("a task does nothing unless it is awaited")]] TaskOf {
 public:
  /// For the compiler: what it makes the coroutine of.
  using promise_type = internal::Promise<TaskOf, T>;

  /// A task that is awaited runs at once; who awaits it goes on when it is finished, with its result.
  auto operator co_await() && { return internal::TaskAwaiter<promise_type>(coroutine_.get()); }

 private:
  friend promise_type;
  explicit TaskOf(std::coroutine_handle<promise_type> handle) : coroutine_(handle) {}

  internal::OwnedCoroutine<promise_type> coroutine_;
};

/// What HttpContext::run() answers, to be returned from a request or response callback: Continue, or the status that
/// pauses without letting anything pass.
class [[nodiscard("return it from the callback")]] TaskStatus {
 public:
  /// Whether the stream must wait.
  [[nodiscard]] bool pauses() const { return pauses_; }

  /// The status that the callback returns: StopAllIterationAndWatermark for headers, StopIterationAndBuffer for a body,
  /// StopIteration for trailers.
  template <class Status, class Part = internal::TasksOfBodies>
    requires(std::same_as<Status, FilterHeadersStatus> || std::same_as<Status, FilterDataStatus> ||
             std::same_as<Status, FilterTrailersStatus>)
  operator Status() const {
    if (!pauses_) return Status::Continue;
    if constexpr (std::same_as<Status, FilterHeadersStatus>) {
      // Envoy can be told to hand the body over while the headers wait (StopIteration); what the body's callback then
      // returned would let both go on.
      return Status::StopAllIterationAndWatermark;
    } else if constexpr (std::same_as<Status, FilterDataStatus>) {
      internal::require<Part>();
      return Status::StopIterationAndBuffer;
    } else {
      return Status::StopIteration;
    }
  }

 private:
  friend HttpContext;
  explicit TaskStatus(bool pauses) : pauses_(pauses) {}

  bool pauses_;
};

template <class Part>
void ContextBase::start(Task task) {
  internal::require<Part>();
  if (const auto handle = task.coroutine_.release()) internal::TaskPromise::start(*this, handle, handle.promise());
}

template <class Part>
TaskStatus HttpContext::run(Task task) {
  internal::require<Part>();
  const auto handle = task.coroutine_.release();
  return TaskStatus(handle && internal::TaskPromise::run(*this, handle, handle.promise()));
}

/// Waits for several calls at once, in a Task: `co_await whenAll(httpCall({…}), httpCall({…}))` goes on when the last
/// reply is here. It is a std::array of what was kept of the replies (KeptHttpReply), in the order of the calls; each
/// may have failed for itself.
///
///     const auto [user, quota] = co_await whenAll(httpCall({.cluster = "users", …}), httpCall({.cluster = "quotas",
///     …}));
template <class Call, std::same_as<Call>... More>
  requires std::derived_from<Call, internal::SentCall<typename Call::Kind>>
auto whenAll(Call first, More... more) {
  return internal::GatheringAwaiter<internal::GatheredArray<typename Call::Kind, 1 + sizeof...(More)>>(first, more...);
}

/// The same for any number of calls, none included; the replies are a std::vector.
template <class Call>
  requires std::derived_from<Call, internal::SentCall<typename Call::Kind>>
auto whenAll(std::vector<Call> calls) {
  return internal::GatheringAwaiter<internal::GatheredList<Call>>(calls);
}

}  // namespace sluice

#endif
