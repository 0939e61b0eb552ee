// Matches prefixes of request paths.
#pragma once

#include <string_view>

/// Whether `path` is `prefix` or below it, in whole segments: /admin matches /admin/x, /admin?x and /admin;x, but not
/// /administrator.
inline bool isAtOrBelow(std::string_view path, std::string_view prefix) {
  if (!path.starts_with(prefix)) return false;
  return prefix.ends_with('/') || path.size() == prefix.size() ||
         std::string_view("/?;").find(path[prefix.size()]) != std::string_view::npos;
}
