// TCP on 127.0.0.1.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/address_v4.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cstdint>
#include <utility>

namespace sluice::scenario {

/// A port of 127.0.0.1.
inline boost::asio::ip::tcp::endpoint loopback(uint16_t port) {
  return {boost::asio::ip::address_v4::loopback(), port};
}

/// Listens on an ephemeral port.
inline boost::asio::ip::tcp::acceptor listenOnLoopback(boost::asio::io_context& io) { return {io, loopback(0)}; }

/// Passes each connection to `onConnection` until the io_context stops.
template <class OnConnection>
boost::asio::awaitable<void> acceptAll(boost::asio::ip::tcp::acceptor acceptor, OnConnection onConnection) {
  while (true) {
    boost::system::error_code error;
    boost::asio::ip::tcp::socket socket =
        co_await acceptor.async_accept(boost::asio::redirect_error(boost::asio::use_awaitable, error));
    if (error) co_return;
    onConnection(std::move(socket));
  }
}

}  // namespace sluice::scenario
