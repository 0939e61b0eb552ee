// Talking to the administration interface of an Envoy.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "sluice/host/message.h"
#include "sluice/host/metric.h"

namespace sluice::scenario {

/// Envoy's administration interface on 127.0.0.1. Each question takes a connection of its own, so that several
/// coroutines may ask at once and nothing is left behind by one that breaks off. All of them throw PlayerError, with
/// the question and what was wrong, where Envoy does not answer as it should.
class EnvoyAdmin {
 public:
  EnvoyAdmin(boost::asio::io_context& io, uint16_t port) : io_(&io), port_(port) {}

  /// Whether Envoy says that it is live.
  boost::asio::awaitable<bool> ready();
  /// The port of the listener `name`; throws PlayerError if there is none.
  boost::asio::awaitable<uint16_t> listenerPort(std::string name);
  /// The counters and gauges whose names match the regular expression.
  boost::asio::awaitable<std::map<std::string, uint64_t>> stats(std::string pattern);
  /// The metric that a filter defined by the name `name`; nothing where there is none. Of a histogram's samples Envoy
  /// knows only in which buckets they are: each stands here as its bucket's lower bound, smallest first.
  boost::asio::awaitable<std::optional<host::Metric>> metric(std::string name);

 private:
  boost::asio::awaitable<host::Message> get(std::string target);
  boost::asio::awaitable<nlohmann::json> statistics(std::string query);

  boost::asio::io_context* io_;
  uint16_t port_;
};

}  // namespace sluice::scenario
