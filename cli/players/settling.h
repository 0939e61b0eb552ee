// Waits, in a coroutine, for events that come by themselves.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>

namespace sluice::scenario {

/// How long to wait for an expected event: a call to a service, a metric's value, bytes at one end of a connection.
constexpr std::chrono::seconds kSettlingTime{10};
/// How long to wait for the end of a connection that a filter may hold open.
constexpr std::chrono::milliseconds kClosingTime{500};

/// Waits for `time`.
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
