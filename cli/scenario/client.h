// How the client speaks with the proxy.
#pragma once

#include <optional>
#include <string>

namespace sluice::scenario {

/// TLS between the client and the proxy.
struct ClientTls {
  std::string serverName = {};  ///< The server name that the client asks for (SNI); empty: none.
  bool certificate = false;     ///< The client shows a certificate, which the proxy requires.
};

struct Client {
  unsigned http = 1;             ///< The major version of HTTP: 1 or 2.
  std::optional<ClientTls> tls;  ///< Nothing: plain TCP.
};

}  // namespace sluice::scenario
