#include "players/client_properties.h"

#include "players/certificate.h"

namespace sluice::scenario {

std::vector<std::pair<std::string, std::string>> clientProperties(const Client& client) {
  std::vector<std::pair<std::string, std::string>> properties;
  if (client.http == 2) properties.emplace_back("request.protocol", "HTTP/2");
  if (!client.tls) return properties;
  properties.emplace_back("connection.mtls", std::string(1, client.tls->certificate ? '\1' : '\0'));
  properties.emplace_back("connection.requested_server_name", client.tls->serverName);
  properties.emplace_back("connection.tls_version", "TLSv1.3");
  const auto addNames = [&](const std::string& whose, const CertificateNames& names) {
    properties.emplace_back("connection.subject_" + whose + "_certificate", names.subject());
    if (*names.dns != '\0') properties.emplace_back("connection.dns_san_" + whose + "_certificate", names.dns);
    if (*names.uri != '\0') properties.emplace_back("connection.uri_san_" + whose + "_certificate", names.uri);
  };
  addNames("local", kProxyNames);
  addNames("peer", client.tls->certificate ? kClientNames : CertificateNames{});
  if (client.tls->certificate) {  // There is no certificate that it could be of.
    properties.emplace_back("connection.sha256_peer_certificate_digest", std::string(64, '0'));
  }
  return properties;
}

}  // namespace sluice::scenario
