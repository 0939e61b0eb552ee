// The services of a scenario as real servers.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "players/played_services.h"
#include "scenario/scenario.h"

namespace sluice::scenario {

/// A server for each service, on 127.0.0.1.
class ServiceServers {
 public:
  /// `played` must outlive this object.
  ServiceServers(boost::asio::io_context& io, const Scenario& scenario, PlayedServices& played);

  /// The port of each service. The port of an unreachable service is reserved, but nobody listens on it.
  const std::map<std::string, uint16_t>& ports() const { return ports_; }

 private:
  uint16_t closedPort(boost::asio::io_context& io);

  std::vector<boost::asio::ip::tcp::acceptor> closedPorts_;
  std::map<std::string, uint16_t> ports_;
};

}  // namespace sluice::scenario
