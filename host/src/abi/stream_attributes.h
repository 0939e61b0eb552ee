// What HTTP streams and TCP connections have in common: what filters read and write as properties.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace sluice::host {

struct StreamAttributes {
  uint64_t id = 0;                                                         ///< Of the connection.
  uint64_t startTime = 0;                                                  ///< Nanoseconds since 1970.
  std::map<std::string, std::string, std::less<>> properties = {};         ///< By dotted path: what the test sets.
  std::map<std::string, std::string, std::less<>> writtenProperties = {};  ///< By the path as filters write it.
  std::map<std::string, std::string, std::less<>> filterState = {};        ///< By set_envoy_filter_state.

  /// The property that a filter wrote at a dotted `path`, or nothing.
  [[nodiscard]] std::optional<std::string> written(std::string_view path) const;
};

}  // namespace sluice::host
