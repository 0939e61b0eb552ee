// The upstream of an exchange, and the services that filters call: servers that answer what the scenario says.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <cstdint>
#include <memory>

#include "players/http_wire.h"
#include "sluice/host/callout.h"
#include "sluice/host/received.h"

namespace sluice::scenario {

/// Who answers the requests that a server receives.
class RequestHandler {
 public:
  virtual ~RequestHandler() = default;
  /// The header block of a request has arrived. Gives the number by which complete() knows the request.
  virtual size_t arrive(host::Received request) = 0;
  /// All of it has arrived: what to do with it.
  virtual host::CalloutReply complete(size_t number, host::Received request) = 0;
  /// The pace at which the pieces of responses are written.
  virtual Pace pace() const { return unpaced; }
};

/// An HTTP/1.1 server on an ephemeral port of 127.0.0.1. It reads a request to its end before it answers.
class HttpServer {
 public:
  HttpServer(boost::asio::io_context& io, std::shared_ptr<RequestHandler> handler);

  uint16_t port() const { return port_; }

  /// From now on, `handler` gets the requests; one that another handler got the beginning of is not answered.
  void handle(std::shared_ptr<RequestHandler> handler) { *handler_ = std::move(handler); }

 private:
  using SharedHandler = std::shared_ptr<std::shared_ptr<RequestHandler>>;
  static boost::asio::awaitable<void> session(boost::asio::ip::tcp::socket socket, SharedHandler current);

  SharedHandler handler_;
  uint16_t port_ = 0;
};

}  // namespace sluice::scenario
