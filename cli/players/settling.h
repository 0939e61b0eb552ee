// Waiting, in a coroutine, for what has to come by itself.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>

namespace sluice::scenario {

/// How long is waited for what is expected: a call to a service, a metric's value, bytes at the end of a connection.
constexpr std::chrono::seconds kSettlingTime{10};
/// How long is waited for the end of a connection that a filter may well hold open.
constexpr std::chrono::milliseconds kClosingTime{500};

/// Lets `time` pass.
inline boost::asio::awaitable<void> pass(boost::asio::io_context& io, std::chrono::milliseconds time) {
  if (time.count() == 0) co_return;
  boost::asio::steady_timer timer(io, time);
  co_await timer.async_wait(boost::asio::use_awaitable);
}

/// Returns when `condition` holds or `limit` is over.
template <class Condition>
boost::asio::awaitable<void> waitUntil(boost::asio::io_context& io, Condition condition,
                                       std::chrono::milliseconds limit = kSettlingTime) {
  const auto giveUp = std::chrono::steady_clock::now() + limit;
  while (!condition() && std::chrono::steady_clock::now() < giveUp) co_await pass(io, std::chrono::milliseconds(2));
}

}  // namespace sluice::scenario
