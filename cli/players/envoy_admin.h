// A client for Envoy's administration interface.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <string>

#include "sluice/host/message.h"
#include "sluice/host/metric.h"

namespace sluice::scenario {

/// Envoy's administration interface on 127.0.0.1. Each request uses its own connection, so several coroutines can send
/// requests at once, and a request that breaks off leaves nothing behind. When Envoy's answer is not as it should be,
/// every function throws a PlayerError that names the request and the fault.
class EnvoyAdmin {
 public:
  EnvoyAdmin(boost::asio::io_context& io, uint16_t port) : io_(&io), port_(port) {}

  /// Whether Envoy reports that it is live.
  boost::asio::awaitable<bool> ready();
  /// The port of the listener `name`. Throws PlayerError if there is no such listener.
  boost::asio::awaitable<uint16_t> listenerPort(std::string name);
  /// The counters and gauges whose names match the regular expression.
  boost::asio::awaitable<std::map<std::string, uint64_t>> stats(std::string pattern);
  /// The metrics that filters have defined. Envoy knows only the buckets of a histogram's samples, so each sample is
  /// given as the lower bound of its bucket, smallest first.
  boost::asio::awaitable<host::MetricMap> metrics();

 private:
  boost::asio::awaitable<host::Message> get(std::string target);
  boost::asio::awaitable<nlohmann::json> statistics(std::string query);

  boost::asio::io_context* io_;
  uint16_t port_;
};

}  // namespace sluice::scenario
