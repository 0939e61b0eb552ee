#include "vm_pool.h"

namespace sluice::host {

VmPool::VmIdHold::~VmIdHold() {
  host.sharedData.forget(vmId);
  host.queues.forget(vmId);
}

std::shared_ptr<Vm> VmPool::vmFor(const std::shared_ptr<Module>& module, const PluginOptions& options) {
  std::string key = std::to_string(options.worker);
  key.push_back('\0');
  key.append(options.vmId);
  key.push_back('\0');
  key.append(options.vmConfiguration).push_back('\0');
  key.append(module->key());
  if (auto known = vms_[key].lock(); known != nullptr && !known->failure()) return known;
  auto vm = std::make_shared<Vm>(host_.services, module, options, holdVmId(options.vmId));
  vm->start();
  vms_[key] = vm;
  return vm;
}

std::shared_ptr<VmPool::VmIdHold> VmPool::holdVmId(const std::string& vmId) {
  auto& known = vmIds_[vmId];
  auto hold = known.lock();
  if (hold == nullptr) known = hold = std::make_shared<VmIdHold>(host_, vmId);
  return hold;
}

}  // namespace sluice::host
