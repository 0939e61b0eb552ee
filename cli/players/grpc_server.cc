#include "players/grpc_server.h"

#include "players/grpc_session.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/address_v4.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <memory>

namespace sluice::scenario {
namespace asio = boost::asio;
using asio::ip::tcp;

GrpcServer::GrpcServer(asio::io_context& io, std::string service, PlayedServices& played) {
  tcp::acceptor acceptor(io, tcp::endpoint(asio::ip::address_v4::loopback(), 0));
  port_ = acceptor.local_endpoint().port();
  asio::co_spawn(io, accept(std::move(acceptor), std::move(service), played), asio::detached);
}

asio::awaitable<void> GrpcServer::accept(tcp::acceptor acceptor, std::string service, PlayedServices& played) {
  while (true) {
    boost::system::error_code error;
    tcp::socket socket = co_await acceptor.async_accept(asio::redirect_error(asio::use_awaitable, error));
    if (error) co_return;
    std::make_shared<GrpcSession>(std::move(socket), service, played)->start();
  }
}

}  // namespace sluice::scenario
