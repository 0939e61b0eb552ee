#include <algorithm>
#include <string>

#include "scenario/read.h"

namespace sluice::scenario {
namespace {

ClientTls readTls(const YamlNode& node) {
  ClientTls tls;
  node.checkKeys({"server_name", "certificate"});
  if (const auto name = node.find("server_name")) {
    tls.serverName = name->text();
    const auto isOfName = [](char c) {
      return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-' || c == '.';
    };
    if (tls.serverName.empty() || tls.serverName.size() > 255 ||
        !std::all_of(tls.serverName.begin(), tls.serverName.end(), isOfName)) {
      name->fail("'server_name' must be a host's name");
    }
  }
  if (const auto certificate = node.find("certificate")) tls.certificate = certificate->boolean();
  return tls;
}

}  // namespace

Client readClient(const YamlNode& node) {
  node.checkKeys({"http", "tls"});
  Client client;
  if (const auto http = node.find("http")) client.http = static_cast<unsigned>(http->number(1, 2));
  if (const auto tls = node.find("tls")) {
    if (tls->isMapping()) {
      client.tls = readTls(*tls);
    } else if (tls->boolean()) {
      client.tls.emplace();
    }
  }
  return client;
}

}  // namespace sluice::scenario
