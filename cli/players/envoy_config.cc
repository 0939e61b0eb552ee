#include "players/envoy_config.h"

#include <filesystem>

#include "envoy/parts.h"

namespace sluice::scenario {
namespace {

using envoy::Chain;
using envoy::Json;

constexpr const char* kLoopback = "127.0.0.1";

Json entryOf(Filter filter, Chain chain) {
  filter.file = std::filesystem::absolute(filter.file);
  return envoy::wasmFilter(filter, chain);
}

// `protocol` holds Envoy's options for HTTP/1 or HTTP/2, under their name.
Json cluster(const std::string& name, uint16_t port, const Json& protocol) {
  return {{"name", name},
          {"type", "STATIC"},
          {"connect_timeout", "5s"},
          {"typed_extension_protocol_options", envoy::httpOptions(protocol)},
          {"load_assignment", envoy::oneEndpoint(name, envoy::address(kLoopback, port))}};
}

Json networkFilters(const Scenario& scenario) {
  const Chain chain = scenario.connections.empty() ? Chain::Http : Chain::Network;
  Json filters = Json::array();
  // Requests and bytes pass Envoy's filters in the order of the list.
  for (const auto& filter : scenario.filters) filters.push_back(entryOf(filter, chain));
  if (chain == Chain::Http) {
    return Json::array({envoy::plainConnectionManager(filters, "HTTP1", {{"cluster", "upstream"}, {"timeout", "0s"}})});
  }
  filters.push_back(envoy::tcpProxy("upstream"));
  return filters;
}

}  // namespace

std::string envoyConfig(const Scenario& scenario, uint16_t upstreamPort,
                        const std::map<std::string, uint16_t>& servicePorts) {
  Json listener = {{"name", "ingress"},
                   {"address", envoy::address(kLoopback, 0)},
                   {"filter_chains", {{{"filters", networkFilters(scenario)}}}}};
  if (scenario.bufferLimit) listener["per_connection_buffer_limit_bytes"] = *scenario.bufferLimit;
  const Json http1 = {{"http_protocol_options", {{"enable_trailers", true}}}};
  const Json http2 = {{"http2_protocol_options", Json::object()}};
  Json clusters = Json::array({cluster("upstream", upstreamPort, http1)});
  for (const auto& service : scenario.services) {
    clusters.push_back(cluster(service.name, servicePorts.at(service.name), http1));
  }
  for (const auto& service : scenario.grpcServices) {
    clusters.push_back(cluster(service.name, servicePorts.at(service.name), http2));
  }
  const Json config = {{"node", {{"id", "sluice"}, {"cluster", "sluice"}}},
                       {"admin", {{"address", envoy::address(kLoopback, 0)}}},
                       {"stats_flush_on_admin", true},  // Envoy merges histograms on each request for stats.
                       {"static_resources", {{"listeners", {listener}}, {"clusters", clusters}}}};
  return config.dump(2);
}

}  // namespace sluice::scenario
