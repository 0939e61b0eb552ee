#include "players/upstream_server.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/address_v4.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

namespace sluice::scenario {
namespace asio = boost::asio;
using asio::ip::tcp;

UpstreamServer::UpstreamServer(asio::io_context& io) {
  tcp::acceptor acceptor(io, tcp::endpoint(asio::ip::address_v4::loopback(), 0));
  port_ = acceptor.local_endpoint().port();
  asio::co_spawn(io, accept(std::move(acceptor), state_), asio::detached);
}

void UpstreamServer::serve(std::optional<Message> response, Pace pace) {
  state_->response = std::move(response);
  state_->pace = std::move(pace);
  state_->requests.clear();
  ++state_->generation;
}

asio::awaitable<void> UpstreamServer::accept(tcp::acceptor acceptor, std::shared_ptr<State> state) {
  while (true) {
    boost::system::error_code error;
    tcp::socket socket = co_await acceptor.async_accept(asio::redirect_error(asio::use_awaitable, error));
    if (error) co_return;
    asio::co_spawn(acceptor.get_executor(), session(std::move(socket), state), asio::detached);
  }
}

asio::awaitable<void> UpstreamServer::session(tcp::socket socket, std::shared_ptr<State> state) {
  boost::beast::tcp_stream stream(std::move(socket));
  boost::beast::flat_buffer buffer;
  try {
    while (true) {
      std::size_t index = 0;
      std::size_t generation = 0;
      auto request = co_await readRequest(stream, buffer, [&](const Message& message) {
        generation = state->generation;
        index = state->requests.size();
        state->requests.push_back(message);
      });
      if (!request || generation != state->generation) co_return;
      const bool isHead = headerValues(request->headers, ":method").front() == "HEAD";
      state->requests[index] = std::move(*request);
      if (!state->response) co_return;
      const Message response = *state->response;
      const Pace pace = state->pace;
      co_await writeResponse(stream, response, isHead, pace);
    }
  } catch (const boost::system::system_error&) {
    // Envoy has ended the connection: the exchange is over.
  }
}

}  // namespace sluice::scenario
