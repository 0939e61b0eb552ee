// Properties: what filters read with get_property, serialised as Envoy serialises them.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::host {

/// The segments of a property's path.
using PropertyPath = std::vector<std::string_view>;
/// A property's bytes, or nothing where there is no such property.
using PropertyValue = std::optional<std::string>;
/// Values by dotted path.
using PropertyMap = std::map<std::string, std::string, std::less<>>;

/// The segments of a path as guests pass it, separated by zero bytes. Views into `path`.
PropertyPath splitProperty(std::string_view path);
/// "request.headers.x" from "request\0headers\0x".
std::string dotted(std::string_view path);

/// Numbers are 8 little-endian bytes, booleans one.
std::string propertyInteger(int64_t value);
std::string propertyBoolean(bool value);
/// "address" and "port" of one end of a connection; nothing for another path.
PropertyValue peerProperty(const PropertyPath& path, std::string_view address, int64_t port);
/// The address of the upstream, once a stream is connected to it.
PropertyValue upstreamProperty(const PropertyPath& path);

/// xds.cluster_name
inline constexpr char kUpstreamCluster[] = "upstream";

}  // namespace sluice::host
