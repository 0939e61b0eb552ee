#include "ext_auth/settings.h"

#include <algorithm>
#include <iterator>
#include <string_view>

#include "common/header_text.h"

namespace {

// Headers that say where a message ends or where it goes, or that this filter writes itself. If the filter passed them
// on, a client or the service could forge requests.
constexpr std::string_view kReserved[] = {
    "connection",     "content-length",    "host",    "keep-alive",       "te",
    "trailer",        "transfer-encoding", "upgrade", "x-forwarded-host", "x-forwarded-method",
    "x-forwarded-uri"};

// Reads an array of header names; without it, `names` stays unchanged.
bool readNames(json::Value root, std::string_view key, std::vector<std::string>& names) {
  const auto list = root.find(key);
  if (!list) return true;
  if (!list->isArray()) return false;
  names.clear();
  for (const auto name : *list) {
    if (!name.isString()) return false;
    if (name.text().empty() || !isNameText(name.text())) return name.fail("", name.text(), " is not a header's name");
    names.push_back(toLowerCase(name.text()));
    if (std::find(std::begin(kReserved), std::end(kReserved), names.back()) != std::end(kReserved))
      return name.fail("", name.text(), " cannot be passed on");
  }
  return true;
}

bool readFailure(json::Value root, bool& passes) {
  std::string_view what = "refuse";
  if (!root.read("on_failure", what)) return false;
  passes = what == "pass";
  return passes || what == "refuse" || root.find("on_failure")->fail("must be refuse or pass");
}

bool isPath(std::string_view path) { return path.starts_with('/') && isValueText(path) && path.find(" ") == path.npos; }

}  // namespace

bool Settings::parse(const sluice::Result<std::string_view>& configuration) {
  json::Document document;
  if (!document.parse(configuration)) return false;
  digest = sluice::sha256(*configuration);

  const auto root = document.root();
  std::string_view name;
  uint32_t milliseconds = 1000;
  uint32_t seconds = 0;
  cacheEntries = 1024;
  requestHeaders = {"authorization", "cookie"};
  responseHeaders = {};
  if (!root.isObjectOf({"cluster", "authority", "path", "timeout_ms", "request_headers", "response_headers",
                        "on_failure", "cache_seconds", "cache_entries"}) ||
      !root.require("cluster", name)) {
    return false;
  }
  if (name.empty()) return root.find("cluster")->fail("is empty");
  cluster = name;
  if (!root.read("authority", name)) return false;  // the default is the cluster's name
  if (name.empty() || !isValueText(name)) return root.find("authority")->fail("is no authority");
  authority = name;
  name = "/";
  if (!root.read("path", name)) return false;
  if (!isPath(name)) return root.find("path")->fail("must begin with a slash, and have no spaces");
  path = name;
  if (!root.read("timeout_ms", milliseconds, 1, 60'000) || !root.read("cache_seconds", seconds, 0, 86'400) ||
      !root.read("cache_entries", cacheEntries, 1, 65'536)) {
    return false;
  }
  timeout = std::chrono::milliseconds(milliseconds);
  timeToLive = std::chrono::seconds(seconds);
  return readNames(root, "request_headers", requestHeaders) && readNames(root, "response_headers", responseHeaders) &&
         readFailure(root, passesOnFailure);
}
