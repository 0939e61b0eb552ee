// Talking to the administration interface of an Envoy.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <cstdint>
#include <map>
#include <string>

namespace sluice::scenario {

/// A connection to Envoy's administration interface on 127.0.0.1.
class EnvoyAdmin {
 public:
  EnvoyAdmin(boost::asio::io_context& io, std::uint16_t port);

  /// Whether Envoy says that it is live.
  boost::asio::awaitable<bool> ready();
  /// The port of the listener `name`; throws PlayerError if there is none.
  boost::asio::awaitable<std::uint16_t> listenerPort(std::string name);
  /// The counters and gauges whose names match the regular expression.
  boost::asio::awaitable<std::map<std::string, std::uint64_t>> stats(std::string pattern);

 private:
  struct Answer {
    int status = 0;
    std::string body;
  };
  boost::asio::awaitable<Answer> get(std::string target);
  boost::asio::awaitable<Answer> exchange(std::string target);

  boost::beast::tcp_stream stream_;
  boost::beast::flat_buffer buffer_;
  std::uint16_t port_;
};

}  // namespace sluice::scenario
