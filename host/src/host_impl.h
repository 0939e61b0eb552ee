// The implementation of Host: its state, its VMs and its plugins.
#pragma once

#include <memory>
#include <vector>

#include "host_state.h"
#include "plugin_impl.h"
#include "sluice/host/plugin_options.h"
#include "vm_pool.h"

namespace sluice::host {

class HostImpl final : public std::enable_shared_from_this<HostImpl> {
 public:
  explicit HostImpl(Profile profile) : state(std::move(profile)) {}

  std::shared_ptr<PluginImpl> load(std::shared_ptr<Module> module, PluginOptions options);
  /// Ends all plugins.
  void shutdown();

  HostState state;

 private:
  VmPool vms_{state};
  std::vector<std::weak_ptr<PluginImpl>> plugins_;
};

}  // namespace sluice::host
