#include "players/tcp_peer.h"

#include <array>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include "players/loopback.h"

namespace sluice::scenario {
namespace asio = boost::asio;
using asio::use_awaitable;
using asio::ip::tcp;
using boost::system::error_code;

void TcpPeer::start() {
  socket_.set_option(tcp::no_delay(true));
  asio::co_spawn(socket_.get_executor(), read(), asio::detached);
}

asio::awaitable<void> TcpPeer::read() {
  const auto self = shared_from_this();
  std::array<char, 16384> buffer;
  while (true) {
    error_code error;
    const size_t size =
        co_await socket_.async_read_some(asio::buffer(buffer), asio::redirect_error(use_awaitable, error));
    if (size > 0) received_.chunks.emplace_back(buffer.data(), size);
    if (!error) continue;
    received_.ended = received_.ended || error != asio::error::operation_aborted;  // Aborted: this side reset it.
    co_return;
  }
}

asio::awaitable<void> TcpPeer::send(std::string_view bytes) {
  const auto self = shared_from_this();
  error_code gone;
  co_await asio::async_write(socket_, asio::buffer(bytes), asio::redirect_error(use_awaitable, gone));
}

void TcpPeer::end() {
  error_code gone;
  socket_.shutdown(tcp::socket::shutdown_send, gone);
}

void TcpPeer::breakOff() {
  error_code gone;
  socket_.set_option(asio::socket_base::linger(true, 0), gone);
  socket_.close(gone);
}

TcpServer::TcpServer(asio::io_context& io) {
  tcp::acceptor acceptor = listenOnLoopback(io);
  port_ = acceptor.local_endpoint().port();
  const auto keep = [latest = latest_](tcp::socket socket) {
    *latest = std::make_shared<TcpPeer>(std::move(socket));
    (*latest)->start();
  };
  asio::co_spawn(io, acceptAll(std::move(acceptor), keep), asio::detached);
}

}  // namespace sluice::scenario
