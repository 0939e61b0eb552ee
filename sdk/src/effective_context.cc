#include "sluice/effective_context.h"

#include "sluice/internal/hostcalls.h"
#include "sluice/log.h"

namespace sluice {

EffectiveContext::EffectiveContext(const ContextBase& stream)
    : rootId_(stream.root_->id()), status_(abi::proxy_set_effective_context(stream.id())) {}

EffectiveContext::~EffectiveContext() {
  if (status_ == Status::Ok) warnUnlessOk(abi::proxy_set_effective_context(rootId_), "sluice: leaving a context");
}

}  // namespace sluice
