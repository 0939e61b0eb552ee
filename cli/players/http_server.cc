#include "players/http_server.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>
#include <sstream>
#include <string>
#include <string_view>

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

// Reads the first line of the PROXY protocol's version 1, "PROXY TCP4 SOURCE DESTINATION SOURCE-PORT DESTINATION-PORT".
// Returns the source's port; 0 when the line names none.
asio::awaitable<uint16_t> readClientPort(boost::beast::tcp_stream& stream, boost::beast::flat_buffer& buffer) {
  constexpr size_t kMaxLine = 108;  // With its end, as the protocol says.
  const auto text = [&] { return std::string_view(static_cast<const char*>(buffer.data().data()), buffer.size()); };
  stream.expires_after(kSafetyTimeout);
  while (text().find("\r\n") == std::string_view::npos) {
    if (buffer.size() >= kMaxLine) co_return uint16_t{0};
    buffer.commit(co_await stream.async_read_some(buffer.prepare(kMaxLine), use_awaitable));
  }
  const size_t size = text().find("\r\n") + 2;
  std::istringstream line(std::string(text().substr(0, size)));
  buffer.consume(size);
  std::string word;
  uint16_t port = 0;
  line >> word >> word >> word >> word >> port;
  co_return port;
}

}  // namespace

HttpServer::HttpServer(asio::io_context& io, std::shared_ptr<RequestHandler> handler) {
  handlers_->common = std::move(handler);
  tcp::acceptor acceptor = listenOnLoopback(io);
  port_ = acceptor.local_endpoint().port();
  const auto serve = [&io, handlers = handlers_](tcp::socket socket) {
    asio::co_spawn(io, session(std::move(socket), handlers), asio::detached);
  };
  asio::co_spawn(io, acceptAll(std::move(acceptor), serve), asio::detached);
}

std::shared_ptr<RequestHandler> HttpServer::Handlers::of(uint16_t client) const {
  const auto found = ofClients.find(client);
  return found == ofClients.end() ? common : found->second;
}

asio::awaitable<void> HttpServer::session(tcp::socket socket, std::shared_ptr<Handlers> handlers) {
  // A reply in several writes would otherwise wait for Envoy's delayed acknowledgement, 40 ms.
  boost::system::error_code ignored;
  socket.set_option(tcp::no_delay(true), ignored);
  boost::beast::tcp_stream stream(std::move(socket));
  boost::beast::flat_buffer buffer;
  try {
    const uint16_t client = handlers->expectsClientPorts ? co_await readClientPort(stream, buffer) : uint16_t{0};
    while (true) {
      std::shared_ptr<RequestHandler> handler;
      size_t number = 0;
      auto request = co_await readRequest(stream, buffer, [&](const host::Received& message) {
        handler = handlers->of(client);
        number = handler->arrive(message);
      });
      if (!request || handler != handlers->of(client)) co_return;
      const bool isHead = request->header(":method") == "HEAD";
      const host::CalloutReply reply = handler->complete(number, std::move(*request));
      if (!co_await give(stream, reply, isHead, handler->pace())) co_return;
    }
  } catch (const boost::system::system_error&) {
    // Envoy has closed the connection: the exchange is over.
  }
}

}  // namespace sluice::scenario
