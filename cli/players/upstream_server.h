// The upstream of an exchange: a server that answers what the scenario says.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "players/http_wire.h"
#include "scenario/message.h"

namespace sluice::scenario {

/// An HTTP/1.1 server on an ephemeral port of 127.0.0.1. It reads a request to its end before it answers.
class UpstreamServer {
 public:
  explicit UpstreamServer(boost::asio::io_context& io);

  std::uint16_t port() const { return port_; }

  /// From now on, requests are answered with `response`, whose pieces are written at `pace`, and collected anew.
  /// Without a response, connections are closed when a request is complete.
  void serve(std::optional<Message> response, Pace pace);
  /// The requests since serve(), each as far as it arrived.
  const std::vector<Message>& requests() const { return state_->requests; }

 private:
  struct State {
    std::optional<Message> response;
    Pace pace;
    std::vector<Message> requests;
    std::size_t generation = 0;  // Counts calls of serve().
  };
  static boost::asio::awaitable<void> accept(boost::asio::ip::tcp::acceptor acceptor, std::shared_ptr<State> state);
  static boost::asio::awaitable<void> session(boost::asio::ip::tcp::socket socket, std::shared_ptr<State> state);

  std::shared_ptr<State> state_ = std::make_shared<State>();
  std::uint16_t port_ = 0;
};

}  // namespace sluice::scenario
