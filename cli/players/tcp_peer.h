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

/// A socket that reads and keeps whatever arrives.
class TcpPeer : public std::enable_shared_from_this<TcpPeer> {
 public:
  explicit TcpPeer(boost::asio::ip::tcp::socket socket) : socket_(std::move(socket)) {}

  /// Starts reading.
  void start();
  /// The data that has arrived so far.
  const host::TcpReceived& received() const { return received_; }

  /// Sends `bytes`; does nothing on a closed connection.
  boost::asio::awaitable<void> send(std::string_view bytes);
  /// Half-closes the connection: this side sends no more.
  void end();
  /// Resets the connection.
  void breakOff();

 private:
  boost::asio::awaitable<void> read();

  boost::asio::ip::tcp::socket socket_;
  host::TcpReceived received_;
};

/// A server on an ephemeral port of 127.0.0.1 that keeps its connections open.
class TcpServer {
 public:
  explicit TcpServer(boost::asio::io_context& io);

  uint16_t port() const { return port_; }
  /// The latest connection since forget(), or null.
  std::shared_ptr<TcpPeer> latest() const { return *latest_; }
  void forget() { latest_->reset(); }

 private:
  using Latest = std::shared_ptr<std::shared_ptr<TcpPeer>>;

  Latest latest_ = std::make_shared<std::shared_ptr<TcpPeer>>();
  uint16_t port_ = 0;
};

}  // namespace sluice::scenario
