// The implementation of Plugin: its module, its VM, its root context.
#pragma once

#include <memory>

#include "root_context.h"
#include "sluice/host/plugin.h"
#include "sluice/host/plugin_options.h"
#include "vm_pool.h"

namespace sluice::host {

class PluginImpl final {
 public:
  /// `vms` keeps the host alive.
  PluginImpl(std::shared_ptr<VmPool> vms, std::shared_ptr<Module> module, PluginOptions options);

  /// Gets a VM, then starts and configures the root context.
  void start() { take(newRun()); }
  /// Calls on_done and on_delete; returns whether the root context is deleted.
  bool shutdown();
  /// Whether a new stream includes this filter. It does not when the VM has failed under FailPolicy::Open. Under
  /// FailPolicy::Reload, this replaces a failed VM once the back-off is over.
  bool joinsStreams();

  /// The host's clock; the pointer keeps the host alive.
  [[nodiscard]] std::shared_ptr<Clock> clock() const { return {vms_, &vms_->host().clock}; }
  HostState& host() { return vms_->host(); }
  [[nodiscard]] const PluginOptions& options() const { return *options_; }
  [[nodiscard]] bool configured() const { return configured_; }
  Vm& vm() { return *vm_; }
  [[nodiscard]] const std::shared_ptr<RootContext>& root() const { return root_; }

 private:
  /// A VM with the plugin's root context in it.
  struct Run {
    std::shared_ptr<Vm> vm;
    std::shared_ptr<RootContext> root;
    bool configured = false;
  };
  Run newRun();
  void take(Run run);
  void reloadIfDue();

  std::shared_ptr<VmPool> vms_;
  std::shared_ptr<Module> module_;
  std::shared_ptr<const PluginOptions> options_;
  std::shared_ptr<Vm> vm_;
  std::shared_ptr<RootContext> root_;
  bool configured_ = false;
  uint64_t loadedAt_ = 0;  // When a VM was last started, in host time.
};

}  // namespace sluice::host
