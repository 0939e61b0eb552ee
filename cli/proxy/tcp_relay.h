// Both ends of TCP connections through the proxy, to record what passes.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "proxy/settings.h"
#include "scenario/connection.h"

namespace sluice::proxy {

/// How many bytes of a connection are recorded.
inline constexpr size_t kMaxRelayed = 256U << 10U;

/// What passed on a connection.
struct RelayedConnection {
  std::vector<scenario::TcpStep> steps;  ///< What the two ends did, in order.
  std::string upstreamReceived;
  std::string clientReceived;
  bool reachedUpstream = false;
  bool truncated = false;  ///< More than kMaxRelayed bytes passed.
};

/// Stands between the clients and the proxy, and between the proxy and the upstream. The proxy must tell each
/// connection's client: see Places::announcesClients.
class TcpRelay {
 public:
  /// Listens for clients on `port` of 127.0.0.1 (0 for any that is free), and for the proxy on an ephemeral one. The
  /// proxy's connections go on to `upstream`. Throws boost::system::system_error.
  TcpRelay(boost::asio::io_context& io, uint16_t port, Server upstream);

  /// From now on clients' connections go to this port of 127.0.0.1.
  void passTo(uint16_t proxyPort) { proxyPort_ = proxyPort; }

  [[nodiscard]] uint16_t clientPort() const { return clientPort_; }      ///< Where clients connect.
  [[nodiscard]] uint16_t upstreamPort() const { return upstreamPort_; }  ///< Where the proxy connects.

  /// Takes the connections that are over, or all.
  std::vector<RelayedConnection> take(bool all);

 private:
  struct Connection {
    RelayedConnection relayed;
    int pumps = 0;  // How many directions are still open.
    bool started = false;
  };
  using Who = scenario::TcpStep::Who;
  using Socket = std::shared_ptr<boost::asio::ip::tcp::socket>;

  boost::asio::awaitable<void> serveClient(boost::asio::ip::tcp::socket socket);
  boost::asio::awaitable<void> serveProxy(boost::asio::ip::tcp::socket socket);
  // Passes bytes on until `from` ends. `who` is the end that `from` leads to, or Nobody if that is the proxy; the bytes
  // that the proxy sends go to `received`.
  static boost::asio::awaitable<void> pump(Socket from, Socket to, Who who, std::shared_ptr<Connection> connection,
                                           std::string RelayedConnection::* received);

  boost::asio::io_context& io_;
  Server upstream_;
  uint16_t clientPort_ = 0;
  uint16_t upstreamPort_ = 0;
  uint16_t proxyPort_ = 0;
  std::vector<std::shared_ptr<Connection>> connections_;           // In the order in which they began.
  std::map<uint16_t, std::shared_ptr<Connection>> byProxyClient_;  // By the port from which this process called.
};

}  // namespace sluice::proxy
