// Linked only into modules that register several filters, or one with a root_id.
#include "sluice/internal/dispatch.h"
#include "sluice/log.h"
#include "sluice/property.h"

namespace sluice::internal {

namespace {

const Registration* find(std::string_view rootId) {
  const Registration* any = nullptr;
  for (auto* r = Dispatch::registrations(); r != nullptr; r = r->next) {
    if (r->rootId.empty())
      any = r;
    else if (r->rootId == rootId)
      return r;
  }
  return any;
}

}  // namespace

RootContext* createRootByRootId() {
  const auto rootId = getProperty(property::kPluginRootId).valueOr({});
  if (const auto* registration = find(rootId)) {
    auto* root = registration->createRoot();
    root->registration_ = registration;
    return root;
  }
  appendToLog("sluice: no filter in this module is registered for root_id \"");
  appendToLog(rootId);
  appendToLog("\"; there are:");
  for (auto* r = Dispatch::registrations(); r != nullptr; r = r->next) {
    appendToLog(" \"");
    appendToLog(r->rootId);
    appendToLog('"');
  }
  sendLog(LogLevel::Error);
  return nullptr;
}

void createStreamByRootId(RootContext& root, uint32_t id, ContextBase** link) {
  root.registration_->createStream(root, id, link);
}

}  // namespace sluice::internal
