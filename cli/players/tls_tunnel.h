// TLS on behalf of a client that does not know of it.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "players/certificate.h"
#include "scenario/client.h"

namespace sluice::scenario {

/// Listens on an ephemeral port of 127.0.0.1, and forwards what it gets there through TLS, and back: bytes, the end of
/// a side, and resets.
class TlsTunnel {
 public:
  struct Options {
    ClientTls tls;
    Certificate certificate;  ///< The client's, for ClientTls::certificate.
    std::string alpn;         ///< "h2"; empty: none.
  };

  /// Forwards to `target`, a port of 127.0.0.1.
  TlsTunnel(boost::asio::io_context& io, uint16_t target, const Options& options);

  uint16_t port() const { return port_; }
  /// The port from which the connection of the client's port `client` goes on; 0 until it is open.
  uint16_t onwardPort(uint16_t client) const;

 private:
  using OnwardPorts = std::shared_ptr<std::map<uint16_t, uint16_t>>;

  OnwardPorts onward_ = std::make_shared<std::map<uint16_t, uint16_t>>();
  uint16_t port_ = 0;
};

}  // namespace sluice::scenario
