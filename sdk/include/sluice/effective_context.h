// Work on one context in the callback of another.
#pragma once

#include <cstdint>

#include "sluice/abi.h"
#include "sluice/context.h"

namespace sluice {

/// While it lives, hostcalls act on a stream although a callback of its root context is running, such as onTick() or
/// onQueueReady(); without it the stream's header maps, its continueRequest() and sendLocalResponse() … fail there. At
/// its end hostcalls act on the root context again.
///
///     const EffectiveContext effective(stream);
///     if (effective.status() == Status::Ok) warnUnlessOk(stream.continueRequest(), "continuing");
///
/// The filter has to know that the stream is still there: onDelete() says when it no longer is. Where the SDK calls a
/// stream back for a callout of its own it has done this already.
class EffectiveContext {
 public:
  /// Hostcalls act on `stream` from now on (proxy_set_effective_context).
  explicit EffectiveContext(const ContextBase& stream);
  ~EffectiveContext();
  EffectiveContext(const EffectiveContext&) = delete;
  EffectiveContext& operator=(const EffectiveContext&) = delete;

  /// BadArgument when the host does not know the stream; hostcalls then act on the root context still.
  Status status() const { return status_; }

 private:
  uint32_t rootId_;
  Status status_;
};

}  // namespace sluice
