#include <algorithm>

#include "scenario/scenario.h"

namespace sluice::scenario {

std::vector<std::string> onlyOnMock(const Scenario& scenario) {
  std::vector<std::string> notes;
  const auto hasData = [](const Filter& filter) { return !filter.sharedData.empty(); };
  if (std::any_of(scenario.filters.begin(), scenario.filters.end(), hasData)) {
    notes.emplace_back("'shared_data' is not set: only the mock host can set it before a filter starts");
  }
  if (!scenario.sharedData.empty()) {
    notes.emplace_back("'shared_data' under 'expect' is not checked: only the mock host can see it");
  }
  const auto hasCallbacks = [](const auto& played) { return !played.callbacks.empty(); };
  if (!scenario.callbacks.empty() || std::any_of(scenario.exchanges.begin(), scenario.exchanges.end(), hasCallbacks) ||
      std::any_of(scenario.connections.begin(), scenario.connections.end(), hasCallbacks)) {
    notes.emplace_back("'callbacks' are not checked: only the mock host can see them");
  }
  return notes;
}

}  // namespace sluice::scenario
