#include "stream_attributes.h"

#include "properties.h"

namespace sluice::host {

std::optional<std::string> StreamAttributes::written(std::string_view path) const {
  for (const auto& [name, value] : writtenProperties) {
    if (dotted(name) == path) return value;
  }
  return std::nullopt;
}

}  // namespace sluice::host
