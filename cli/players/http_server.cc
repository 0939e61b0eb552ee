#include "players/http_server.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

#include "players/loopback.h"

namespace sluice::scenario {
namespace asio = boost::asio;
using asio::use_awaitable;
using asio::ip::tcp;

namespace {

// Returns when the peer has closed the connection or sent something.
asio::awaitable<void> waitForClose(boost::beast::tcp_stream& stream) {
  char byte = 0;
  stream.expires_after(kSafetyTimeout);
  co_await stream.async_read_some(asio::buffer(&byte, 1), use_awaitable);
}

// Sends `reply`. Returns false if the connection must end after it.
asio::awaitable<bool> give(boost::beast::tcp_stream& stream, host::CalloutReply reply, bool toHead, Pace pace) {
  using Kind = host::CalloutReply::Kind;
  if (reply.delay.count() > 0) {
    asio::steady_timer timer(stream.get_executor(), reply.delay);
    co_await timer.async_wait(use_awaitable);
  }
  switch (reply.kind) {
    case Kind::Response:
      co_await writeResponse(stream, reply.response, toHead, pace);
      co_return true;
    case Kind::Reset:
      co_await writeBeginningOfResponse(stream, reply.response, pace);
      co_return false;
    case Kind::Never:
      co_await waitForClose(stream);
      co_return false;
    case Kind::ConnectionFailure:
    case Kind::ConnectionTermination:
      break;
  }
  co_return false;
}

}  // namespace

HttpServer::HttpServer(asio::io_context& io, std::shared_ptr<RequestHandler> handler)
    : handler_(std::make_shared<std::shared_ptr<RequestHandler>>(std::move(handler))) {
  tcp::acceptor acceptor = listenOnLoopback(io);
  port_ = acceptor.local_endpoint().port();
  const auto serve = [&io, current = handler_](tcp::socket socket) {
    asio::co_spawn(io, session(std::move(socket), current), asio::detached);
  };
  asio::co_spawn(io, acceptAll(std::move(acceptor), serve), asio::detached);
}

asio::awaitable<void> HttpServer::session(tcp::socket socket, SharedHandler current) {
  // A reply in several writes would otherwise wait for Envoy's delayed acknowledgement, 40 ms.
  boost::system::error_code ignored;
  socket.set_option(tcp::no_delay(true), ignored);
  boost::beast::tcp_stream stream(std::move(socket));
  boost::beast::flat_buffer buffer;
  try {
    while (true) {
      std::shared_ptr<RequestHandler> handler;
      size_t number = 0;
      auto request = co_await readRequest(stream, buffer, [&](const host::Received& message) {
        handler = *current;
        number = handler->arrive(message);
      });
      if (!request || handler != *current) co_return;
      const bool isHead = request->header(":method") == "HEAD";
      const host::CalloutReply reply = handler->complete(number, std::move(*request));
      if (!co_await give(stream, reply, isHead, handler->pace())) co_return;
    }
  } catch (const boost::system::system_error&) {
    // Envoy has closed the connection: the exchange is over.
  }
}

}  // namespace sluice::scenario
