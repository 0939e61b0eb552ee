// The contents of a header map while rules change them.
#pragma once

#include <forward_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sluice/header_map.h"

/// Headers as views of the host's data and of strings that this object keeps. Use it within one callback only.
struct HeaderList {
  explicit HeaderList(const sluice::HeaderPairs& pairs) : headers(pairs.begin(), pairs.end()) {}

  /// Appends the value of `name` to the result. Appends all of several values, separated by commas as in HTTP (RFC
  /// 9110, section 5.3), so that no value is hidden. False when there is none.
  bool append(std::string_view name, std::string& result) const {
    bool isThere = false;
    for (const auto& header : headers) {
      if (header.name != name) continue;
      if (isThere) result += ", ";
      isThere = true;
      result += header.value;
    }
    return isThere;
  }

  /// Keeps `text` for the lifetime of this object.
  std::string_view keep(std::string text) { return kept.emplace_front(std::move(text)); }

  std::vector<sluice::Header> headers;
  std::forward_list<std::string> kept;
};
