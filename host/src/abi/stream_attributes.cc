#include "abi/stream_attributes.h"

#include <set>

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
  if (path[1] == "listener_metadata" || path[1] == "filter_chain_name") return "";
  return std::nullopt;
}

// The metadata that other filters set for the stream: there are none.
PropertyValue metadataProperty(const PropertyPath& path) {
  if (path.size() == 1) return "";
  const bool isMap = path[1] == "filter_metadata" || path[1] == "typed_filter_metadata";
  return path.size() == 2 && isMap ? PropertyValue(emptyPairs()) : std::nullopt;
}

/// Whether a path of one segment names a map whose keys Envoy does not list.
bool isOpaqueMap(std::string_view name) {
  static const std::set<std::string_view> kMaps = {"request", "response",    "connection", "upstream",
                                                   "source",  "destination", "xds",        "filter_state"};
  return kMaps.contains(name);
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
  const PropertyValue value = valueAt(filterState, path.substr(kFilterState.size()));
  return value ? std::optional(value.bytes) : std::nullopt;
}

PropertyValue StreamAttributes::property(const PropertyPath& path) const {
  if (path[0] == "metadata") return metadataProperty(path);
  if (path.size() == 2) {
    if (path[0] == "source") return peerProperty(path, "127.0.0.1:50000", 50000);
    if (path[0] == "destination") return peerProperty(path, "127.0.0.1:10000", 10000);
    if (path[0] == "connection") return connectionProperty(id, path);
    if (path[0] == "xds") return xdsProperty(path);
    if (path[0] == "filter_state") return filterStateAt(path[1]);
  }
  // As in Envoy, a property that a filter wrote is found by a path of one segment, or in the filter state.
  if (path.size() != 1) return std::nullopt;
  if (isOpaqueMap(path[0])) return PropertyValue::unserializable();
  if (path[0] == "connection_id") return propertyInteger(static_cast<int64_t>(id));
  return valueAt(writtenProperties, path[0]);
}

PropertyValue StreamAttributes::filterStateAt(std::string_view name) const {
  constexpr std::string_view kWritten = "wasm.";
  if (name.starts_with(kWritten)) return valueAt(writtenProperties, name.substr(kWritten.size()));
  return valueAt(filterState, name);
}

}  // namespace sluice::host
