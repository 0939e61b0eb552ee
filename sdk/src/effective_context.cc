#include "sluice/effective_context.h"

#include "sluice/internal/hostcalls.h"
#include "sluice/log.h"

namespace sluice {

// In the last callback of one stream, another stream may become the effective context, whose data the host still has.
EffectiveContext::EffectiveContext(const ContextBase& stream)
    : rootId_(stream.root_->id()),
      status_(abi::proxy_set_effective_context(stream.id())),
      before_(internal::lastCallback()) {
  if (status_ == Status::Ok && stream.end_ < internal::StreamEnd::Over)
    internal::setLastCallback(internal::LastCallback::No);
}

EffectiveContext::~EffectiveContext() {
  internal::setLastCallback(before_);
  if (status_ == Status::Ok) warnUnlessOk(abi::proxy_set_effective_context(rootId_), "sluice: leaving a context");
}

}  // namespace sluice
