// A header map's contents while rules work on them.
#pragma once

#include <forward_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sluice/header_map.h"

/// Headers as views: of what the host gave, and of strings that are kept here. To be used within one callback.
struct HeaderList {
  explicit HeaderList(const sluice::HeaderPairs& pairs) : headers(pairs.begin(), pairs.end()) {}

  /// Appends the value of `name`; of several, all of them, with commas between them as HTTP has it (RFC 9110, section
  /// 5.3), so that none hides behind another. False when there is none.
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

  /// Keeps `text` as long as this object lives.
  std::string_view keep(std::string text) { return kept.emplace_front(std::move(text)); }

  std::vector<sluice::Header> headers;
  std::forward_list<std::string> kept;
};
