// The state that filters share: shared data with CAS, shared queues, metrics.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sluice/abi.h"
#include "sluice/host/log_line.h"
#include "sluice/host/metric.h"
#include "state/clock.h"

namespace sluice::host {

/// Shared data: the key-value pairs of all VMs with the same vm_id.
class SharedData {
 public:
  struct Entry {
    std::string value;
    uint32_t cas;
  };
  [[nodiscard]] const Entry* get(std::string_view vmId, std::string_view key) const;
  /// Returns CasMismatch when `cas` is neither 0 nor the entry's CAS.
  Status set(std::string_view vmId, std::string_view key, std::string_view value, uint32_t cas);
  /// Removes all values that VMs with this vm_id have set.
  void forget(std::string_view vmId);
  /// What all entries take, about.
  [[nodiscard]] uint64_t bytes() const { return bytes_; }

 private:
  std::map<std::pair<std::string, std::string>, Entry> entries_;
  uint32_t lastCas_ = 0;
  uint64_t bytes_ = 0;
};

/// Shared queues (first in, first out), by vm_id and name.
class SharedQueues {
 public:
  /// Called with a queue's id after a value has been added to the queue.
  using Listener = std::function<void(uint32_t queue)>;

  explicit SharedQueues(Clock& clock) : clock_(clock) {}

  /// Makes the queue, or replaces the listener of an existing one: only the root context that registered last is
  /// notified. Returns the queue's id.
  uint32_t registerQueue(std::string_view vmId, std::string_view name, Listener listener);
  /// The queue's id, or 0.
  [[nodiscard]] uint32_t resolve(std::string_view vmId, std::string_view name) const;
  /// Adds a value; the listener is called at the end of the activity. Returns NotFound when there is no such queue.
  Status enqueue(uint32_t id, std::string_view value);
  /// Removes the first value. Returns NotFound when there is no such queue, and Empty when it has no value.
  Status dequeue(uint32_t id, std::string* value);
  /// The number of values in a queue; 0 when there is no such queue.
  [[nodiscard]] size_t size(uint32_t id) const;
  /// Removes the queues that VMs with this vm_id have registered.
  void forget(std::string_view vmId);
  /// What all queues with their values take, about.
  [[nodiscard]] uint64_t bytes() const { return bytes_; }

 private:
  struct Queue {
    std::deque<std::string> values;
    Listener listener;
  };
  Clock& clock_;
  std::map<std::pair<std::string, std::string>, uint32_t> ids_;
  std::map<uint32_t, Queue> queues_;
  uint32_t lastId_ = 0;
  uint64_t bytes_ = 0;
};

/// The metrics of the whole host. As in the reference host, the two low bits of an id hold the type.
class Metrics {
 public:
  Status define(uint32_t type, std::string_view name, uint32_t* id);
  Status record(uint32_t id, uint64_t value);
  Status increment(uint32_t id, int64_t delta);
  Status read(uint32_t id, uint64_t* value) const;
  [[nodiscard]] MetricMap all() const;
  /// What all metrics take, about.
  [[nodiscard]] uint64_t bytes() const { return bytes_; }

 private:
  Metric* byId(uint32_t id);

  std::map<std::pair<std::string, MetricType>, Metric> metrics_;
  std::map<uint32_t, Metric*> ids_;
  uint32_t next_[3] = {0, 1, 2};
  uint64_t bytes_ = 0;
};

}  // namespace sluice::host
