// A gRPC service as a real server.
#pragma once

#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <string>

#include "players/played_services.h"

namespace sluice::scenario {

/// An HTTP/2 server (without TLS) on an ephemeral port of 127.0.0.1 that answers gRPC calls as the scenario says.
class GrpcServer {
 public:
  /// `played` must outlive the io_context's work.
  GrpcServer(boost::asio::io_context& io, std::string service, PlayedServices& played);

  uint16_t port() const { return port_; }

 private:
  uint16_t port_ = 0;
};

}  // namespace sluice::scenario
