#include "plugin_impl.h"

#include "guest/engine.h"

namespace sluice::host {

PluginImpl::PluginImpl(std::shared_ptr<HostImpl> host, std::shared_ptr<Module> module, PluginOptions options)
    : host_(std::move(host)), module_(std::move(module)), options_(std::move(options)) {}

PluginImpl::~PluginImpl() = default;

PluginImpl::Run PluginImpl::newRun() {
  loadedAt_ = host_->now();
  Run run;
  run.vm = host_->vmFor(module_, options_);
  run.root = std::make_shared<RootContext>(*run.vm, *this);
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
  return !vm_->failure() || options_.failPolicy != FailPolicy::Open;
}

void PluginImpl::reloadIfDue() {
  if (!vm_->failure() || options_.failPolicy != FailPolicy::Reload) return;
  if (host_->now() < loadedAt_ + host_->profile().reloadBackoff) return;
  // The failed VM is kept until one starts that works. Other plugins keep it until they reload themselves.
  if (Run run = newRun(); run.configured) take(std::move(run));
}

}  // namespace sluice::host
