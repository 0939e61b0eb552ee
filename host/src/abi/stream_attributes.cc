#include "abi/stream_attributes.h"

namespace sluice::host {
namespace {

PropertyValue connectionProperty(uint64_t id, const PropertyPath& path) {
  if (path.size() != 2) return std::nullopt;
  if (path[1] == "id") return propertyInteger(static_cast<int64_t>(id));
  if (path[1] == "mtls") return propertyBoolean(false);
  if (path[1] == "requested_server_name") return "";
  return std::nullopt;
}

// Envoy has these only below "xds"; it does not know the names node, cluster_name and route_name of other hosts.
PropertyValue xdsProperty(const PropertyPath& path) {
  if (path.size() != 2) return std::nullopt;
  if (path[1] == "listener_direction") return propertyInteger(0);
  if (path[1] == "filter_chain_name") return "";
  return std::nullopt;
}

PropertyValue valueAt(const PropertyMap& map, std::string_view name) {
  auto entry = map.find(name);
  return entry == map.end() ? std::nullopt : PropertyValue(entry->second);
}

}  // namespace

std::optional<std::string> StreamAttributes::written(std::string_view path) const {
  for (const auto& [name, value] : writtenProperties) {
    if (dotted(name) == path) return value;
  }
  constexpr std::string_view kFilterState = "filter_state.";
  if (!path.starts_with(kFilterState)) return std::nullopt;
  return valueAt(filterState, path.substr(kFilterState.size()));
}

PropertyValue StreamAttributes::property(const PropertyPath& path) const {
  if (path.size() == 2) {
    if (path[0] == "source") return peerProperty(path, "127.0.0.1:50000", 50000);
    if (path[0] == "destination") return peerProperty(path, "127.0.0.1:10000", 10000);
    if (path[0] == "connection") return connectionProperty(id, path);
    if (path[0] == "xds") return xdsProperty(path);
    if (path[0] == "filter_state") return valueAt(filterState, path[1]);
  }
  // As in Envoy, a property that a filter wrote is found only by a path of one segment.
  if (path.size() != 1) return std::nullopt;
  if (path[0] == "connection_id") return propertyInteger(static_cast<int64_t>(id));
  return valueAt(writtenProperties, path[0]);
}

}  // namespace sluice::host
