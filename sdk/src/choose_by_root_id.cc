// Only in modules that register a filter with a root_id.
#include "sluice/internal/dispatch.h"
#include "sluice/log.h"
#include "sluice/property.h"

namespace sluice::internal {

const Registration* chooseByRootId() {
  const auto rootId = getProperty(property::kPluginRootId).valueOr({});
  const Registration* any = nullptr;
  for (auto* r = registrations(); r != nullptr; r = r->next) {
    if (r->rootId.empty())
      any = r;
    else if (r->rootId == rootId)
      return r;
  }
  if (any != nullptr) return any;
  appendToLog("sluice: no filter in this module is registered for root_id \"");
  appendToLog(rootId);
  appendToLog("\"; there are:");
  for (auto* r = registrations(); r != nullptr; r = r->next) {
    appendToLog(" \"");
    appendToLog(r->rootId);
    appendToLog('"');
  }
  sendLog(LogLevel::Error);
  return nullptr;
}

}  // namespace sluice::internal
