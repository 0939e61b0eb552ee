// The headers in which a filter tells Envoy's router how to treat a request.
#pragma once

#include <algorithm>
#include <array>
#include <string_view>

namespace sluice::host {

/// The upstream does not get them.
inline constexpr std::array<std::string_view, 11> kRouterHeaders = {"x-envoy-hedge-on-per-try-timeout",
                                                                    "x-envoy-max-retries",
                                                                    "x-envoy-retriable-header-names",
                                                                    "x-envoy-retriable-status-codes",
                                                                    "x-envoy-retry-grpc-on",
                                                                    "x-envoy-retry-on",
                                                                    "x-envoy-upstream-alt-stat-name",
                                                                    "x-envoy-upstream-rq-per-try-timeout-ms",
                                                                    "x-envoy-upstream-rq-timeout-alt-response",
                                                                    "x-envoy-upstream-rq-timeout-ms",
                                                                    "x-envoy-upstream-stream-duration-ms"};

inline bool isForTheRouter(std::string_view name) {
  return std::find(kRouterHeaders.begin(), kRouterHeaders.end(), name) != kRouterHeaders.end();
}

}  // namespace sluice::host
