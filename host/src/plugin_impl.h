// A plugin: its module, its VM, its root context.
#pragma once

#include <memory>
#include <optional>

#include "host_impl.h"
#include "root_context.h"
#include "sluice/host/plugin.h"
#include "vm.h"

namespace sluice::host {

class PluginImpl final : public std::enable_shared_from_this<PluginImpl> {
 public:
  PluginImpl(std::shared_ptr<HostImpl> host, std::shared_ptr<Module> module, PluginOptions options);
  ~PluginImpl();

  /// Takes a VM, starts and configures the root context.
  void start() { take(newRun()); }
  /// on_done and on_delete; answers whether the guest is done.
  bool shutdown();
  /// Whether a new stream gets this filter: not when its VM has failed and FailPolicy::Open lets streams pass. With
  /// FailPolicy::Reload a failed VM is started anew when its back-off has passed.
  bool joinsStreams();

  HostImpl& host() { return *host_; }
  const std::shared_ptr<HostImpl>& sharedHost() const { return host_; }
  const PluginOptions& options() const { return options_; }
  [[nodiscard]] bool configured() const { return configured_; }
  Vm& vm() { return *vm_; }
  const std::shared_ptr<Vm>& sharedVm() const { return vm_; }
  const std::shared_ptr<RootContext>& root() { return root_; }

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

  std::shared_ptr<HostImpl> host_;
  std::shared_ptr<Module> module_;
  PluginOptions options_;
  std::shared_ptr<Vm> vm_;
  std::shared_ptr<RootContext> root_;
  bool configured_ = false;
  uint64_t loadedAt_ = 0;  // When a VM was last tried, in the host's time.
};

}  // namespace sluice::host
