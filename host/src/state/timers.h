// Timers on the virtual clock.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <utility>

namespace sluice::host {

class Timers {
 public:
  using Action = std::function<void()>;

  /// Runs `action` when the clock reaches `time` (nanoseconds). Returns an id, never 0.
  uint64_t schedule(uint64_t time, Action action) {
    uint64_t id = ++lastId_;
    actions_.emplace(std::pair(time, id), std::move(action));
    times_[id] = time;
    return id;
  }

  /// Cancels an action. Ignores 0 and the ids of actions that have run.
  void cancel(uint64_t id) {
    auto time = times_.find(id);
    if (time == times_.end()) return;
    actions_.erase({time->second, id});
    times_.erase(time);
  }

  /// The time of the next action, if there is one.
  [[nodiscard]] std::optional<uint64_t> next() const {
    if (actions_.empty()) return std::nullopt;
    return actions_.begin()->first.first;
  }

  /// Removes the next action and returns it; there must be one.
  Action take() {
    auto first = actions_.begin();
    Action action = std::move(first->second);
    times_.erase(first->first.second);
    actions_.erase(first);
    return action;
  }

 private:
  std::map<std::pair<uint64_t, uint64_t>, Action> actions_;  // By time, then in scheduling order.
  std::map<uint64_t, uint64_t> times_;
  uint64_t lastId_ = 0;
};

}  // namespace sluice::host
