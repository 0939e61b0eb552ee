// The VMs of one host. Plugins share VMs as they do in a proxy.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <utility>

#include "guest/engine.h"
#include "host_state.h"
#include "sluice/host/plugin_options.h"
#include "vm.h"

namespace sluice::host {

class VmPool {
 public:
  explicit VmPool(HostState& host) : host_(host) {}

  HostState& host() { return host_; }
  /// The VM for a plugin. Plugins with the same module, worker, vm_id and VM configuration share it, unless it has
  /// failed: then the plugin gets a new one.
  std::shared_ptr<Vm> vmFor(const std::shared_ptr<Module>& module, const PluginOptions& options);

 private:
  /// Held by each VM with this vm_id. When the last of them is destroyed, their shared data and queues are removed.
  struct VmIdHold {
    VmIdHold(HostState& state, std::string id) : host(state), vmId(std::move(id)) {}
    ~VmIdHold();
    VmIdHold(const VmIdHold&) = delete;
    VmIdHold& operator=(const VmIdHold&) = delete;

    HostState& host;
    const std::string vmId;
  };
  std::shared_ptr<VmIdHold> holdVmId(const std::string& vmId);

  HostState& host_;
  std::map<std::string, std::weak_ptr<Vm>> vms_;
  std::map<std::string, std::weak_ptr<VmIdHold>> vmIds_;
};

}  // namespace sluice::host
