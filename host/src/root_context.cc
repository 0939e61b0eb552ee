#include "root_context.h"

#include "host_impl.h"
#include "plugin_impl.h"

namespace sluice::host {

RootContext::RootContext(Vm& vm, PluginImpl& plugin) : Context(vm, &plugin, this) {}

RootContext::~RootContext() {
  vm().host().timers().cancel(tickTimer_);
  cancelCallouts();
}

void RootContext::cancelCallouts() {
  while (!httpCalls_.empty()) finishHttpCall(httpCalls_.begin()->first);
  grpc_.cancelAll();
}

bool RootContext::start() {
  Vm::CallScope scope(vm());
  vm().call(vm().callbacks().proxy_on_context_create, *this, id(), 0);
  created_ = true;
  auto accepted = vm().call(vm().callbacks().proxy_on_vm_start, *this, id(), vm().options().vmConfiguration.size());
  return accepted.value_or(1) != 0 && !vm().failure();
}

bool RootContext::configure() {
  Vm::CallScope scope(vm());
  configuring_ = true;
  auto accepted = vm().call(vm().callbacks().proxy_on_configure, *this, id(), plugin()->options().configuration.size());
  configuring_ = false;
  return accepted.value_or(1) != 0 && !vm().failure();
}

bool RootContext::shutdown() {
  if (end_ != End::Alive) return end_ == End::Deleted;
  bool finished = true;
  {
    Vm::CallScope scope(vm());
    finished = vm().call(vm().callbacks().proxy_on_done, *this, id()).value_or(1) != 0;
    end_ = finished ? End::Deleted : End::WaitingForDone;
  }
  if (finished) deleteInGuest();
  return end_ == End::Deleted;
}

Status RootContext::done() {
  if (end_ != End::WaitingForDone) return Status::NotFound;
  end_ = End::Deleted;
  vm().afterCall([this] { deleteInGuest(); });
  return Status::Ok;
}

void RootContext::deleteInGuest() {
  vm().host().timers().cancel(tickTimer_);
  cancelCallouts();
  if (created_) {
    Vm::CallScope scope(vm());
    vm().call(vm().callbacks().proxy_on_delete, *this, id());
  }
  vm().removeContext(id());  // No hostcall and no queue finds it any more.
}

void RootContext::setTickPeriod(uint32_t milliseconds) {
  Timers& timers = vm().host().timers();
  timers.cancel(tickTimer_);
  tickPeriod_ = uint64_t{milliseconds} * 1'000'000;
  tickTimer_ = tickPeriod_ == 0 ? 0 : timers.schedule(vm().host().now() + tickPeriod_, [this] { tick(); });
}

void RootContext::tick() {
  tickTimer_ = 0;
  if (end_ == End::Deleted) return;
  {
    Vm::CallScope scope(vm());
    vm().call(vm().callbacks().proxy_on_tick, *this, id());
  }
  // The guest may have changed the period, and with it the timer.
  if (tickPeriod_ != 0 && tickTimer_ == 0 && !vm().failure()) {
    tickTimer_ = vm().host().timers().schedule(vm().host().now() + tickPeriod_, [this] { tick(); });
  }
}

void RootContext::queueReady(uint32_t queue) {
  Vm::CallScope scope(vm());
  vm().call(vm().callbacks().proxy_on_queue_ready, *this, id(), queue);
}

void RootContext::foreignFunction(uint32_t function, std::string_view arguments) {
  Vm::CallScope scope(vm());
  foreignArguments_ = arguments;
  vm().call(vm().callbacks().proxy_on_foreign_function, *this, id(), function, arguments.size());
  foreignArguments_.clear();
}

const HeaderMap* RootContext::readableMap(MapType map) {
  switch (map) {
    case MapType::HttpCallResponseHeaders:
      return replyHeaders_.get();
    case MapType::HttpCallResponseTrailers:
      return replyTrailers_.get();
    case MapType::GrpcCallInitialMetadata:
      return grpc_.initialMetadata();
    case MapType::GrpcCallTrailingMetadata:
      return grpc_.trailingMetadata();
    default:
      return nullptr;
  }
}

BufferView RootContext::buffer(BufferType type) {
  switch (type) {
    case BufferType::PluginConfiguration:
      if (!configuring_) return {};
      return {BufferView::Kind::Constant, plugin()->options().configuration};
    case BufferType::ForeignFunctionArguments:
      return {BufferView::Kind::Constant, foreignArguments_};
    case BufferType::HttpCallResponseBody:
      if (!replyBody_) return {};
      return {BufferView::Kind::Constant, *replyBody_};
    case BufferType::GrpcCallMessage:
      if (grpc_.message() == nullptr) return {BufferView::Kind::Absent};
      return {BufferView::Kind::Body, {}, grpc_.message()};
    default:
      return Context::buffer(type);
  }
}

}  // namespace sluice::host
