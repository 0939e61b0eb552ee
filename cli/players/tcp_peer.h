// One end of a TCP connection through a real proxy.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "sluice/host/received.h"

namespace sluice::scenario {

/// A socket that takes in whatever arrives.
class TcpPeer : public std::enable_shared_from_this<TcpPeer> {
 public:
  explicit TcpPeer(boost::asio::ip::tcp::socket socket) : socket_(std::move(socket)) {}

  /// Begins to take in.
  void start();
  /// What has arrived.
  const host::TcpReceived& received() const { return received_; }

  /// Sends `bytes`; a connection that is gone takes none.
  boost::asio::awaitable<void> send(std::string_view bytes);
  /// Says that it sends no more.
  void end();
  /// Resets the connection.
  void breakOff();

 private:
  boost::asio::awaitable<void> read();

  boost::asio::ip::tcp::socket socket_;
  host::TcpReceived received_;
};

/// A server on an ephemeral port of 127.0.0.1 that keeps the connections made to it.
class TcpServer {
 public:
  explicit TcpServer(boost::asio::io_context& io);

  uint16_t port() const { return port_; }
  /// The connection that was made last since forget(), or null.
  std::shared_ptr<TcpPeer> latest() const { return *latest_; }
  void forget() { latest_->reset(); }

 private:
  using Latest = std::shared_ptr<std::shared_ptr<TcpPeer>>;

  Latest latest_ = std::make_shared<std::shared_ptr<TcpPeer>>();
  uint16_t port_ = 0;
};

}  // namespace sluice::scenario
