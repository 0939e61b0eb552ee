// A header map with Envoy's rules.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "sluice/host/message.h"

namespace sluice::host {

enum class MapKind { Request, Response, RequestTrailers, ResponseTrailers };

/// Header fields in order. Names are lower case; pseudo-headers come first; in a request "host" is ":authority".
class HeaderMap {
 public:
  /// `joinKnown` is Profile::joinKnownHeaders.
  HeaderMap(MapKind kind, bool joinKnown) : kind_(kind), joinKnown_(joinKnown) {}
  HeaderMap(MapKind kind, bool joinKnown, const Headers& headers);

  [[nodiscard]] const Headers& entries() const { return entries_; }
  [[nodiscard]] size_t size() const { return entries_.size(); }
  /// The total size of names and values, in bytes.
  [[nodiscard]] uint64_t byteSize() const;
  /// The first value of the header `name`, or nothing.
  [[nodiscard]] std::optional<std::string_view> get(std::string_view name) const;

  /// Adds a field. When the map already has the header and the proxy knows it, joins the value instead.
  void add(std::string_view name, std::string_view value);
  /// Replaces all fields called `name` by this one.
  void set(std::string_view name, std::string_view value);
  /// Gives the first field called `name` another value where it stands, or adds the field.
  void overwrite(std::string_view name, std::string_view value);
  void remove(std::string_view name);
  void clear() { entries_.clear(); }

 private:
  [[nodiscard]] std::string key(std::string_view name) const;
  void insert(std::string key, std::string_view value);

  MapKind kind_;
  bool joinKnown_;
  Headers entries_;
};

}  // namespace sluice::host
