#include "host_impl.h"

#include <algorithm>

#include "guest/engine.h"
#include "plugin_impl.h"
#include "root_context.h"
#include "vm.h"

namespace sluice::host {

std::shared_ptr<PluginImpl> HostImpl::load(std::shared_ptr<Module> module, PluginOptions options) {
  Activity activity(*this);
  auto plugin = std::make_shared<PluginImpl>(shared_from_this(), std::move(module), std::move(options));
  plugin->start();
  std::erase_if(plugins_, [](const auto& known) { return known.expired(); });
  plugins_.push_back(plugin);
  return plugin;
}

std::shared_ptr<Vm> HostImpl::vmFor(const std::shared_ptr<Module>& module, const PluginOptions& options) {
  std::string key = std::to_string(options.worker);
  key.push_back('\0');
  key.append(options.vmId);
  key.push_back('\0');
  key.append(options.vmConfiguration).push_back('\0');
  key.append(module->key());
  if (auto known = vms_[key].lock(); known != nullptr && !known->failure()) return known;
  auto vm = std::make_shared<Vm>(*this, module, options);
  vm->start();
  vms_[key] = vm;
  return vm;
}

void HostImpl::shutdown() {
  Activity activity(*this);
  for (auto& known : plugins_) {
    if (auto plugin = known.lock()) plugin->shutdown();
  }
}

void HostImpl::advance(uint64_t nanoseconds) {
  const uint64_t target = now_ + nanoseconds;
  {
    Activity activity(*this);  // What is due already runs first.
  }
  while (auto next = timers_.next()) {
    if (*next > target) break;
    now_ = std::max(now_, *next);
    Activity activity(*this);
    timers_.take()();
  }
  now_ = target;
}

uint64_t HostImpl::deferFor(std::chrono::nanoseconds delay, std::function<void()> task) {
  if (delay.count() > 0) return timers_.schedule(now_ + static_cast<uint64_t>(delay.count()), std::move(task));
  defer(std::move(task));
  return 0;
}

HostImpl::Activity::~Activity() {
  if (host_.depth_ == 1) {
    while (!host_.tasks_.empty()) {
      auto task = std::move(host_.tasks_.front());
      host_.tasks_.pop_front();
      task();
    }
  }
  --host_.depth_;
}

void HostImpl::log(LogLevel level, std::string_view text, const std::string& plugin) {
  if (level < logLevel) return;
  logs.push_back({level, std::string(text), plugin});
}

void HostImpl::fillRandom(char* bytes, size_t size) {
  for (size_t i = 0; i < size; ++i) {
    // xorshift64: the same numbers in every run.
    random_ ^= random_ << 13;
    random_ ^= random_ >> 7;
    random_ ^= random_ << 17;
    bytes[i] = static_cast<char>(random_);
  }
}

void HostImpl::removeVm(const std::string& vmId) {
  if (--vmsById_[vmId] != 0) return;
  vmsById_.erase(vmId);
  sharedData_.forget(vmId);
  queues_.forget(vmId);
}

Status HostImpl::enqueue(uint32_t id, std::string_view value) {
  SharedQueues::Queue* queue = queues_.find(id);
  if (queue == nullptr) return Status::NotFound;
  queue->values.emplace_back(value);
  defer([id, vm = queue->vm, root = queue->rootContext] {
    auto kept = vm.lock();
    if (kept == nullptr) return;
    if (auto* context = dynamic_cast<RootContext*>(kept->findContext(root))) context->queueReady(id);
  });
  return Status::Ok;
}

}  // namespace sluice::host
