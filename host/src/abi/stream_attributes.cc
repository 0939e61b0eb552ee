#include "abi/stream_attributes.h"

#include "abi/properties.h"

namespace sluice::host {

std::optional<std::string> StreamAttributes::written(std::string_view path) const {
  for (const auto& [name, value] : writtenProperties) {
    if (dotted(name) == path) return value;
  }
  constexpr std::string_view kFilterState = "filter_state.";
  if (!path.starts_with(kFilterState)) return std::nullopt;
  auto state = filterState.find(path.substr(kFilterState.size()));
  return state == filterState.end() ? std::nullopt : std::optional(state->second);
}

}  // namespace sluice::host
