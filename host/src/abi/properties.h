// Properties, which filters read with get_property, in Envoy's serialisation.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sluice/abi.h"

namespace sluice::host {

/// The segments of a property's path.
using PropertyPath = std::vector<std::string_view>;

/// What reading a property gives: its bytes, or the status that says why there are none.
struct PropertyValue {
  Status status = Status::NotFound;
  std::string bytes = {};

  PropertyValue() = default;
  PropertyValue(std::nullopt_t) {}
  PropertyValue(std::string value) : status(Status::Ok), bytes(std::move(value)) {}
  PropertyValue(const char* value) : PropertyValue(std::string(value)) {}
  /// A property that exists, but that get_property cannot express, such as the whole of "request".
  static PropertyValue unserializable() {
    PropertyValue value;
    value.status = Status::SerializationFailure;
    return value;
  }
  /// Whether there is such a property.
  explicit operator bool() const { return status != Status::NotFound; }
};

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
/// The properties below "upstream"; `connected` says whether the stream is connected to the upstream.
PropertyValue upstreamProperty(const PropertyPath& path, bool connected);
/// The properties below "xds" that concern the upstream's cluster and host.
PropertyValue clusterProperty(const PropertyPath& path, bool connected);
/// The properties of the proxy itself, "xds.node.…", which every context has.
PropertyValue nodeProperty(const PropertyPath& path);

/// A property of a stream without HTTP headers: the maps are empty.
PropertyValue headerlessProperty(const PropertyPath& path);

/// The bytes of an empty map or list.
std::string emptyPairs();

}  // namespace sluice::host
