#include "players/envoy_pacer.h"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>

namespace sluice::scenario {
namespace asio = boost::asio;

namespace {
constexpr int kPacedPieces = 256;
}

asio::awaitable<void> EnvoyPacer::begin() {
  auto stats = co_await admin_.stats(prefix_ + "cx_rx_bytes_total");
  total_ = stats[prefix_ + "cx_rx_bytes_total"];
}

asio::awaitable<void> EnvoyPacer::written(size_t bytes) {
  total_ += bytes;
  if (++pieces_ > kPacedPieces) co_return;
  const auto giveUp = std::chrono::steady_clock::now() + patience_;
  asio::steady_timer timer(co_await asio::this_coro::executor);
  while (!over_ && std::chrono::steady_clock::now() < giveUp) {
    auto stats = co_await admin_.stats(prefix_ + "(cx_rx_bytes_total|flow_control.*reading_total)");
    if (stats[prefix_ + "cx_rx_bytes_total"] >= total_) co_return;
    if (stats[prefix_ + "flow_control_paused_reading_total"] > stats[prefix_ + "flow_control_resumed_reading_total"])
      co_return;
    timer.expires_after(std::chrono::microseconds(500));
    co_await timer.async_wait(asio::use_awaitable);
  }
}

}  // namespace sluice::scenario
