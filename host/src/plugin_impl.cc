#include "plugin_impl.h"

#include "engine.h"

namespace sluice::host {

PluginImpl::PluginImpl(std::shared_ptr<HostImpl> host, std::shared_ptr<Module> module, PluginOptions options)
    : host_(std::move(host)), module_(std::move(module)), options_(std::move(options)) {}

PluginImpl::~PluginImpl() = default;

void PluginImpl::start() {
  vm_ = host_->vmFor(module_, options_);
  root_ = std::make_shared<RootContext>(*vm_, *this);
  configured_ = !vm_->failure() && root_->start() && root_->configure();
}

bool PluginImpl::shutdown() { return root_ == nullptr || root_->shutdown(); }

bool PluginImpl::joinsStreams() {
  reloadIfDue();
  return !vm_->failure() || options_.failPolicy != FailPolicy::Open;
}

void PluginImpl::reloadIfDue() {
  if (!vm_->failure() || options_.failPolicy != FailPolicy::Reload) return;
  if (host_->now() < vm_->failedAt() + host_->profile().reloadBackoff) return;
  start();
}

}  // namespace sluice::host
