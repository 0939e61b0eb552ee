#include "deploy/envoy.h"

#include <boost/asio/ip/address.hpp>

#include "deploy/yaml.h"

namespace sluice::deploy {
namespace {

using envoy::Chain;
using envoy::Json;
using envoy::typeUrl;

constexpr const char* kCluster = "upstream";

bool isAddress(const std::string& host) {
  boost::system::error_code error;
  boost::asio::ip::make_address(host, error);
  return !error;
}

Json httpFilters(const EnvoyTarget& target) {
  return Json::array({wasmFilter(target.filter, Chain::Http),
                      {{"name", "envoy.filters.http.router"},
                       {"typed_config", {{"@type", typeUrl("envoy.extensions.filters.http.router.v3.Router")}}}}});
}

Json connectionManager(const EnvoyTarget& target) {
  const Json route = {{"match", {{"prefix", "/"}}}, {"route", {{"cluster", kCluster}}}};
  const Json host = {{"name", "all"}, {"domains", Json::array({"*"})}, {"routes", Json::array({route})}};
  const Json manager = {
      {"@type", typeUrl("envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager")},
      {"stat_prefix", "ingress"},
      {"codec_type", "AUTO"},
      {"route_config", {{"name", "local"}, {"virtual_hosts", Json::array({host})}}},
      {"http_filters", httpFilters(target)}};
  return {{"name", "envoy.filters.network.http_connection_manager"}, {"typed_config", manager}};
}

Json networkFilters(const EnvoyTarget& target) {
  if (target.chain == Chain::Http) return Json::array({connectionManager(target)});
  return Json::array({wasmFilter(target.filter, Chain::Network), envoy::tcpProxy(kCluster)});
}

}  // namespace

std::string envoyBootstrap(const EnvoyTarget& target) {
  const Json listener = {{"name", "ingress"},
                         {"address", envoy::address("0.0.0.0", target.port)},
                         {"filter_chains", Json::array({{{"filters", networkFilters(target)}}})}};
  const Json cluster = {
      {"name", kCluster},
      {"type", isAddress(target.upstreamHost) ? "STATIC" : "STRICT_DNS"},
      {"connect_timeout", "5s"},
      {"load_assignment", envoy::oneEndpoint(kCluster, envoy::address(target.upstreamHost, target.upstreamPort))}};
  return "# Try it: envoy --mode validate -c FILE; run it: envoy -c FILE\n" +
         toYaml({{"admin", {{"address", envoy::address("127.0.0.1", 9901)}}},
                 {"static_resources", {{"listeners", Json::array({listener})}, {"clusters", Json::array({cluster})}}}});
}

std::string envoySnippet(const EnvoyTarget& target) {
  const std::string where = target.chain == Chain::Http
                                ? "# Goes into http_filters of the HttpConnectionManager, before the router.\n"
                                : "# Goes into filters of the listener's filter chain, before the tcp_proxy.\n";
  return where + toYaml(Json::array({wasmFilter(target.filter, target.chain)}));
}

}  // namespace sluice::deploy
