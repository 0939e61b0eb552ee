#include "players/envoy_config.h"

#include <algorithm>
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
    const char* codec = scenario.client.http == 2 ? "HTTP2" : "HTTP1";
    return Json::array({envoy::plainConnectionManager(filters, codec, {{"cluster", "upstream"}, {"timeout", "0s"}})});
  }
  filters.push_back(envoy::tcpProxy("upstream"));
  return filters;
}

Json inlined(const std::string& text) { return {{"inline_string", text}}; }

// TLS between the client and the listener.
Json downstreamTls(const Client& client, const TlsCertificates& certificates) {
  Json common = {{"tls_certificates", Json::array({{{"certificate_chain", inlined(certificates.proxy.chain)},
                                                    {"private_key", inlined(certificates.proxy.key)}}})},
                 {"alpn_protocols", Json::array({client.http == 2 ? "h2" : "http/1.1"})}};
  if (client.tls->certificate) {
    common["validation_context"] = {{"trusted_ca", inlined(certificates.client.chain)}};
  }
  return {{"name", "envoy.transport_sockets.tls"},
          {"typed_config",
           {{"@type", envoy::typeUrl("envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext")},
            {"require_client_certificate", client.tls->certificate},
            {"common_tls_context", common}}}};
}

// Envoy writes the address of its client at the beginning of each connection to the upstream.
Json clientAddressFirst() {
  const Json raw = {
      {"name", "envoy.transport_sockets.raw_buffer"},
      {"typed_config", {{"@type", envoy::typeUrl("envoy.extensions.transport_sockets.raw_buffer.v3.RawBuffer")}}}};
  return {{"name", "envoy.transport_sockets.upstream_proxy_protocol"},
          {"typed_config",
           {{"@type",
             envoy::typeUrl("envoy.extensions.transport_sockets.proxy_protocol.v3.ProxyProtocolUpstreamTransport")},
            {"config", {{"version", "V1"}}},
            {"transport_socket", raw}}}};
}

}  // namespace

bool runsTogether(const Scenario& scenario) {
  return std::any_of(scenario.exchanges.begin(), scenario.exchanges.end(),
                     [](const ScriptedExchange& exchange) { return exchange.together; });
}

std::string envoyConfig(const Scenario& scenario, uint16_t upstreamPort,
                        const std::map<std::string, uint16_t>& servicePorts, const TlsCertificates& certificates) {
  Json listener = {{"name", "ingress"},
                   {"address", envoy::address(kLoopback, 0)},
                   {"filter_chains", {{{"filters", networkFilters(scenario)}}}}};
  if (scenario.client.tls) {
    listener["filter_chains"][0]["transport_socket"] = downstreamTls(scenario.client, certificates);
    const std::string inspector = "envoy.extensions.filters.listener.tls_inspector.v3.TlsInspector";
    listener["listener_filters"] =
        Json::array({{{"name", "envoy.filters.listener.tls_inspector"},  // For the server name.
                      {"typed_config", {{"@type", envoy::typeUrl(inspector)}}}}});
  }
  if (scenario.bufferLimit) listener["per_connection_buffer_limit_bytes"] = *scenario.bufferLimit;
  const Json http1 = {{"http_protocol_options", {{"enable_trailers", true}}}};
  const Json http2 = {{"http2_protocol_options", Json::object()}};
  Json clusters = Json::array({cluster("upstream", upstreamPort, http1)});
  if (runsTogether(scenario)) clusters[0]["transport_socket"] = clientAddressFirst();
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
