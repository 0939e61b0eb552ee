// Coroutines: code that waits for replies can be read from top to bottom.
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
// Each co_await may end the callback, and then views from before it are no longer valid. Keep std::string copies of
// data that you need later; also declare parameters of tasks as std::string, not std::string_view. The arguments of a
// call are safe, because the call is sent before the task waits. In native tests, the address sanitizer reports a view
// that is used after a co_await.
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

/// A coroutine of a filter: a function with this return type that contains co_await or co_return. It starts when it is
/// passed to HttpContext::run() or ContextBase::start(), or awaited in another task. When the context that runs it is
/// deleted while the task waits, the SDK destroys its frame and its local variables; the task does not run again.
class [[nodiscard("a task does nothing unless it is run(), start()ed or awaited")]] Task {
 public:
  /// The promise type, for the compiler.
  using promise_type = internal::Promise<Task, void>;

  /// Starts the task at once; the awaiting task continues when it is finished.
  auto operator co_await() && { return internal::TaskAwaiter<promise_type>(coroutine_.get()); }

 private:
  friend ContextBase;
  friend HttpContext;
  friend promise_type;
  explicit Task(std::coroutine_handle<promise_type> handle) : coroutine_(handle) {}

  internal::OwnedCoroutine<promise_type> coroutine_;
};

/// A task with a result, which another task awaits: `co_return value` returns it.
///
///     TaskOf<bool> allowed() { co_return (co_await httpCall({…})).statusCode() == 200; }
///     Task authorize() { if (!co_await allowed()) … }
template <class T>
class [[nodiscard("a task does nothing unless it is awaited")]] TaskOf {
 public:
  /// The promise type, for the compiler.
  using promise_type = internal::Promise<TaskOf, T>;

  /// Starts the task at once; the awaiting task continues with its result when it is finished.
  auto operator co_await() && { return internal::TaskAwaiter<promise_type>(coroutine_.get()); }

 private:
  friend promise_type;
  explicit TaskOf(std::coroutine_handle<promise_type> handle) : coroutine_(handle) {}

  internal::OwnedCoroutine<promise_type> coroutine_;
};

/// The result of HttpContext::run(), to return from a request or response callback. It converts to Continue, or to the
/// status that pauses the stream and lets nothing pass.
class [[nodiscard("return it from the callback")]] TaskStatus {
 public:
  /// Whether the callback pauses the stream.
  [[nodiscard]] bool pauses() const { return pauses_; }

  /// The status that the callback returns: StopAllIterationAndWatermark for headers, StopIterationAndBuffer for a body,
  /// StopIteration for trailers.
  template <class Status, class Part = internal::TasksOfBodies>
    requires(std::same_as<Status, FilterHeadersStatus> || std::same_as<Status, FilterDataStatus> ||
             std::same_as<Status, FilterTrailersStatus>)
  operator Status() const {
    if (!pauses_) return Status::Continue;
    if constexpr (std::same_as<Status, FilterHeadersStatus>) {
      // With StopIteration, Envoy can be configured to deliver the body while the headers wait; Continue from the body
      // callback would then let both go on.
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

/// Waits for several calls at once, in a Task: `co_await whenAll(httpCall({…}), httpCall({…}))` continues when the last
/// reply has arrived. It gives a std::array of copies of the replies (KeptHttpReply), in the order of the calls; check
/// each for an error.
///
///     const auto [user, quota] = co_await whenAll(httpCall({.cluster = "users", …}), httpCall({.cluster = "quotas",
///     …}));
template <class Call, std::same_as<Call>... More>
  requires std::derived_from<Call, internal::SentCall<typename Call::Kind>>
auto whenAll(Call first, More... more) {
  return internal::GatheringAwaiter<internal::GatheredArray<typename Call::Kind, 1 + sizeof...(More)>>(first, more...);
}

/// Waits for any number of calls, including none; gives a std::vector of the replies.
template <class Call>
  requires std::derived_from<Call, internal::SentCall<typename Call::Kind>>
auto whenAll(std::vector<Call> calls) {
  return internal::GatheringAwaiter<internal::GatheredList<Call>>(calls);
}

}  // namespace sluice

#endif
