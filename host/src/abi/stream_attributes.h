// What HTTP streams and TCP connections have in common: what filters read and write as properties.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "abi/properties.h"

namespace sluice::host {

/// What a stream is to the filters in it, whatever its protocol.
struct StreamAttributes {
  uint64_t id = 0;                     ///< Of the connection.
  uint64_t startTime = 0;              ///< Nanoseconds since 1970.
  PropertyMap properties = {};         ///< By dotted path: what the test sets.
  PropertyMap writtenProperties = {};  ///< By the path as filters write it.
  PropertyMap filterState = {};        ///< By set_envoy_filter_state.

  /// The property that a filter wrote at a dotted `path`, or nothing.
  [[nodiscard]] std::optional<std::string> written(std::string_view path) const;
  /// A property that streams of both kinds have: of the connection, or written by a filter; or nothing.
  [[nodiscard]] PropertyValue property(const PropertyPath& path) const;
};

}  // namespace sluice::host
