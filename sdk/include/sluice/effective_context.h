// Makes hostcalls act on a stream in a callback of its root context.
#pragma once

#include <cstdint>

#include "sluice/abi.h"
#include "sluice/context.h"
#include "sluice/internal/runtime.h"

namespace sluice {

/// While this object lives, hostcalls act on a stream, although a callback of its root context such as onTick() or
/// onQueueReady() is running. Without it, calls such as requestHeaders().get(), continueRequest() and
/// sendLocalResponse() of the stream fail there. The destructor makes hostcalls act on the root context again.
///
///     const EffectiveContext effective(stream);
///     if (effective.status() == Status::Ok) warnUnlessOk(stream.continueRequest(), "continuing");
///
/// The filter must know that the stream still exists: remove it from your own list in its onDelete(). When the SDK
/// calls a stream's handler for a callout, it has already made the stream the effective context.
class EffectiveContext {
 public:
  /// Makes hostcalls act on `stream` (proxy_set_effective_context).
  explicit EffectiveContext(const ContextBase& stream);
  ~EffectiveContext();
  EffectiveContext(const EffectiveContext&) = delete;
  EffectiveContext& operator=(const EffectiveContext&) = delete;

  /// Ok, or BadArgument when the host does not know the stream; hostcalls then still act on the root context.
  Status status() const { return status_; }

 private:
  uint32_t rootId_;
  Status status_;
  internal::LastCallback before_;
};

}  // namespace sluice
