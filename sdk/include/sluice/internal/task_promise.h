// The promise types and the awaiter of sluice::Task. Empty without <coroutine>.
#pragma once

#if __has_include(<coroutine>)

#include <coroutine>
#include <cstddef>
#include <optional>
#include <type_traits>
#include <utility>

#include "sluice/abi.h"
#include "sluice/context.h"
#include "sluice/internal/callbacks.h"
#include "sluice/internal/callouts.h"
#include "sluice/internal/dispatch.h"
#include "sluice/internal/runtime.h"

namespace sluice::internal {

/// The base of the promises of all tasks.
class TaskPromise : public Owned {
 public:
#if defined(__wasm__)
  // A new task reuses the frame of a finished task, so that tasks that never wait do not allocate memory.
  static void* operator new(size_t size);
  static void operator delete(void* frame);
#endif

  std::suspend_always initial_suspend() noexcept { return {}; }
  class Finish {
   public:
    [[nodiscard]] bool await_ready() const noexcept { return false; }
    template <class Promise>
    void await_suspend(std::coroutine_handle<Promise> task) const noexcept {
      task.promise().finish();
    }
    void await_resume() const noexcept {}
  };
  Finish final_suspend() noexcept { return {}; }
  [[noreturn]] void unhandled_exception() { fatal("sluice: an exception left a task"); }

  /// Runs the task `inner`, which `outer` awaits. Returns whether `outer` must wait.
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

  /// Runs a task for `context`; it is destroyed with the context if it is not finished by then.
  static void start(ContextBase& context, std::coroutine_handle<> handle, TaskPromise& promise);
  /// Runs a task in a request or response callback of `stream`. Returns whether the callback must pause the stream.
  static bool run(HttpContext& stream, std::coroutine_handle<> handle, TaskPromise& promise);

  /// Whether `stream` must stay paused in this direction because a task still waits.
  static bool keepsPaused(const HttpContext& stream, StreamType direction);

  [[nodiscard]] bool pauses(StreamType direction) const override { return direction_ == direction; }
  void drop() override { self_.destroy(); }

 private:
  void finish();
  void finishLater();
  bool launch(ContextBase& context, std::coroutine_handle<> handle);

  // No direction of a stream.
  static constexpr auto kNone = static_cast<StreamType>(-1);

  std::coroutine_handle<> self_;           // of a task that was started or run
  std::coroutine_handle<> continuation_;   // of the coroutine that awaits this task
  StreamType direction_ = kNone;           // the direction that a task that was run keeps paused
  StreamEnd endBefore_ = StreamEnd::None;  // the stream's end_ when the task was run
  bool waiting_ = false;  // a task that was started or run: it was not finished at the end of that call
};

/// The promise of a coroutine with the return type `Coroutine`, whose result is a T.
template <class Coroutine, class T>
class Promise : public TaskPromise {
 public:
  Coroutine get_return_object() { return Coroutine(std::coroutine_handle<Promise>::from_promise(*this)); }
  void return_value(T value) { result_.emplace(std::move(value)); }
  T takeResult() { return *std::move(result_); }

 private:
  std::optional<T> result_;
};
template <class Coroutine>
class Promise<Coroutine, void> : public TaskPromise {
 public:
  Coroutine get_return_object() { return Coroutine(std::coroutine_handle<Promise>::from_promise(*this)); }
  void return_void() {}
  void takeResult() {}
};

/// Waits for a task in another task.
template <class Promise>
class TaskAwaiter {
 public:
  explicit TaskAwaiter(std::coroutine_handle<Promise> inner) : inner_(inner) {}
  [[nodiscard]] bool await_ready() const {
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

/// Owns a coroutine: the destructor destroys it.
template <class Promise>
class OwnedCoroutine {
 public:
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

/// Tasks: a part of the SDK (parts.h). They are destroyed with their context, and streams stay paused while they wait.
struct Tasks {
  template <class P = TaskPromise>
  static void install() {
    Dispatch::setDropOwned(&Callouts::dropOwned);
    Dispatch::setKeepsPaused(&P::keepsPaused);
  }
};

/// Tasks for which a body callback pauses: a part of the SDK. Trailers that arrive meanwhile must not continue the
/// body.
struct TasksOfBodies {
  template <class Delay = void>
  static void install() {
    exportCallback<callback::RequestTrailers, Delay>();
    exportCallback<callback::ResponseTrailers, Delay>();
  }
};

}  // namespace sluice::internal

#endif
