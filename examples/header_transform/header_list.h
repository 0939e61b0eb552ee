// A header map's contents while rules work on them.
#pragma once

#include <forward_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sluice/header_map.h"

/// Headers as views: of what the host gave, and of strings that are kept here. To be used within one callback.
struct HeaderList {
  explicit HeaderList(const sluice::HeaderPairs& pairs) : headers(pairs.begin(), pairs.end()) {}

  /// The first value of `name`, or nothing.
  std::optional<std::string_view> get(std::string_view name) const {
    for (const auto& header : headers) {
      if (header.name == name) return header.value;
    }
    return std::nullopt;
  }

  /// Keeps `text` as long as this object lives.
  std::string_view keep(std::string text) { return kept.emplace_front(std::move(text)); }

  std::vector<sluice::Header> headers;
  std::forward_list<std::string> kept;
};
