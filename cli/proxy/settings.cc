#include "proxy/settings.h"

#include <boost/regex.hpp>

namespace sluice::proxy {
namespace {

struct Scheme {
  std::string_view name;
  Server::Protocol protocol;
  bool tls;
  uint16_t port;  // 0: there is no usual one.
};

constexpr Scheme kSchemes[] = {{"http", Server::Protocol::Http1, false, 80},
                               {"https", Server::Protocol::Http1, true, 443},
                               {"h2c", Server::Protocol::Http2, false, 80},
                               {"tcp", Server::Protocol::Tcp, false, 0},
                               {"tls", Server::Protocol::Tcp, true, 0}};

}  // namespace

Server readServer(const std::string& url, envoy::Chain chain) {
  const auto fail = [&url](const std::string& reason) { throw std::runtime_error("'" + url + "' " + reason); };
  const bool isTcp = chain == envoy::Chain::Network;
  const std::string example = isTcp ? "HOST:PORT, tcp://HOST:PORT or tls://HOST:PORT"
                                    : "a URL: http://HOST:PORT, https://HOST or h2c://HOST:PORT";
  static const boost::regex kForm("(?:([a-z0-9]+)://)?([A-Za-z0-9._-]+|\\[[0-9a-fA-F:.]+\\])(?::([0-9]{1,5}))?/?");
  boost::smatch match;
  if (!boost::regex_match(url, match, kForm)) fail("is not " + example + ", without a path");
  const std::string name = match[1].matched ? match.str(1) : isTcp ? "tcp" : "http";
  for (const auto& scheme : kSchemes) {
    if (scheme.name != name || (scheme.protocol == Server::Protocol::Tcp) != isTcp) continue;
    Server server{.host = match[2], .port = scheme.port, .protocol = scheme.protocol, .tls = scheme.tls};
    if (server.host.starts_with('[')) server.host = server.host.substr(1, server.host.size() - 2);
    const int port = match[3].matched ? std::stoi(match[3]) : scheme.port;
    if (port == 0 || port > UINT16_MAX) fail("needs a port from 1 to 65535");
    server.port = static_cast<uint16_t>(port);
    return server;
  }
  fail("is not " + example);
  return {};
}

}  // namespace sluice::proxy
