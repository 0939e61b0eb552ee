#include "abi/instance.h"

#include <utility>

namespace sluice::host {

std::optional<uint64_t> Instance::callHeaders(const HeadersCallback& callback, Context& context, uint32_t contextId,
                                              uint32_t headers, bool end) {
  if (!callback.function || failure_) return std::nullopt;
  const uint64_t raw[] = {contextId, headers, end ? 1u : 0u};
  return invoke(*callback.function, callback.name, context, std::span(raw, abiVersion_ == 10 ? 2 : 3));
}

Instance::CallScope::~CallScope() {
  instance_.iterationStopped_ = false;
  while (!instance_.actions_.empty()) {
    auto action = std::move(instance_.actions_.front());
    instance_.actions_.pop_front();
    action();
  }
  --instance_.callScopes_;
}

uint32_t Instance::addContext(Context* context) {
  if (contexts_.empty()) {
    contexts_[0] = context;
    return 0;
  }
  while (contexts_.contains(nextContextId_)) ++nextContextId_;
  contexts_[nextContextId_] = context;
  return nextContextId_++;
}

Context* Instance::findContext(uint32_t id) const {
  auto context = contexts_.find(id);
  return context == contexts_.end() ? nullptr : context->second;
}

}  // namespace sluice::host
