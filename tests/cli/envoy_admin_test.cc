// Requests to Envoy's administration interface: when Envoy goes away, and when several are sent at once.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "players/envoy_admin.h"
#include "players/player.h"

namespace sluice::scenario {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using ::testing::AllOf;
using ::testing::HasSubstr;

// Plays Envoy: calls `behave` for each connection.
class EnvoyAdminTest : public ::testing::Test {
 protected:
  using Behaviour = std::function<void(tcp::socket)>;

  asio::awaitable<void> serve(Behaviour behave) {
    while (true) behave(co_await acceptor_.async_accept(asio::use_awaitable));
  }
  void start(Behaviour behave) {
    asio::co_spawn(io_, serve(std::move(behave)), [](std::exception_ptr) {});
  }

  // Asks `admin` whether Envoy is ready, and adds the result to `results_`.
  void ask() {
    asio::co_spawn(io_, admin_.ready(), [this](std::exception_ptr error, bool ready) {
      try {
        if (error) std::rethrow_exception(error);
        results_.push_back(ready ? "ready" : "not ready");
      } catch (const PlayerError& failure) {
        results_.push_back(failure.what());
      }
    });
  }
  void waitForResults(size_t count) {
    const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (results_.size() < count && std::chrono::steady_clock::now() < limit) io_.run_one_until(limit);
    ASSERT_EQ(results_.size(), count);
  }

  asio::io_context io_;
  tcp::acceptor acceptor_{io_, tcp::endpoint(asio::ip::address_v4::loopback(), 0)};
  EnvoyAdmin admin_{io_, acceptor_.local_endpoint().port()};
  std::vector<std::string> results_;
};

TEST_F(EnvoyAdminTest, AsksAnewAfterABrokenConnection) {
  start([](tcp::socket socket) { socket.set_option(asio::socket_base::linger(true, 0)); });
  for (size_t attempt = 1; attempt <= 3; ++attempt) {
    ask();
    waitForResults(attempt);
    EXPECT_THAT(results_.back(), HasSubstr("Envoy's administration interface does not answer /ready"));
  }
}

TEST_F(EnvoyAdminTest, SaysThatAnAnswerIsNotHttp) {
  start([](tcp::socket socket) { asio::write(socket, asio::buffer(std::string("nonsense\r\n\r\n"))); });
  ask();
  waitForResults(1);
  EXPECT_THAT(results_[0], AllOf(HasSubstr("does not answer /ready"), HasSubstr("bad version")));
}

TEST_F(EnvoyAdminTest, AnswersSeveralWhoAskAtOnce) {
  // Answers only once all requests have arrived, the last one first.
  std::vector<tcp::socket> waiting;
  start([&](tcp::socket socket) {
    waiting.push_back(std::move(socket));
    if (waiting.size() < 3) return;
    for (auto& asker : {&waiting[2], &waiting[1], &waiting[0]}) {
      asio::write(*asker, asio::buffer(std::string("HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nLIVE")));
    }
  });
  for (int i = 0; i < 3; ++i) ask();
  waitForResults(3);
  EXPECT_THAT(results_, ::testing::Each("ready"));
}

}  // namespace
}  // namespace sluice::scenario
