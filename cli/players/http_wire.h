// HTTP/1.1 messages on a socket: exactly the headers, chunks and trailers that a scenario names, and those that arrive.
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

/// No socket operation of a player takes this long on a machine that works; it only keeps a hang from lasting for ever.
constexpr std::chrono::seconds kSafetyTimeout{60};

/// Called after each piece of a message (the header block, each chunk) with the bytes written for it; returns when the
/// peer has read them.
using Pace = std::function<boost::asio::awaitable<void>(size_t bytes)>;

/// The pace of a peer that nobody waits for.
inline boost::asio::awaitable<void> unpaced(size_t /*bytes*/) { co_return; }

/// Writes a request. Throws boost::system::system_error.
boost::asio::awaitable<void> writeRequest(boost::beast::tcp_stream& stream, const host::Message& request,
                                          const Pace& pace);

/// Writes a response; `toHead` leaves the body away, as the answer to HEAD demands. Throws boost::system::system_error.
boost::asio::awaitable<void> writeResponse(boost::beast::tcp_stream& stream, const host::Message& response, bool toHead,
                                           const Pace& pace);

/// Writes a response without its end: the last chunk or the last byte of its body does not come. Throws
/// boost::system::system_error.
boost::asio::awaitable<void> writeBeginningOfResponse(boost::beast::tcp_stream& stream, const host::Message& response,
                                                      const Pace& pace);

/// Reads a request; nothing where the peer closes before its header block is complete. `onHeaders` is called as soon as
/// that is, with the message so far. Throws boost::system::system_error when the message is malformed or breaks off.
boost::asio::awaitable<std::optional<host::Received>> readRequest(
    boost::beast::tcp_stream& stream, boost::beast::flat_buffer& buffer,
    const std::function<void(const host::Received&)>& onHeaders);

/// Reads a final response (interim ones are skipped); `toHead` expects no body. Throws boost::system::system_error when
/// there is none, or a malformed one, or it breaks off.
boost::asio::awaitable<host::Received> readResponse(boost::beast::tcp_stream& stream, boost::beast::flat_buffer& buffer,
                                                    bool toHead);

}  // namespace sluice::scenario
