#include "sluice/task.h"

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

// Of two, the larger one is kept.
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
  const auto before = stream.ended_;
  promise.endedBefore_ = before;
  const bool request = Dispatch::streamOfCallback() == StreamType::HttpRequest;
  promise.paused_ = request ? &stream.requestPaused_ : &stream.responsePaused_;
  return promise.launch(stream, handle) || stream.ended_ != before;
}

// Runs while the task counts as waiting at its end.
[[gnu::noinline]] void TaskPromise::finish() {
  if (continuation_) return continuation_.resume();
  if (waiting_) finishLater();  // else the callback in which it was begun sees that it is done
}

void TaskPromise::finishLater() {
  auto* const paused = paused_;
  auto& context = *owner();
  const auto endedBefore = endedBefore_;
  self_.destroy();
  if (paused == nullptr) return;
  auto& stream = static_cast<HttpContext&>(context);
  // The filter may have let the stream go on by itself, and another task may still wait.
  if (stream.ended_ != endedBefore || *paused == 0 || keepsPaused(stream, *paused)) return;
  const auto type = paused == &stream.requestPaused_ ? StreamType::HttpRequest : StreamType::HttpResponse;
  warnUnlessOk(stream.continueStream(type, *paused), "sluice: continuing a stream after its task");
}

bool TaskPromise::keepsPaused(const HttpContext& stream, const int8_t& paused) {
  for (ChainLink* link = Callouts::ownedBy(stream); link != nullptr; link = link->next()) {
    if (static_cast<Owned*>(link)->pauses() == &paused) return true;
  }
  return false;
}

}  // namespace sluice::internal

#endif
