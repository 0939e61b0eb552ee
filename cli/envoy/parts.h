// The parts of an Envoy configuration that everything which writes one shares.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "scenario/filter.h"

namespace sluice::envoy {

/// JSON whose keys keep the order in which a reader expects them.
using Json = nlohmann::ordered_json;

/// The chain that a filter stands in.
enum class Chain { Http, Network };

/// The value of "@type" for a message of Envoy's API, such as "envoy.config.core.v3.TypedExtensionConfig".
std::string typeUrl(const std::string& type);

/// A socket address: an IP address or a host's name, and a port.
Json address(const std::string& host, uint16_t port);

/// A StringValue with `text`, or a BytesValue if it is not UTF-8. The filter gets the same bytes either way.
Json text(const std::string& text);

/// "FAIL_CLOSED", "FAIL_OPEN" or "FAIL_RELOAD".
std::string failurePolicyName(host::FailPolicy policy);

/// The type of the Wasm filter's configuration in a chain.
std::string wasmType(Chain chain);

/// The `typed_config` of a Wasm filter. Envoy reads the module from `filter.file` as it stands there.
Json wasmConfig(const scenario::Filter& filter, Chain chain);

/// An entry of `http_filters` or `filters`: a Wasm filter under Envoy's name for it.
Json wasmFilter(const scenario::Filter& filter, Chain chain);

/// The connection manager of a listener, as an entry of `filters`: the filters in `httpFilters` and the router, and one
/// route, whose action is `route`. Envoy adds no headers of its own, as far as it allows that. `codec` is "HTTP1",
/// "HTTP2" or "AUTO".
Json plainConnectionManager(Json httpFilters, const std::string& codec, const Json& route);

/// The last entry of a listener's `filters` for TCP: it passes bytes to and from `cluster`.
Json tcpProxy(const std::string& cluster);

/// The options of a cluster for HTTP: `protocol` holds those for HTTP/1 or HTTP/2, under their name.
Json httpOptions(const Json& protocol);

/// The `load_assignment` of a cluster with one endpoint.
Json oneEndpoint(const std::string& cluster, const Json& address);

}  // namespace sluice::envoy
