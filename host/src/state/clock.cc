#include "state/clock.h"

#include <algorithm>
#include <utility>

namespace sluice::host {

void Clock::advance(uint64_t nanoseconds) {
  const uint64_t target = now_ + nanoseconds;
  {
    Activity activity(*this);  // Tasks that are already due run first.
  }
  while (auto next = timers_.next()) {
    if (*next > target) break;
    now_ = std::max(now_, *next);
    Activity activity(*this);
    timers_.take()();
  }
  now_ = target;
}

uint64_t Clock::deferFor(std::chrono::nanoseconds delay, std::function<void()> task) {
  if (delay.count() > 0) return schedule(now_ + static_cast<uint64_t>(delay.count()), std::move(task));
  defer(std::move(task));
  return 0;
}

Clock::Activity::~Activity() {
  if (clock_.depth_ == 1) {
    while (!clock_.tasks_.empty()) {
      auto task = std::move(clock_.tasks_.front());
      clock_.tasks_.pop_front();
      task();
    }
  }
  --clock_.depth_;
}

}  // namespace sluice::host
