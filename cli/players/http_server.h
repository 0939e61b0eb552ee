// The servers behind the upstream of an exchange and the services that filters call. They answer as the scenario says.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <cstdint>
#include <map>
#include <memory>

#include "players/http_wire.h"
#include "sluice/host/callout.h"
#include "sluice/host/received.h"

namespace sluice::scenario {

/// Answers the requests that a server receives.
class RequestHandler {
 public:
  virtual ~RequestHandler() = default;
  /// Called when the header block of a request has arrived. Returns the request's number, for complete().
  virtual size_t arrive(host::Received request) = 0;
  /// Called when the whole request has arrived. Returns the reply.
  virtual host::CalloutReply complete(size_t number, host::Received request) = 0;
  /// The pace for writing the pieces of responses.
  virtual Pace pace() const { return unpaced; }
};

/// An HTTP/1.1 server on an ephemeral port of 127.0.0.1. It reads the whole request before it answers.
class HttpServer {
 public:
  HttpServer(boost::asio::io_context& io, std::shared_ptr<RequestHandler> handler);

  uint16_t port() const { return port_; }

  /// Gives all requests from now on to `handler`. A request whose beginning went to another handler gets no answer.
  void handle(std::shared_ptr<RequestHandler> handler) { handlers_->common = std::move(handler); }

  /// From now on each connection has to begin with a line of the PROXY protocol, which names the proxy's client.
  void expectClientPorts() { handlers_->expectsClientPorts = true; }
  /// Gives all requests of the client at this port to `handler`.
  void handle(uint16_t client, std::shared_ptr<RequestHandler> handler) {
    handlers_->ofClients[client] = std::move(handler);
  }

 private:
  struct Handlers {
    std::shared_ptr<RequestHandler> common;
    std::map<uint16_t, std::shared_ptr<RequestHandler>> ofClients;
    bool expectsClientPorts = false;

    [[nodiscard]] std::shared_ptr<RequestHandler> of(uint16_t client) const;
  };
  static boost::asio::awaitable<void> session(boost::asio::ip::tcp::socket socket, std::shared_ptr<Handlers> handlers);

  std::shared_ptr<Handlers> handlers_ = std::make_shared<Handlers>();
  uint16_t port_ = 0;
};

}  // namespace sluice::scenario
