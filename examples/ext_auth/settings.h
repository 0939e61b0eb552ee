// The configuration of ext_auth.
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
  std::vector<std::string> requestHeaders;   // that the service receives; in lower case
  std::vector<std::string> responseHeaders;  // of the service's reply that the upstream receives
  bool passesOnFailure = false;
  std::chrono::seconds timeToLive{0};  // of a decision in the cache; 0: no cache
  uint32_t cacheEntries = 0;
  sluice::Sha256Digest
      digest{};  // of the whole configuration: plugins with another configuration do not share decisions

  /// The name under which the service receives a request's header; "" when it does not receive it. The pseudo-headers
  /// describe the request.
  std::string_view serviceName(std::string_view header) const {
    if (header == ":method") return "x-forwarded-method";
    if (header == ":path") return "x-forwarded-uri";
    if (header == ":authority") return "x-forwarded-host";
    const auto found = std::find(requestHeaders.begin(), requestHeaders.end(), header);
    return found == requestHeaders.end() ? std::string_view() : *found;
  }

  /// Reads a configuration. On a mistake logs it and returns false.
  bool parse(const sluice::Result<std::string_view>& configuration);
};
