// What the compiler makes a sluice::Task of: promises, and the awaiter of a task. Empty without <coroutine>.
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

/// What the promises of all tasks share.
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
  /// The same in a request or response callback of `stream`, which waits for the task. Whether it must be paused.
  static bool run(HttpContext& stream, std::coroutine_handle<> handle, TaskPromise& promise);

  /// Whether a task waits for which the callbacks of this direction of `stream` must keep it paused.
  static bool keepsPaused(const HttpContext& stream, StreamType direction);

  bool pauses(StreamType direction) const override { return direction_ == direction; }
  void drop() override { self_.destroy(); }

 private:
  void finish();
  void finishLater();
  bool launch(ContextBase& context, std::coroutine_handle<> handle);

  // No direction of a stream.
  static constexpr auto kNone = static_cast<StreamType>(-1);

  std::coroutine_handle<> self_;           // of a task that was started or run
  std::coroutine_handle<> continuation_;   // of the coroutine that awaits this task
  StreamType direction_ = kNone;           // what a task that was run keeps paused
  StreamEnd endBefore_ = StreamEnd::None;  // how far the stream was when the task was run
  bool waiting_ = false;                   // of a task that was started or run: it has outlived its callback
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

/// Tasks: a part of the SDK (parts.h). They end with their context, and streams stay paused for them.
struct Tasks {
  template <class P = TaskPromise>
  static void install() {
    Dispatch::setDropOwned(&Callouts::dropOwned);
    Dispatch::setKeepsPaused(&P::keepsPaused);
  }
};

/// Tasks that a body waits for: a part of the SDK. Trailers that arrive meanwhile must not let the body go on.
struct TasksOfBodies {
  template <class Delay = void>
  static void install() {
    exportCallback<callback::RequestTrailers, Delay>();
    exportCallback<callback::ResponseTrailers, Delay>();
  }
};

}  // namespace sluice::internal

#endif
