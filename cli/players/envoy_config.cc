#include "players/envoy_config.h"

#include <nlohmann/json.hpp>

namespace sluice::scenario {
namespace {

using nlohmann::json;

std::string typeUrl(const std::string& type) { return "type.googleapis.com/" + type; }

json address(std::uint16_t port) { return {{"socket_address", {{"address", "127.0.0.1"}, {"port_value", port}}}}; }

json text(const std::string& value) { return {{"@type", typeUrl("google.protobuf.StringValue")}, {"value", value}}; }

std::string failurePolicy(FailurePolicy policy) {
  switch (policy) {
    case FailurePolicy::kFailOpen:
      return "FAIL_OPEN";
    case FailurePolicy::kFailReload:
      return "FAIL_RELOAD";
    case FailurePolicy::kFailClosed:
      break;
  }
  return "FAIL_CLOSED";
}

json wasmFilter(const PluginSettings& plugin, const std::filesystem::path& filter) {
  json vm = {{"vm_id", plugin.vmId},
             {"runtime", "envoy.wasm.runtime.v8"},
             {"code", {{"local", {{"filename", std::filesystem::absolute(filter).string()}}}}}};
  if (!plugin.vmConfiguration.empty()) vm["configuration"] = text(plugin.vmConfiguration);
  if (!plugin.environment.empty()) vm["environment_variables"] = {{"key_values", plugin.environment}};
  json config = {{"name", plugin.name},
                 {"root_id", plugin.rootId},
                 {"vm_config", vm},
                 {"failure_policy", failurePolicy(plugin.failurePolicy)}};
  if (plugin.allowOnHeadersStopIteration) config["allow_on_headers_stop_iteration"] = true;
  if (!plugin.configuration.empty()) config["configuration"] = text(plugin.configuration);
  return {{"name", "envoy.filters.http.wasm"},
          {"typed_config", {{"@type", typeUrl("envoy.extensions.filters.http.wasm.v3.Wasm")}, {"config", config}}}};
}

json connectionManager(const json& filter) {
  const json router = {
      {"name", "envoy.filters.http.router"},
      {"typed_config",
       {{"@type", typeUrl("envoy.extensions.filters.http.router.v3.Router")}, {"suppress_envoy_headers", true}}}};
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
          {"http_filters", {filter, router}}};
}

json upstreamCluster(std::uint16_t port) {
  const json endpoint = {{"endpoint", {{"address", address(port)}}}};
  const json options = {{"@type", typeUrl("envoy.extensions.upstreams.http.v3.HttpProtocolOptions")},
                        {"explicit_http_config", {{"http_protocol_options", {{"enable_trailers", true}}}}}};
  return {{"name", "upstream"},
          {"type", "STATIC"},
          {"connect_timeout", "5s"},
          {"typed_extension_protocol_options", {{"envoy.extensions.upstreams.http.v3.HttpProtocolOptions", options}}},
          {"load_assignment", {{"cluster_name", "upstream"}, {"endpoints", {{{"lb_endpoints", {endpoint}}}}}}}};
}

}  // namespace

std::string envoyConfig(const PluginSettings& plugin, const std::filesystem::path& filter, std::uint16_t upstreamPort) {
  const json hcm = {{"name", "envoy.filters.network.http_connection_manager"},
                    {"typed_config", connectionManager(wasmFilter(plugin, filter))}};
  const json listener = {{"name", "ingress"}, {"address", address(0)}, {"filter_chains", {{{"filters", {hcm}}}}}};
  const json config = {
      {"node", {{"id", "sluice"}, {"cluster", "sluice"}}},
      {"admin", {{"address", address(0)}}},
      {"static_resources", {{"listeners", {listener}}, {"clusters", {upstreamCluster(upstreamPort)}}}}};
  return config.dump(2);
}

}  // namespace sluice::scenario
