#include "host_impl.h"

namespace sluice::host {

std::shared_ptr<PluginImpl> HostImpl::load(std::shared_ptr<Module> module, PluginOptions options) {
  Clock::Activity activity(state.clock);
  // The plugin's pointer to the VMs keeps the whole host alive.
  std::shared_ptr<VmPool> vms(shared_from_this(), &vms_);
  auto plugin = std::make_shared<PluginImpl>(std::move(vms), std::move(module), std::move(options));
  plugin->start();
  std::erase_if(plugins_, [](const auto& known) { return known.expired(); });
  plugins_.push_back(plugin);
  return plugin;
}

void HostImpl::shutdown() {
  Clock::Activity activity(state.clock);
  for (auto& known : plugins_) {
    if (auto plugin = known.lock()) plugin->shutdown();
  }
}

}  // namespace sluice::host
