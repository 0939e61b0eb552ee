// Configurations for a plain Envoy.
#pragma once

#include <cstdint>
#include <string>

#include "envoy/parts.h"
#include "scenario/filter.h"

namespace sluice::deploy {

/// What the configuration of a proxy is to be.
struct EnvoyTarget {
  scenario::Filter filter;  ///< `filter.file` is where Envoy finds the module.
  envoy::Chain chain = envoy::Chain::Http;
  uint16_t port = 10000;                   ///< Where the listener of a bootstrap listens, on all addresses.
  std::string upstreamHost = "127.0.0.1";  ///< Where its only cluster is: an IP address, or a name …
  uint16_t upstreamPort = 8080;            ///< … and a port.
};

/// A whole bootstrap configuration, in YAML: a listener with the filter, and a cluster.
std::string envoyBootstrap(const EnvoyTarget& target);

/// The filter alone, in YAML: an entry for the `http_filters` or the `filters` of a configuration that exists.
std::string envoySnippet(const EnvoyTarget& target);

}  // namespace sluice::deploy
