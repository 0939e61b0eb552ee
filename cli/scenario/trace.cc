#include "scenario/trace.h"

#include <utility>

namespace sluice::scenario {

std::pair<size_t, size_t> Trace::range(std::optional<size_t> exchange) const {
  size_t first = exchange ? crossings.size() : 0;
  bool isInside = !exchange;
  for (const auto& event : events) {
    if (event.kind != TraceEvent::Kind::Begins && event.kind != TraceEvent::Kind::Ends) continue;
    if (isInside) return {first, event.at};
    if (event.kind == TraceEvent::Kind::Begins && event.exchange == exchange) {
      first = event.at;
      isInside = true;
    }
  }
  return {first, crossings.size()};
}

}  // namespace sluice::scenario
