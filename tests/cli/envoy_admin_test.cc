// What becomes of requests to Envoy's administration interface when Envoy goes away.
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>
#include <chrono>
#include <optional>

#include "players/envoy_admin.h"

namespace sluice::scenario {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

// Accepts one connection and breaks it off.
asio::awaitable<void> breakOff(tcp::acceptor& acceptor) {
  tcp::socket socket = co_await acceptor.async_accept(asio::use_awaitable);
  socket.set_option(asio::socket_base::linger(true, 0));
}

TEST(EnvoyAdminTest, TakesANewConnectionAfterABrokenOne) {
  asio::io_context io;
  std::optional<tcp::acceptor> acceptor(std::in_place, io, tcp::endpoint(asio::ip::address_v4::loopback(), 0));
  EnvoyAdmin admin(io, acceptor->local_endpoint().port());
  asio::co_spawn(io, breakOff(*acceptor), [](std::exception_ptr) {});
  int failures = 0;
  for (int attempt = 0; attempt < 3; ++attempt) {
    bool over = false;
    asio::co_spawn(io, admin.ready(), [&](std::exception_ptr error, bool) {
      failures += error ? 1 : 0;
      over = true;
    });
    io.restart();
    while (!over && io.run_one_for(std::chrono::seconds(30)) > 0) {
    }
    ASSERT_TRUE(over) << "attempt " << attempt << " hangs";
    acceptor.reset();
  }
  EXPECT_EQ(failures, 3);
}

}  // namespace
}  // namespace sluice::scenario
