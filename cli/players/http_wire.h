// HTTP/1.1 messages on a socket: writes exactly the headers, chunks and trailers that a scenario names, and reads
// exactly those that arrive.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>

#include "sluice/host/message.h"
#include "sluice/host/received.h"

namespace sluice::scenario {

/// The time limit for a player's socket operations. On a working machine none takes this long; it only ends a hang.
constexpr std::chrono::seconds kSafetyTimeout{60};

/// Called after each piece of a message (the header block, each chunk) with the number of bytes written. Returns when
/// the peer has read them.
using Pace = std::function<boost::asio::awaitable<void>(size_t bytes)>;

/// A pace that does not wait for the peer.
inline boost::asio::awaitable<void> unpaced(size_t /*bytes*/) { co_return; }

/// Writes a request. Throws boost::system::system_error.
boost::asio::awaitable<void> writeRequest(boost::beast::tcp_stream& stream, const host::Message& request,
                                          const Pace& pace);

/// Writes a response; `toHead` omits the body, for a response to HEAD. Throws boost::system::system_error.
boost::asio::awaitable<void> writeResponse(boost::beast::tcp_stream& stream, const host::Message& response, bool toHead,
                                           const Pace& pace);

/// Writes a response without its end: omits the last chunk or the last byte of its body. Throws
/// boost::system::system_error.
boost::asio::awaitable<void> writeBeginningOfResponse(boost::beast::tcp_stream& stream, const host::Message& response,
                                                      const Pace& pace);

/// Reads a request. Returns nothing when the peer closes before the header block is complete. Calls `onHeaders` with
/// the message so far as soon as the header block is complete. Throws boost::system::system_error when the message is
/// malformed or breaks off.
boost::asio::awaitable<std::optional<host::Received>> readRequest(
    boost::beast::tcp_stream& stream, boost::beast::flat_buffer& buffer,
    const std::function<void(const host::Received&)>& onHeaders);

/// Reads a final response and skips interim ones; `toHead` expects no body. Throws boost::system::system_error when the
/// response is missing or malformed, or breaks off.
boost::asio::awaitable<host::Received> readResponse(boost::beast::tcp_stream& stream, boost::beast::flat_buffer& buffer,
                                                    bool toHead);

}  // namespace sluice::scenario
