// Properties, which filters read with get_property, in Envoy's serialisation.
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
/// A property's bytes, or nothing when there is no such property.
using PropertyValue = std::optional<std::string>;
/// Values by dotted path.
using PropertyMap = std::map<std::string, std::string, std::less<>>;

/// Splits a path at its zero bytes, the separators that guests use. The segments are views into `path`.
PropertyPath splitProperty(std::string_view path);
/// Makes "request.headers.x" from "request\0headers\0x".
std::string dotted(std::string_view path);

/// A number as a property's bytes: 8 bytes, little-endian.
std::string propertyInteger(int64_t value);
std::string propertyBoolean(bool value);
/// The property "address" or "port" of one end of a connection; nothing for any other path.
PropertyValue peerProperty(const PropertyPath& path, std::string_view address, int64_t port);
/// The properties of the upstream's address, for a stream that is connected to the upstream.
PropertyValue upstreamProperty(const PropertyPath& path);

/// The value of xds.cluster_name.
inline constexpr char kUpstreamCluster[] = "upstream";

}  // namespace sluice::host
