#include "root_context.h"

#include <utility>

namespace sluice::host {

RootContext::RootContext(Instance& instance, std::shared_ptr<const PluginOptions> plugin, const CallEnvironment& calls)
    : Context(instance, std::move(plugin), this), clock_(calls.clock), calls_(*this, calls) {}

RootContext::~RootContext() {
  clock_.cancel(tickTimer_);
  calls_.cancelAll();
}

bool RootContext::start() {
  Instance::CallScope scope(instance());
  instance().call(instance().callbacks().proxy_on_context_create, *this, id(), 0);
  created_ = true;
  auto accepted = instance().call(instance().callbacks().proxy_on_vm_start, *this, id(),
                                  instance().options().vmConfiguration.size());
  return accepted.value_or(1) != 0 && !instance().failure();
}

bool RootContext::configure() {
  Instance::CallScope scope(instance());
  configuring_ = true;
  auto accepted =
      instance().call(instance().callbacks().proxy_on_configure, *this, id(), plugin()->configuration.size());
  configuring_ = false;
  return accepted.value_or(1) != 0 && !instance().failure();
}

bool RootContext::shutdown() {
  if (end_ != End::Alive) return end_ == End::Deleted;
  bool finished = true;
  {
    Instance::CallScope scope(instance());
    finished = instance().call(instance().callbacks().proxy_on_done, *this, id()).value_or(1) != 0;
    end_ = finished ? End::Deleted : End::WaitingForDone;
  }
  if (finished) deleteInGuest();
  return end_ == End::Deleted;
}

Status RootContext::confirmDone() {
  if (end_ != End::WaitingForDone) return Status::NotFound;
  end_ = End::Deleted;
  instance().afterCall([this] { deleteInGuest(); });
  return Status::Ok;
}

void RootContext::deleteInGuest() {
  clock_.cancel(tickTimer_);
  calls_.cancelAll();
  if (created_) {
    Instance::CallScope scope(instance());
    instance().call(instance().callbacks().proxy_on_delete, *this, id());
  }
  instance().removeContext(id());  // Hostcalls and queues no longer find it.
}

Status RootContext::setTickPeriod(uint32_t milliseconds) {
  clock_.cancel(tickTimer_);
  tickPeriod_ = uint64_t{milliseconds} * 1'000'000;
  tickTimer_ = tickPeriod_ == 0 ? 0 : clock_.schedule(clock_.now() + tickPeriod_, [this] { tick(); });
  return Status::Ok;
}

void RootContext::tick() {
  tickTimer_ = 0;
  if (end_ == End::Deleted) return;
  {
    Instance::CallScope scope(instance());
    instance().call(instance().callbacks().proxy_on_tick, *this, id());
  }
  // The guest may have changed the period and so restarted the timer.
  if (tickPeriod_ != 0 && tickTimer_ == 0 && !instance().failure()) {
    tickTimer_ = clock_.schedule(clock_.now() + tickPeriod_, [this] { tick(); });
  }
}

void RootContext::queueReady(uint32_t queue) {
  Instance::CallScope scope(instance());
  instance().call(instance().callbacks().proxy_on_queue_ready, *this, id(), queue);
}

void RootContext::foreignFunction(uint32_t function, std::string_view arguments) {
  Instance::CallScope scope(instance());
  foreignArguments_ = arguments;
  instance().call(instance().callbacks().proxy_on_foreign_function, *this, id(), function, arguments.size());
  foreignArguments_.clear();
}

BufferView RootContext::buffer(BufferType type) {
  switch (type) {
    case BufferType::PluginConfiguration:
      if (!configuring_) return {};
      return {BufferView::Kind::Constant, plugin()->configuration};
    case BufferType::ForeignFunctionArguments:
      return {BufferView::Kind::Constant, foreignArguments_};
    case BufferType::HttpCallResponseBody:
    case BufferType::GrpcCallMessage:
      return calls_.buffer(type);
    default:
      return Context::buffer(type);
  }
}

}  // namespace sluice::host
