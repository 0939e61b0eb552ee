#include "players/envoy_config.h"

#include <nlohmann/json.hpp>

namespace sluice::scenario {
namespace {

using nlohmann::json;

std::string typeUrl(const std::string& type) { return "type.googleapis.com/" + type; }

json address(uint16_t port) { return {{"socket_address", {{"address", "127.0.0.1"}, {"port_value", port}}}}; }

json text(const std::string& value) { return {{"@type", typeUrl("google.protobuf.StringValue")}, {"value", value}}; }

std::string failurePolicy(host::FailPolicy policy) {
  switch (policy) {
    case host::FailPolicy::Open:
      return "FAIL_OPEN";
    case host::FailPolicy::Reload:
      return "FAIL_RELOAD";
    case host::FailPolicy::Closed:
      break;
  }
  return "FAIL_CLOSED";
}

// The configuration of the filter in Envoy's chain for HTTP ("http") or TCP ("network").
json wasmFilter(const Filter& filter, const std::string& chain) {
  const host::PluginOptions& plugin = filter.options;
  json vm = {{"vm_id", plugin.vmId},
             {"runtime", "envoy.wasm.runtime.v8"},
             {"code", {{"local", {{"filename", std::filesystem::absolute(filter.file).string()}}}}}};
  if (!plugin.vmConfiguration.empty()) vm["configuration"] = text(plugin.vmConfiguration);
  if (!plugin.environment.empty()) vm["environment_variables"] = {{"key_values", plugin.environment}};
  json config = {{"name", plugin.name},
                 {"root_id", plugin.rootId},
                 {"vm_config", vm},
                 {"failure_policy", failurePolicy(plugin.failPolicy)}};
  if (filter.allowOnHeadersStopIteration) config["allow_on_headers_stop_iteration"] = true;
  if (!plugin.configuration.empty()) config["configuration"] = text(plugin.configuration);
  return {{"name", "envoy.filters." + chain + ".wasm"},
          {"typed_config",
           {{"@type", typeUrl("envoy.extensions.filters." + chain + ".wasm.v3.Wasm")}, {"config", config}}}};
}

// Requests pass Envoy's filters in list order.
json connectionManager(const std::vector<Filter>& chain) {
  json filters = json::array();
  for (const auto& filter : chain) filters.push_back(wasmFilter(filter, "http"));
  const json router = {
      {"name", "envoy.filters.http.router"},
      {"typed_config",
       {{"@type", typeUrl("envoy.extensions.filters.http.router.v3.Router")}, {"suppress_envoy_headers", true}}}};
  filters.push_back(router);
  const json route = {
      {"name", "default"}, {"match", {{"prefix", "/"}}}, {"route", {{"cluster", "upstream"}, {"timeout", "0s"}}}};
  return {{"@type", typeUrl("envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager")},
          {"stat_prefix", "ingress"},
          {"codec_type", "HTTP1"},
          {"http_protocol_options", {{"enable_trailers", true}}},
          {"server_header_transformation", "PASS_THROUGH"},
          {"generate_request_id", false},
          {"skip_xff_append", true},
          {"route_config",
           {{"name", "local"}, {"virtual_hosts", {{{"name", "all"}, {"domains", {"*"}}, {"routes", {route}}}}}}},
          {"http_filters", filters}};
}

// `protocol` holds Envoy's options for HTTP/1 or HTTP/2, under their name.
json cluster(const std::string& name, uint16_t port, const json& protocol) {
  const json endpoint = {{"endpoint", {{"address", address(port)}}}};
  const json options = {{"@type", typeUrl("envoy.extensions.upstreams.http.v3.HttpProtocolOptions")},
                        {"explicit_http_config", protocol}};
  return {{"name", name},
          {"type", "STATIC"},
          {"connect_timeout", "5s"},
          {"typed_extension_protocol_options", {{"envoy.extensions.upstreams.http.v3.HttpProtocolOptions", options}}},
          {"load_assignment", {{"cluster_name", name}, {"endpoints", {{{"lb_endpoints", {endpoint}}}}}}}};
}

json networkFilters(const Scenario& scenario) {
  json filters = json::array();
  if (scenario.connections.empty()) {
    filters.push_back({{"name", "envoy.filters.network.http_connection_manager"},
                       {"typed_config", connectionManager(scenario.filters)}});
    return filters;
  }
  for (const auto& filter : scenario.filters) filters.push_back(wasmFilter(filter, "network"));
  filters.push_back({{"name", "envoy.filters.network.tcp_proxy"},
                     {"typed_config",
                      {{"@type", typeUrl("envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy")},
                       {"stat_prefix", "ingress"},
                       {"cluster", "upstream"}}}});
  return filters;
}

}  // namespace

std::string envoyConfig(const Scenario& scenario, uint16_t upstreamPort,
                        const std::map<std::string, uint16_t>& servicePorts) {
  json listener = {
      {"name", "ingress"}, {"address", address(0)}, {"filter_chains", {{{"filters", networkFilters(scenario)}}}}};
  if (scenario.bufferLimit) listener["per_connection_buffer_limit_bytes"] = *scenario.bufferLimit;
  const json http1 = {{"http_protocol_options", {{"enable_trailers", true}}}};
  const json http2 = {{"http2_protocol_options", json::object()}};
  json clusters = json::array({cluster("upstream", upstreamPort, http1)});
  for (const auto& service : scenario.services) {
    clusters.push_back(cluster(service.name, servicePorts.at(service.name), http1));
  }
  for (const auto& service : scenario.grpcServices) {
    clusters.push_back(cluster(service.name, servicePorts.at(service.name), http2));
  }
  const json config = {{"node", {{"id", "sluice"}, {"cluster", "sluice"}}},
                       {"admin", {{"address", address(0)}}},
                       {"stats_flush_on_admin", true},  // Envoy merges histograms on each request for stats.
                       {"static_resources", {{"listeners", {listener}}, {"clusters", clusters}}}};
  return config.dump(2);
}

}  // namespace sluice::scenario
