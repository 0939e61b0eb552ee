// A local proxy with a filter in it: a real Envoy.
#pragma once

#include <string>

#include "proxy/settings.h"

namespace sluice::proxy {

/// How a proxy ended.
struct End {
  enum class Kind {
    Signal,        ///< A signal asked for it.
    Refused,       ///< The filter refused its configuration, or trapped while it started.
    CannotLoad,    ///< Envoy cannot load the module.
    Failed,        ///< Envoy does not start, or has ended by itself.
    OutputFailed,  ///< Standard output cannot be written any more.
  };
  Kind kind = Kind::Failed;
  int signal = 0;
  std::string message = {};  ///< What to tell the user.
};

/// Runs a proxy until a signal comes or it cannot go on, and says on standard output where it listens, what the filter
/// logs, and what becomes of changes. Nothing of it is left then, but for what a build has started. Throws PlayerError,
/// and std::runtime_error for what is wrong with the settings or the filter.
End run(const Settings& settings, const Source& source);

}  // namespace sluice::proxy
