// The properties that HTTP streams and TCP connections share.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "abi/properties.h"

namespace sluice::host {

/// The attributes of a stream that filters can read and write, for either protocol.
struct StreamAttributes {
  uint64_t id = 0;                     ///< The connection's id.
  uint64_t startTime = 0;              ///< Nanoseconds since 1970.
  PropertyMap properties = {};         ///< Set by the test, by dotted path.
  PropertyMap writtenProperties = {};  ///< Set by set_property, by the path that the filter gave.
  PropertyMap filterState = {};        ///< Set by set_envoy_filter_state, by path.

  /// The property that a filter wrote at a dotted `path`, or nothing.
  [[nodiscard]] std::optional<std::string> written(std::string_view path) const;
  /// A property that both kinds of stream have: one of the connection or one that a filter wrote; nothing otherwise.
  [[nodiscard]] PropertyValue property(const PropertyPath& path) const;

 private:
  /// The value in the proxy's filter state, where a property that a filter wrote is called "wasm." and its name.
  [[nodiscard]] PropertyValue filterStateAt(std::string_view name) const;
};

}  // namespace sluice::host
