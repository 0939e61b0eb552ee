#include "plugin_impl.h"

#include <utility>

namespace sluice::host {

PluginImpl::PluginImpl(std::shared_ptr<VmPool> vms, std::shared_ptr<Module> module, PluginOptions options)
    : vms_(std::move(vms)),
      module_(std::move(module)),
      options_(std::make_shared<const PluginOptions>(std::move(options))) {}

PluginImpl::Run PluginImpl::newRun() {
  loadedAt_ = host().clock.now();
  Run run;
  run.vm = vms_->vmFor(module_, *options_);
  const CallEnvironment calls{host().profile, host().clusters, run.vm->callIds(), host().clock, clock()};
  run.root = std::make_shared<RootContext>(*run.vm, options_, calls);
  run.configured = !run.vm->failure() && run.root->start() && run.root->configure();
  return run;
}

void PluginImpl::take(Run run) {
  vm_ = std::move(run.vm);
  root_ = std::move(run.root);
  configured_ = run.configured;
}

bool PluginImpl::shutdown() { return root_ == nullptr || root_->shutdown(); }

bool PluginImpl::joinsStreams() {
  reloadIfDue();
  return !vm_->failure() || options_->failPolicy != FailPolicy::Open;
}

void PluginImpl::reloadIfDue() {
  if (!vm_->failure() || options_->failPolicy != FailPolicy::Reload) return;
  if (host().clock.now() < loadedAt_ + host().profile.reloadBackoff) return;
  // Keeps the failed VM until a new one starts successfully. Other plugins keep the failed VM until they reload.
  if (Run run = newRun(); run.configured) take(std::move(run));
}

}  // namespace sluice::host
