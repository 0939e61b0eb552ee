#include "players/grpc_server.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <memory>
#include <utility>

#include "players/grpc_session.h"
#include "players/loopback.h"

namespace sluice::scenario {
namespace asio = boost::asio;
using asio::ip::tcp;

GrpcServer::GrpcServer(asio::io_context& io, std::string service, PlayedServices& played) {
  tcp::acceptor acceptor = listenOnLoopback(io);
  port_ = acceptor.local_endpoint().port();
  const auto serve = [&played, service = std::move(service)](tcp::socket socket) {
    std::make_shared<GrpcSession>(std::move(socket), service, played)->start();
  };
  asio::co_spawn(io, acceptAll(std::move(acceptor), serve), asio::detached);
}

}  // namespace sluice::scenario
