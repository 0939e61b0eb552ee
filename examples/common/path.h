// Paths of requests by what they begin with.
#pragma once

#include <string_view>

/// Whether `path` is `prefix` or stands below it, by whole segments: /admin is not the beginning of /administrator, but
/// of /admin/x, /admin?x and /admin;x.
inline bool isAtOrBelow(std::string_view path, std::string_view prefix) {
  if (!path.starts_with(prefix)) return false;
  return prefix.ends_with('/') || path.size() == prefix.size() ||
         std::string_view("/?;").find(path[prefix.size()]) != std::string_view::npos;
}
