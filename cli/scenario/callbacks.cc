#include "scenario/callbacks.h"

namespace sluice::scenario {
namespace {

std::string calls(size_t count) { return std::to_string(count) + (count == 1 ? " call" : " calls"); }

}  // namespace

bool CallbackExpectation::accepts(const std::vector<std::string>& returned) const {
  return count ? returned.size() == *count : returned == actions;
}

std::string CallbackExpectation::describe() const { return count ? calls(*count) : describeActions(actions); }

std::string describeActions(const std::vector<std::string>& returned) {
  if (returned.empty()) return "no call";
  std::string result;
  for (const auto& action : returned) {
    if (action.empty()) return calls(returned.size());
    result += (result.empty() ? "" : ", ") + action;
  }
  return result;
}

std::vector<std::string> actionsOf(const std::vector<CallbackCall>& calls, std::string_view name) {
  std::vector<std::string> result;
  for (const auto& call : calls) {
    if (call.name == name) result.push_back(call.action);
  }
  return result;
}

}  // namespace sluice::scenario
