#include "proxy/bootstrap.h"

#include <cstdlib>

#include "proxy/taps.h"

namespace sluice::proxy {
namespace {

using envoy::Chain;
using envoy::Json;
using envoy::typeUrl;

constexpr const char* kLoopback = "127.0.0.1";
constexpr const char* kUpstream = "upstream";

// The filter comes from a file, which a rename into its folder replaces: Envoy then takes the new filter for new
// streams, and keeps the old one if it cannot use the new one.
Json discoveredFilter(const Settings& settings, const Places& places) {
  const Json file = {{"path", places.filter.string()},
                     {"watched_directory", {{"path", places.filter.parent_path().string()}}}};
  const Json source = {{"path_config_source", file}, {"resource_api_version", "V3"}};
  return {
      {"name", kDiscovered},
      {"config_discovery", {{"config_source", source}, {"type_urls", Json::array({envoy::wasmType(settings.chain)})}}}};
}

// See taps.h.
Json tap(const std::string& side, const Places& places) {
  const bool isOver = side == kOver;
  const Json sink = {{"format", "JSON_BODY_AS_BYTES"},
                     {"file_per_tap", {{"path_prefix", (places.taps / side).string()}}}};
  const Json output = {{"max_buffered_rx_bytes", isOver ? 1 : kMaxTapped},
                       {"max_buffered_tx_bytes", isOver ? 1 : kMaxTapped},
                       {"streaming", !isOver},
                       {"sinks", Json::array({sink})}};
  const Json config = {{"static_config", {{"match", {{"any_match", true}}}, {"output_config", output}}}};
  return {
      {"name", "tap." + side},
      {"typed_config", {{"@type", typeUrl("envoy.extensions.filters.http.tap.v3.Tap")}, {"common_config", config}}}};
}

// The name under which a server expects to be asked.
std::string authorityOf(const Server& server) {
  const bool isUsual = server.port == (server.tls ? 443 : 80);
  const std::string host = server.host.find(':') == std::string::npos ? server.host : "[" + server.host + "]";
  return isUsual ? host : host + ":" + std::to_string(server.port);
}

Json networkFilters(const Settings& settings, const Places& places) {
  const Json filter = discoveredFilter(settings, places);
  if (settings.chain == Chain::Network) return Json::array({filter, envoy::tcpProxy(kUpstream)});
  Json filters = Json::array({filter});
  if (!places.taps.empty()) {
    filters = Json::array({tap(kOver, places), tap(kClientSide, places), filter, tap(kUpstreamSide, places)});
  }
  Json route = {{"cluster", kUpstream}, {"timeout", "0s"}};
  if (settings.upstream) route["host_rewrite_literal"] = authorityOf(*settings.upstream);
  return Json::array({envoy::plainConnectionManager(filters, "AUTO", route)});
}

// The certificates of the authorities that this machine trusts, where the usual distributions have them.
std::filesystem::path trustedCertificates() {
  const char* named = std::getenv("SSL_CERT_FILE");
  for (const char* file : {named == nullptr ? "" : named, "/etc/ssl/certs/ca-certificates.crt",
                           "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem"}) {
    std::error_code error;
    if (std::filesystem::is_regular_file(file, error)) return file;
  }
  throw std::runtime_error(
      "no file of trusted certificates is found for https; name one in $SSL_CERT_FILE, or give --insecure");
}

Json tls(const Server& server, bool verify) {
  Json common = Json::object();
  if (verify) {
    common["validation_context"] = {
        {"trusted_ca", {{"filename", trustedCertificates().string()}}},
        {"match_typed_subject_alt_names", Json::array({{{"san_type", "DNS"}, {"matcher", {{"exact", server.host}}}}})}};
  }
  return {{"name", "envoy.transport_sockets.tls"},
          {"typed_config",
           {{"@type", typeUrl("envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext")},
            {"sni", server.host},
            {"common_tls_context", common}}}};
}

// A transport socket that sends a line with the client's address first.
Json announcingSocket() {
  const Json raw = {
      {"name", "envoy.transport_sockets.raw_buffer"},
      {"typed_config", {{"@type", typeUrl("envoy.extensions.transport_sockets.raw_buffer.v3.RawBuffer")}}}};
  const std::string type = "envoy.extensions.transport_sockets.proxy_protocol.v3.ProxyProtocolUpstreamTransport";
  return {{"name", "envoy.transport_sockets.upstream_proxy_protocol"},
          {"typed_config", {{"@type", typeUrl(type)}, {"config", {{"version", "V1"}}}, {"transport_socket", raw}}}};
}

Json cluster(const std::string& name, const Server& server, const Settings& settings) {
  // A name may stand for addresses of both families; LOGICAL_DNS tries one after the other.
  Json json = {{"name", name},
               {"type", "LOGICAL_DNS"},
               {"dns_lookup_family", "ALL"},
               {"connect_timeout", "5s"},
               {"load_assignment", envoy::oneEndpoint(name, envoy::address(server.host, server.port))}};
  if (server.protocol == Server::Protocol::Http1) {
    Json options = envoy::httpOptions({{"http_protocol_options", {{"enable_trailers", true}}}});
    // The echo closes connections that are idle for a minute; a request on one of those would fail.
    options.begin().value()["common_http_protocol_options"] = {{"idle_timeout", "30s"}};
    json["typed_extension_protocol_options"] = options;
  } else if (server.protocol == Server::Protocol::Http2) {
    json["typed_extension_protocol_options"] = envoy::httpOptions({{"http2_protocol_options", Json::object()}});
  }
  if (server.tls) json["transport_socket"] = tls(server, settings.verifyTls);
  return json;
}

Json upstreamCluster(const Settings& settings, const Places& places) {
  Server server;
  if (settings.upstream) server = *settings.upstream;
  if (settings.chain == Chain::Network) server.protocol = Server::Protocol::Tcp;
  if (places.upstream != 0) {
    server.host = kLoopback;
    server.port = places.upstream;
  }
  Json json = cluster(kUpstream, server, settings);
  if (places.announcesClients) json["transport_socket"] = announcingSocket();
  return json;
}

}  // namespace

std::string bootstrap(const Settings& settings, const Places& places) {
  const Json listener = {{"name", "ingress"},
                         {"address", envoy::address(kLoopback, places.listen)},
                         {"filter_chains", Json::array({{{"filters", networkFilters(settings, places)}}})}};
  Json clusters = Json::array({upstreamCluster(settings, places)});
  for (const auto& [name, server] : settings.clusters) clusters.push_back(cluster(name, server, settings));
  const Json config = {{"node", {{"id", "sluice"}, {"cluster", "sluice"}}},
                       {"admin", {{"address", envoy::address(kLoopback, 0)}}},
                       {"static_resources", {{"listeners", Json::array({listener})}, {"clusters", clusters}}}};
  return config.dump(2, ' ', false, Json::error_handler_t::replace);
}

std::string discovery(const scenario::Filter& filter, Chain chain, size_t version) {
  const Json resource = {{"@type", typeUrl("envoy.config.core.v3.TypedExtensionConfig")},
                         {"name", kDiscovered},
                         {"typed_config", envoy::wasmConfig(filter, chain)}};
  const Json response = {{"version_info", std::to_string(version)}, {"resources", Json::array({resource})}};
  return response.dump(2, ' ', false, Json::error_handler_t::replace);
}

}  // namespace sluice::proxy
