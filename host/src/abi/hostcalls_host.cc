// Hostcalls that concern the host as a whole: logs, time, shared state, metrics, properties.
#include "abi/envoy_functions.h"
#include "abi/hostcalls.h"
#include "abi/properties.h"
#include "host_impl.h"
#include "plugin_impl.h"
#include "root_context.h"

namespace sluice::host {

Status Hostcalls::proxy_done() { return context_.root() == nullptr ? Status::NotFound : context_.root()->done(); }

Status Hostcalls::proxy_set_effective_context(uint32_t context) { return vm_.setEffectiveContext(context); }

Status Hostcalls::proxy_get_configuration(OutBytes configuration) {
  BufferView plugin = context_.buffer(BufferType::PluginConfiguration);
  return configuration.write(plugin.kind == BufferView::Kind::None ? vm_.options().vmConfiguration : plugin.bytes());
}

Status Hostcalls::proxy_log(LogLevel level, Bytes message) {
  if (level < LogLevel::Trace || level > LogLevel::Critical) return Status::BadArgument;
  PluginImpl* plugin = context_.plugin();
  vm_.host().log(level, message.view, plugin == nullptr ? vm_.options().name : plugin->options().name);
  return Status::Ok;
}

Status Hostcalls::proxy_get_log_level(Out<LogLevel> level) { return level.write(vm_.host().logLevel); }

Status Hostcalls::proxy_get_current_time_nanoseconds(Out<uint64_t> time) { return time.write(vm_.host().now()); }

Status Hostcalls::proxy_set_tick_period_milliseconds(uint32_t period) {
  if (context_.root() == nullptr) return Status::BadArgument;
  context_.root()->setTickPeriod(period);
  return Status::Ok;
}

Status Hostcalls::proxy_set_shared_data(Bytes key, Bytes value, uint32_t cas) {
  return vm_.host().sharedData().set(vm_.options().vmId, key.view, value.view, cas);
}

Status Hostcalls::proxy_get_shared_data(Bytes key, OutBytes value, Out<uint32_t> cas) {
  const SharedData::Entry* found = vm_.host().sharedData().get(vm_.options().vmId, key.view);
  if (found == nullptr) return Status::NotFound;
  const SharedData::Entry entry = *found;
  Status status = value.write(entry.value);
  return status == Status::Ok ? cas.write(entry.cas) : status;
}

Status Hostcalls::proxy_register_shared_queue(Bytes name, Out<uint32_t> id) {
  uint32_t root = context_.root() == nullptr ? 0 : context_.root()->id();
  return id.write(vm_.host().queues().registerQueue(vm_.options().vmId, name.view, vm_.weak_from_this(), root));
}

Status Hostcalls::proxy_resolve_shared_queue(Bytes vmId, Bytes name, Out<uint32_t> id) {
  uint32_t found = vm_.host().queues().resolve(vmId.view.empty() ? vm_.options().vmId : vmId.view, name.view);
  return found == 0 ? Status::NotFound : id.write(found);
}

Status Hostcalls::proxy_enqueue_shared_queue(uint32_t id, Bytes value) { return vm_.host().enqueue(id, value.view); }

Status Hostcalls::proxy_dequeue_shared_queue(uint32_t id, OutBytes value) {
  SharedQueues::Queue* queue = vm_.host().queues().find(id);
  if (queue == nullptr) return Status::NotFound;
  if (queue->values.empty()) return Status::Empty;
  const std::string first = std::move(queue->values.front());
  queue->values.pop_front();
  return value.write(first);
}

Status Hostcalls::proxy_define_metric(MetricType type, Bytes name, Out<uint32_t> id) {
  uint32_t number = 0;
  Status status = vm_.host().metrics().define(static_cast<uint32_t>(type), name.view, &number);
  return status == Status::Ok ? id.write(number) : status;
}

Status Hostcalls::proxy_record_metric(uint32_t id, uint64_t value) { return vm_.host().metrics().record(id, value); }

Status Hostcalls::proxy_increment_metric(uint32_t id, int64_t delta) {
  return vm_.host().metrics().increment(id, delta);
}

Status Hostcalls::proxy_get_metric(uint32_t id, Out<uint64_t> value) {
  uint64_t number = 0;
  Status status = vm_.host().metrics().read(id, &number);
  return status == Status::Ok ? value.write(number) : status;
}

Status Hostcalls::proxy_get_property(Bytes path, OutBytes value) {
  auto found = findProperty(context_, path.view);
  return found ? value.write(*found) : Status::NotFound;
}

Status Hostcalls::proxy_set_property(Bytes path, Bytes value) { return context_.setProperty(path.view, value.view); }

Status Hostcalls::proxy_call_foreign_function(Bytes name, Bytes arguments, OutBytes result) {
  auto function = vm_.host().foreignFunctions.find(name.view);
  std::string bytes;
  Status status = Status::NotFound;
  if (function != vm_.host().foreignFunctions.end()) {
    status = function->second(arguments.view, &bytes);
  } else if (vm_.host().profile().hasEnvoyFunctions) {
    status = callEnvoyFunction(vm_.currentContext(), name.view, arguments.view, &bytes);
  }
  // A caller that does not want the result passes null. One of a function that is not there gets none.
  const bool wanted = result.pointerAddress != 0 && result.lengthAddress != 0;
  if (status == Status::NotFound || !wanted) return status;
  return result.write(bytes) == Status::Ok ? status : Status::InvalidMemoryAccess;
}

}  // namespace sluice::host
