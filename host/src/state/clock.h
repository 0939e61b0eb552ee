// The host's clock, which the test moves, with its timers and its deferred tasks.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>

#include "state/timers.h"

namespace sluice::host {

/// The clock starts at 2024-01-01T00:00:00Z. It runs everything in the calling thread.
class Clock {
 public:
  /// Nanoseconds since 1970.
  [[nodiscard]] uint64_t now() const { return now_; }
  /// Sets the clock without running anything.
  void set(uint64_t time) { now_ = time; }
  /// Moves the clock forward and runs the timers that fall due on the way, in order.
  void advance(uint64_t nanoseconds);

  /// Runs `action` when the clock reaches `time`. Returns the timer's id, never 0.
  uint64_t schedule(uint64_t time, std::function<void()> action) { return timers_.schedule(time, std::move(action)); }
  /// Cancels a timer. Ignores 0 and the ids of timers that have run.
  void cancel(uint64_t timer) { timers_.cancel(timer); }
  /// The time of the next timer, if there is one.
  [[nodiscard]] std::optional<uint64_t> next() const { return timers_.next(); }

  /// Runs `task` at the end of the outermost Activity.
  void defer(std::function<void()> task) { tasks_.push_back(std::move(task)); }
  /// Runs `task` after `delay`, or at the end of the outermost Activity when `delay` is 0. Returns the timer's id, or 0
  /// when there is no timer.
  uint64_t deferFor(std::chrono::nanoseconds delay, std::function<void()> task);
  /// The number of deferred tasks that have not run yet.
  [[nodiscard]] size_t pending() const { return tasks_.size(); }
  /// Counts a callback; returns how many there were in the outermost Activity.
  uint64_t countCallback() { return depth_ == 0 ? 0 : ++callbacks_; }

  /// Spans one action of the test. Deferred tasks run when the outermost activity ends.
  class Activity {
   public:
    explicit Activity(Clock& clock) : clock_(clock) {
      if (++clock_.depth_ == 1) clock_.callbacks_ = 0;
    }
    ~Activity();
    Activity(const Activity&) = delete;
    Activity& operator=(const Activity&) = delete;

   private:
    Clock& clock_;
  };

 private:
  uint64_t now_ = 1'704'067'200'000'000'000;  // 2024-01-01T00:00:00Z
  Timers timers_;
  std::deque<std::function<void()>> tasks_;
  int depth_ = 0;
  uint64_t callbacks_ = 0;  // In the outermost activity.
};

}  // namespace sluice::host
