#include "envoy/parts.h"

#include <yaml-cpp/binary.h>

namespace sluice::envoy {
namespace {

// nlohmann's serializer is the one place that knows whether a text is UTF-8.
bool isUtf8(const std::string& text) {
  try {
    static_cast<void>(Json(text).dump());
    return true;
  } catch (const nlohmann::json::exception&) {
    return false;
  }
}

}  // namespace

std::string typeUrl(const std::string& type) { return "type.googleapis.com/" + type; }

Json address(const std::string& host, uint16_t port) {
  return {{"socket_address", {{"address", host}, {"port_value", port}}}};
}

Json text(const std::string& text) {
  if (isUtf8(text)) return {{"@type", typeUrl("google.protobuf.StringValue")}, {"value", text}};
  const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
  return {{"@type", typeUrl("google.protobuf.BytesValue")}, {"value", YAML::EncodeBase64(bytes, text.size())}};
}

std::string failurePolicyName(host::FailPolicy policy) {
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

std::string wasmType(Chain chain) {
  const std::string name = chain == Chain::Http ? "http" : "network";
  return typeUrl("envoy.extensions.filters." + name + ".wasm.v3.Wasm");
}

Json wasmConfig(const scenario::Filter& filter, Chain chain) {
  const host::PluginOptions& plugin = filter.options;
  Json config = {{"name", plugin.name}};
  if (!plugin.rootId.empty()) config["root_id"] = plugin.rootId;
  config["failure_policy"] = failurePolicyName(plugin.failPolicy);
  if (filter.allowOnHeadersStopIteration) config["allow_on_headers_stop_iteration"] = true;
  if (!plugin.configuration.empty()) config["configuration"] = text(plugin.configuration);
  Json vm = Json::object();
  if (!plugin.vmId.empty()) vm["vm_id"] = plugin.vmId;
  vm["runtime"] = "envoy.wasm.runtime.v8";
  vm["code"] = {{"local", {{"filename", filter.file.string()}}}};
  if (!plugin.vmConfiguration.empty()) vm["configuration"] = text(plugin.vmConfiguration);
  if (!plugin.environment.empty()) vm["environment_variables"] = {{"key_values", plugin.environment}};
  config["vm_config"] = vm;
  return {{"@type", wasmType(chain)}, {"config", config}};
}

Json wasmFilter(const scenario::Filter& filter, Chain chain) {
  const std::string name = chain == Chain::Http ? "http" : "network";
  return {{"name", "envoy.filters." + name + ".wasm"}, {"typed_config", wasmConfig(filter, chain)}};
}

Json plainConnectionManager(Json httpFilters, const std::string& codec, const Json& route) {
  httpFilters.push_back(
      {{"name", "envoy.filters.http.router"},
       {"typed_config",
        {{"@type", typeUrl("envoy.extensions.filters.http.router.v3.Router")}, {"suppress_envoy_headers", true}}}});
  const Json entry = {{"name", "default"}, {"match", {{"prefix", "/"}}}, {"route", route}};
  const Json host = {{"name", "all"}, {"domains", Json::array({"*"})}, {"routes", Json::array({entry})}};
  const Json manager = {
      {"@type", typeUrl("envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager")},
      {"stat_prefix", "ingress"},
      {"codec_type", codec},
      {"http_protocol_options", {{"enable_trailers", true}}},
      {"server_header_transformation", "PASS_THROUGH"},
      {"generate_request_id", false},
      {"skip_xff_append", true},
      {"route_config", {{"name", "local"}, {"virtual_hosts", Json::array({host})}}},
      {"http_filters", httpFilters}};
  return {{"name", "envoy.filters.network.http_connection_manager"}, {"typed_config", manager}};
}

Json tcpProxy(const std::string& cluster) {
  return {{"name", "envoy.filters.network.tcp_proxy"},
          {"typed_config",
           {{"@type", typeUrl("envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy")},
            {"stat_prefix", "ingress"},
            {"cluster", cluster}}}};
}

Json httpOptions(const Json& protocol) {
  const std::string name = "envoy.extensions.upstreams.http.v3.HttpProtocolOptions";
  return {{name, {{"@type", typeUrl(name)}, {"explicit_http_config", protocol}}}};
}

Json oneEndpoint(const std::string& cluster, const Json& address) {
  const Json endpoint = {{"endpoint", {{"address", address}}}};
  return {{"cluster_name", cluster}, {"endpoints", Json::array({{{"lb_endpoints", Json::array({endpoint})}}})}};
}

}  // namespace sluice::envoy
