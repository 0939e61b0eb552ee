// What the configuration says.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "common/json.h"
#include "sluice/crypto.h"

struct Settings {
  std::string cluster;
  std::string authority;
  std::string path;
  std::chrono::milliseconds timeout{0};
  std::vector<std::string> requestHeaders;   // that the service is shown; in lower case
  std::vector<std::string> responseHeaders;  // of the service's answer, that the upstream is shown
  bool passesOnFailure = false;
  std::chrono::seconds timeToLive{0};  // of a decision; 0: none is kept
  uint32_t cacheEntries = 0;
  sluice::Sha256Digest digest{};  // of all of the configuration: others' decisions are not this one's

  /// What the service is shown a request's header as; "" when it is not shown it. The pseudo-headers say what the
  /// request is for.
  std::string_view serviceName(std::string_view header) const {
    if (header == ":method") return "x-forwarded-method";
    if (header == ":path") return "x-forwarded-uri";
    if (header == ":authority") return "x-forwarded-host";
    const auto found = std::find(requestHeaders.begin(), requestHeaders.end(), header);
    return found == requestHeaders.end() ? std::string_view() : *found;
  }

  /// Reads a configuration. False after a log line that names the mistake.
  bool parse(const sluice::Result<std::string_view>& configuration);
};
