#include "state/shared_state.h"

#include "state/kept.h"

namespace sluice::host {
namespace {

constexpr uint32_t kTypeMask = 3;
constexpr uint32_t kIdStep = 4;

MetricType typeOf(uint32_t id) { return static_cast<MetricType>(id & kTypeMask); }

}  // namespace

const SharedData::Entry* SharedData::get(std::string_view vmId, std::string_view key) const {
  auto entry = entries_.find({std::string(vmId), std::string(key)});
  return entry == entries_.end() ? nullptr : &entry->second;
}

Status SharedData::set(std::string_view vmId, std::string_view key, std::string_view value, uint32_t cas) {
  auto [entry, added] = entries_.try_emplace({std::string(vmId), std::string(key)});
  if (!added && cas != 0 && cas != entry->second.cas) return Status::CasMismatch;
  bytes_ += value.size() + (added ? kept(vmId.size() + key.size()) : 0) - entry->second.value.size();
  entry->second = {std::string(value), ++lastCas_};
  return Status::Ok;
}

void SharedData::forget(std::string_view vmId) {
  std::erase_if(entries_, [&](const auto& entry) {
    if (entry.first.first != vmId) return false;
    bytes_ -= kept(vmId.size() + entry.first.second.size()) + entry.second.value.size();
    return true;
  });
}

uint32_t SharedQueues::registerQueue(std::string_view vmId, std::string_view name, Listener listener) {
  auto [entry, added] = ids_.try_emplace({std::string(vmId), std::string(name)}, 0);
  if (added) {
    entry->second = ++lastId_;
    bytes_ += kept(vmId.size() + name.size());
  }
  queues_[entry->second].listener = std::move(listener);  // Values already in the queue stay.
  return entry->second;
}

uint32_t SharedQueues::resolve(std::string_view vmId, std::string_view name) const {
  auto entry = ids_.find({std::string(vmId), std::string(name)});
  return entry == ids_.end() ? 0 : entry->second;
}

Status SharedQueues::enqueue(uint32_t id, std::string_view value) {
  auto queue = queues_.find(id);
  if (queue == queues_.end()) return Status::NotFound;
  queue->second.values.emplace_back(value);
  bytes_ += kept(value.size());
  clock_.defer([id, listener = queue->second.listener] { listener(id); });
  return Status::Ok;
}

Status SharedQueues::dequeue(uint32_t id, std::string* value) {
  auto queue = queues_.find(id);
  if (queue == queues_.end()) return Status::NotFound;
  auto& values = queue->second.values;
  if (values.empty()) return Status::Empty;
  *value = std::move(values.front());
  values.pop_front();
  bytes_ -= kept(value->size());
  return Status::Ok;
}

size_t SharedQueues::size(uint32_t id) const {
  auto queue = queues_.find(id);
  return queue == queues_.end() ? 0 : queue->second.values.size();
}

void SharedQueues::forget(std::string_view vmId) {
  std::erase_if(ids_, [&](const auto& entry) {
    if (entry.first.first != vmId) return false;
    bytes_ -= kept(vmId.size() + entry.first.second.size());
    for (const std::string& value : queues_[entry.second].values) bytes_ -= kept(value.size());
    queues_.erase(entry.second);
    return true;
  });
}

Status Metrics::define(uint32_t type, std::string_view name, uint32_t* id) {
  if (type > static_cast<uint32_t>(MetricType::Histogram)) return Status::BadArgument;
  auto metricType = static_cast<MetricType>(type);
  bytes_ += kept(name.size());  // Each definition gets an id of its own.
  Metric& metric = metrics_[{std::string(name), metricType}];
  metric.type = metricType;
  next_[type] += kIdStep;
  *id = next_[type];
  ids_[*id] = &metric;
  return Status::Ok;
}

Metric* Metrics::byId(uint32_t id) {
  auto entry = ids_.find(id);
  return entry == ids_.end() ? nullptr : entry->second;
}

Status Metrics::record(uint32_t id, uint64_t value) {
  Metric* metric = byId(id);
  if (metric == nullptr) return Status::NotFound;
  switch (metric->type) {
    case MetricType::Counter:
      metric->value += value;
      break;
    case MetricType::Gauge:
      metric->value = value;
      break;
    case MetricType::Histogram:
      metric->samples.push_back(value);
      bytes_ += sizeof value;
      break;
  }
  return Status::Ok;
}

Status Metrics::increment(uint32_t id, int64_t delta) {
  MetricType type = typeOf(id);
  if (type != MetricType::Counter && type != MetricType::Gauge) return Status::BadArgument;
  Metric* metric = byId(id);
  if (metric == nullptr) return Status::NotFound;
  if (type == MetricType::Counter && delta <= 0) return Status::BadArgument;
  metric->value += static_cast<uint64_t>(delta);  // Modulo 2^64, so a negative delta subtracts.
  return Status::Ok;
}

Status Metrics::read(uint32_t id, uint64_t* value) const {
  MetricType type = typeOf(id);
  if (type != MetricType::Counter && type != MetricType::Gauge) return Status::BadArgument;
  auto entry = ids_.find(id);
  if (entry == ids_.end()) return Status::NotFound;
  *value = entry->second->value;
  return Status::Ok;
}

MetricMap Metrics::all() const {
  MetricMap metrics;
  for (const auto& [key, metric] : metrics_) metrics.emplace(key.first, metric);
  return metrics;
}

}  // namespace sluice::host
