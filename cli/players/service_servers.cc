#include "players/service_servers.h"

#include <memory>

#include "players/grpc_server.h"
#include "players/http_server.h"
#include "players/loopback.h"

namespace sluice::scenario {
namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

class ServiceHandler : public RequestHandler {
 public:
  ServiceHandler(std::string service, PlayedServices& played) : service_(std::move(service)), played_(played) {}

  size_t arrive(host::Received request) override { return played_.arrive(service_, std::move(request)); }
  host::CalloutReply complete(size_t number, host::Received request) override {
    return played_.complete(number, std::move(request));
  }

 private:
  std::string service_;
  PlayedServices& played_;
};

}  // namespace

// The servers run until the io_context stops.
ServiceServers::ServiceServers(asio::io_context& io, const Scenario& scenario, PlayedServices& played) {
  for (const auto& service : scenario.services) {
    ports_[service.name] = service.unreachable
                               ? closedPort(io)
                               : HttpServer(io, std::make_shared<ServiceHandler>(service.name, played)).port();
  }
  for (const auto& service : scenario.grpcServices) {
    ports_[service.name] = service.unreachable ? closedPort(io) : GrpcServer(io, service.name, played).port();
  }
}

// The port is bound but nobody listens, so the system refuses connections.
uint16_t ServiceServers::closedPort(asio::io_context& io) {
  auto& port = closedPorts_.emplace_back(io, tcp::v4());
  port.bind(loopback(0));
  return port.local_endpoint().port();
}

}  // namespace sluice::scenario
