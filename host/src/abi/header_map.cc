#include "abi/header_map.h"

#include <algorithm>
#include <set>

#include "abi/router_headers.h"
#include "sluice/host/text.h"

namespace sluice::host {
namespace {

using Names = std::set<std::string_view>;

// Headers that Envoy 1.40 stores as single values: it joins a second value to the first.
const Names kKnownInBoth = {"cache-control",
                            "connection",
                            "content-encoding",
                            "content-length",
                            "content-type",
                            "keep-alive",
                            "proxy-connection",
                            "proxy-status",
                            "transfer-encoding",
                            "upgrade",
                            "via",
                            "x-envoy-attempt-count",
                            "x-envoy-decorator-operation",
                            "x-request-id"};
const Names kKnownInRequests = {":authority",
                                ":method",
                                ":path",
                                ":protocol",
                                ":scheme",
                                "accept",
                                "accept-encoding",
                                "access-control-request-headers",
                                "access-control-request-method",
                                "access-control-request-private-network",
                                "authorization",
                                "cdn-loop",
                                "expect",
                                "grpc-accept-encoding",
                                "grpc-timeout",
                                "if-match",
                                "if-modified-since",
                                "if-none-match",
                                "if-range",
                                "if-unmodified-since",
                                "origin",
                                "pragma",
                                "referer",
                                "te",
                                "user-agent",
                                "x-client-trace-id",
                                "x-envoy-downstream-service-cluster",
                                "x-envoy-downstream-service-node",
                                "x-envoy-expected-rq-timeout-ms",
                                "x-envoy-external-address",
                                "x-envoy-force-trace",
                                "x-envoy-internal",
                                "x-envoy-ip-tags",
                                "x-envoy-original-host",
                                "x-envoy-original-path",
                                "x-forwarded-client-cert",
                                "x-forwarded-for",
                                "x-forwarded-host",
                                "x-forwarded-port",
                                "x-forwarded-proto"};
const Names kKnownInResponses = {":status",
                                 "access-control-allow-credentials",
                                 "access-control-allow-headers",
                                 "access-control-allow-methods",
                                 "access-control-allow-origin",
                                 "access-control-allow-private-network",
                                 "access-control-expose-headers",
                                 "access-control-max-age",
                                 "age",
                                 "date",
                                 "etag",
                                 "expires",
                                 "grpc-message",
                                 "grpc-status",
                                 "last-modified",
                                 "location",
                                 "server",
                                 "vary",
                                 "x-envoy-immediate-health-check-fail",
                                 "x-envoy-ratelimited",
                                 "x-envoy-upstream-canary",
                                 "x-envoy-upstream-healthchecked-cluster",
                                 "x-envoy-upstream-service-time"};
const Names kKnownInResponseTrailers = {"grpc-message", "grpc-status"};

bool known(MapKind kind, std::string_view name) {
  switch (kind) {
    case MapKind::Request:
      return kKnownInBoth.contains(name) || kKnownInRequests.contains(name) || isForTheRouter(name);
    case MapKind::Response:
      return kKnownInBoth.contains(name) || kKnownInResponses.contains(name);
    case MapKind::RequestTrailers:
      return false;
    case MapKind::ResponseTrailers:
      return kKnownInResponseTrailers.contains(name);
  }
  return false;
}

}  // namespace

HeaderMap::HeaderMap(MapKind kind, bool joinKnown, const Headers& headers) : HeaderMap(kind, joinKnown) {
  entries_.reserve(headers.size());
  for (const auto& [name, value] : headers) add(name, value);
}

std::string HeaderMap::key(std::string_view name) const {
  std::string key = lowerCase(name);
  if (kind_ == MapKind::Request && key == "host") return ":authority";
  return key;
}

uint64_t HeaderMap::byteSize() const {
  uint64_t bytes = 0;
  for (const auto& [name, value] : entries_) bytes += name.size() + value.size();
  return bytes;
}

std::optional<std::string_view> HeaderMap::get(std::string_view name) const {
  const std::string wanted = key(name);
  for (const auto& [entry, value] : entries_) {
    if (entry == wanted) return value;
  }
  return std::nullopt;
}

void HeaderMap::add(std::string_view name, std::string_view value) {
  std::string wanted = key(name);
  if (joinKnown_ && known(kind_, wanted)) {
    for (auto& [entry, present] : entries_) {
      if (entry != wanted) continue;
      if (!present.empty() && !value.empty()) present += ",";
      present += value;
      return;
    }
  }
  insert(std::move(wanted), value);
}

void HeaderMap::set(std::string_view name, std::string_view value) {
  remove(name);
  insert(key(name), value);
}

void HeaderMap::remove(std::string_view name) {
  const std::string wanted = key(name);
  std::erase_if(entries_, [&](const auto& entry) { return entry.first == wanted; });
}

void HeaderMap::overwrite(std::string_view name, std::string_view value) {
  const std::string wanted = key(name);
  const auto field = std::find_if(entries_.begin(), entries_.end(), [&](const auto& e) { return e.first == wanted; });
  if (field == entries_.end()) return insert(wanted, value);
  field->second = value;
}

void HeaderMap::insert(std::string key, std::string_view value) {
  auto position = entries_.end();
  if (key.starts_with(':')) {
    position = std::find_if(entries_.begin(), entries_.end(), [](const auto& e) { return !e.first.starts_with(':'); });
  }
  entries_.emplace(position, std::move(key), std::string(value));
}

}  // namespace sluice::host
