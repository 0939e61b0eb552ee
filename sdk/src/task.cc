#include "sluice/internal/task_promise.h"

#if __has_include(<coroutine>)

#include <new>

#include "sluice/log.h"

#if defined(__wasm__)
extern "C" size_t malloc_usable_size(void* payload);
#endif

namespace sluice::internal {

#if defined(__wasm__)

namespace {
void* spareFrame = nullptr;
}  // namespace

void* TaskPromise::operator new(size_t size) {
  if (spareFrame != nullptr && malloc_usable_size(spareFrame) >= size) return std::exchange(spareFrame, nullptr);
  return ::operator new(size);
}

// Keeps the larger of two frames.
void TaskPromise::operator delete(void* frame) {
  if (spareFrame == nullptr || malloc_usable_size(spareFrame) < malloc_usable_size(frame)) std::swap(frame, spareFrame);
  ::operator delete(frame);
}

#endif

bool TaskPromise::launch(ContextBase& context, std::coroutine_handle<> handle) {
  self_ = handle;
  own(context);
  handle.resume();
  if (handle.done()) {
    handle.destroy();
    return false;
  }
  waiting_ = true;
  return true;
}

void TaskPromise::start(ContextBase& context, std::coroutine_handle<> handle, TaskPromise& promise) {
  promise.launch(context, handle);
}

bool TaskPromise::run(HttpContext& stream, std::coroutine_handle<> handle, TaskPromise& promise) {
  const auto before = stream.end_;
  promise.endBefore_ = before;
  promise.direction_ = Dispatch::streamOfCallback();
  return promise.launch(stream, handle) || stream.end_ != before;
}

// Runs at the end of the task, while it is suspended at its final suspension point.
[[gnu::noinline]] void TaskPromise::finish() {
  if (continuation_) return continuation_.resume();
  if (waiting_) finishLater();  // otherwise launch() sees that the task is done
}

void TaskPromise::finishLater() {
  const auto direction = direction_;
  auto& context = *owner();
  const auto endBefore = endBefore_;
  self_.destroy();
  if (direction == kNone) return;
  auto& stream = static_cast<HttpContext&>(context);
  // The filter may already have continued the stream, or another task may still wait.
  if (stream.end_ != endBefore || !stream.paused(direction) || keepsPaused(stream, direction)) return;
  warnUnlessOk(stream.continueStream(direction), "sluice: continuing a stream after its task");
}

bool TaskPromise::keepsPaused(const HttpContext& stream, StreamType direction) {
  for (ChainLink* link = Callouts::ownedBy(stream); link != nullptr; link = link->next()) {
    const auto& owned = *static_cast<Owned*>(link);
    if (owned.owner() == &stream && owned.pauses(direction)) return true;
  }
  return false;
}

}  // namespace sluice::internal

#endif
