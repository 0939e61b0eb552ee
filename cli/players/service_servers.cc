#include "players/service_servers.h"

#include <boost/asio/ip/address_v4.hpp>
#include <memory>

namespace sluice::scenario {
namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

class ServiceHandler : public RequestHandler {
 public:
  ServiceHandler(std::string service, PlayedServices& played) : service_(std::move(service)), played_(played) {}

  std::size_t arrive(Message request) override { return played_.arrive(service_, std::move(request)); }
  Answer complete(std::size_t number, Message request) override { return played_.complete(number, std::move(request)); }

 private:
  std::string service_;
  PlayedServices& played_;
};

}  // namespace

ServiceServers::ServiceServers(asio::io_context& io, const std::vector<Service>& services, PlayedServices& played) {
  for (const auto& service : services) {
    if (service.unreachable) {
      // Bound, but not listening: connections are refused.
      auto& port = closedPorts_.emplace_back(io, tcp::v4());
      port.bind(tcp::endpoint(asio::ip::address_v4::loopback(), 0));
      ports_[service.name] = port.local_endpoint().port();
    } else {
      servers_.emplace_back(io, std::make_shared<ServiceHandler>(service.name, played));
      ports_[service.name] = servers_.back().port();
    }
  }
}

}  // namespace sluice::scenario
