#include "steps.h"

using namespace sluice;

namespace script {

void Call::reportValue(const HeaderPairs& pairs) const {
  std::string text = std::to_string(pairs.size());
  for (const auto header : pairs) text.append(" ").append(header.name).append("=").append(header.value);
  reportText(text);
}

bool perform(const Call& call, Place& place) {
  return callHeaderMap(call) || callBuffer(call) || callProperty(call) || callLog(call) || callSharedState(call) ||
         callMetric(call) || callContext(call, place) || callResult(call) || callCallout(call, place);
}

void tell(const Event& event) {
  const std::string_view name = event.callback.name;
  logTrace(event.object, " ", event.id, ": ", name.substr(name.starts_with("root.") ? 5 : 0),
           event.detail.empty() ? "" : " ", event.detail,
           !event.endOfStream   ? ""
           : *event.endOfStream ? " true"
                                : " false");
}

}  // namespace script
