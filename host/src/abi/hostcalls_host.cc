// Hostcalls that concern the host as a whole: logs, time, shared state, metrics, properties.
#include "abi/envoy_functions.h"
#include "abi/hostcalls.h"

namespace sluice::host {

Status Hostcalls::proxy_done() { return context_.confirmDone(); }

Status Hostcalls::proxy_set_effective_context(uint32_t context) { return caller_.setEffectiveContext(context); }

Status Hostcalls::proxy_get_configuration(OutBytes configuration) {
  BufferView plugin = context_.buffer(BufferType::PluginConfiguration);
  return configuration.write(plugin.kind == BufferView::Kind::None ? context_.instance().options().vmConfiguration
                                                                   : plugin.bytes());
}

Status Hostcalls::proxy_log(LogLevel level, Bytes message) {
  if (level < LogLevel::Trace || level > LogLevel::Critical) return Status::BadArgument;
  if (level >= host_.logs.level) caller_.checkRoom(message.view.size(), "a log line");
  host_.logs.add(level, message.view, context_.logName());
  return Status::Ok;
}

Status Hostcalls::proxy_get_log_level(Out<LogLevel> level) { return level.write(host_.logs.level); }

Status Hostcalls::proxy_get_current_time_nanoseconds(Out<uint64_t> time) { return time.write(host_.clock.now()); }

Status Hostcalls::proxy_set_tick_period_milliseconds(uint32_t period) { return context_.setTickPeriod(period); }

Status Hostcalls::proxy_set_shared_data(Bytes key, Bytes value, uint32_t cas) {
  caller_.checkRoom(kept(key.view.size() + value.view.size()), "shared data");
  return host_.sharedData.set(vmId(), key.view, value.view, cas);
}

Status Hostcalls::proxy_get_shared_data(Bytes key, OutBytes value, Out<uint32_t> cas) {
  const SharedData::Entry* found = host_.sharedData.get(vmId(), key.view);
  if (found == nullptr) return Status::NotFound;
  const SharedData::Entry entry = *found;
  Status status = value.write(entry.value);
  return status == Status::Ok ? cas.write(entry.cas) : status;
}

Status Hostcalls::proxy_register_shared_queue(Bytes name, Out<uint32_t> id) {
  caller_.checkRoom(kept(name.view.size()), "a shared queue");
  const uint32_t root = context_.root() == nullptr ? 0 : context_.root()->id();
  auto listener = [weak = context_.instance().weak_from_this(), root](uint32_t queue) {
    auto instance = weak.lock();
    Context* context = instance == nullptr ? nullptr : instance->findContext(root);
    if (context != nullptr) context->queueReady(queue);
  };
  return id.write(host_.queues.registerQueue(vmId(), name.view, std::move(listener)));
}

Status Hostcalls::proxy_resolve_shared_queue(Bytes vmId, Bytes name, Out<uint32_t> id) {
  uint32_t found = host_.queues.resolve(vmId.view.empty() ? this->vmId() : vmId.view, name.view);
  return found == 0 ? Status::NotFound : id.write(found);
}

Status Hostcalls::proxy_enqueue_shared_queue(uint32_t id, Bytes value) {
  caller_.checkRoom(kept(value.view.size()), "a value in a shared queue");
  return host_.queues.enqueue(id, value.view);
}

Status Hostcalls::proxy_dequeue_shared_queue(uint32_t id, OutBytes value) {
  std::string first;
  const Status status = host_.queues.dequeue(id, &first);
  return status == Status::Ok ? value.write(first) : status;
}

Status Hostcalls::proxy_define_metric(MetricType type, Bytes name, Out<uint32_t> id) {
  caller_.checkRoom(kept(name.view.size()), "a metric");
  uint32_t number = 0;
  Status status = host_.metrics.define(static_cast<uint32_t>(type), name.view, &number);
  return status == Status::Ok ? id.write(number) : status;
}

Status Hostcalls::proxy_record_metric(uint32_t id, uint64_t value) {
  caller_.checkRoom(sizeof value, "a histogram's sample");
  return host_.metrics.record(id, value);
}

Status Hostcalls::proxy_increment_metric(uint32_t id, int64_t delta) { return host_.metrics.increment(id, delta); }

Status Hostcalls::proxy_get_metric(uint32_t id, Out<uint64_t> value) {
  uint64_t number = 0;
  Status status = host_.metrics.read(id, &number);
  return status == Status::Ok ? value.write(number) : status;
}

Status Hostcalls::proxy_get_property(Bytes path, OutBytes value) {
  caller_.checkSize(path.view.size() * sizeof(std::string), "the parts of a property's path");
  const PropertyValue found = context_.findProperty(path.view, host_.properties);
  return found.status == Status::Ok ? value.write(found.bytes) : found.status;
}

Status Hostcalls::proxy_set_property(Bytes path, Bytes value) {
  caller_.checkSize(context_.propertyBytes() + kept(path.view.size() + value.view.size()), "the set of properties");
  return context_.setProperty(path.view, value.view);
}

Status Hostcalls::proxy_call_foreign_function(Bytes name, Bytes arguments, OutBytes result) {
  auto function = host_.foreignFunctions.find(name.view);
  std::string bytes;
  Status status = Status::NotFound;
  if (function != host_.foreignFunctions.end()) {
    status = function->second(arguments.view, &bytes);
  } else if (host_.profile.hasEnvoyFunctions) {
    status = callEnvoyFunction(caller_, name.view, arguments.view, &bytes);
  }
  // A caller that does not want the result passes null pointers. An unknown function writes no result.
  const bool wanted = result.pointerAddress != 0 && result.lengthAddress != 0;
  if (status == Status::NotFound || !wanted) return status;
  return result.write(bytes) == Status::Ok ? status : Status::InvalidMemoryAccess;
}

}  // namespace sluice::host
