#include "proxy/tcp_relay.h"

#include <array>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/system/system_error.hpp>
#include <cstdlib>

#include "players/loopback.h"

namespace sluice::proxy {
namespace asio = boost::asio;
using asio::use_awaitable;
using asio::ip::tcp;
using boost::system::error_code;
using scenario::TcpStep;

namespace {

// The longest line that announces a client (the PROXY protocol, version 1).
constexpr size_t kMaxAnnouncement = 107;

// The client's port in "PROXY TCP4 SOURCE DESTINATION SOURCE-PORT DESTINATION-PORT"; 0 if the line is another.
uint16_t announcedPort(const std::string& line) {
  size_t at = 0;
  for (int spaces = 0; spaces < 4; ++spaces) {
    at = line.find(' ', at);
    if (at == std::string::npos) return 0;
    ++at;
  }
  const int port = std::atoi(line.c_str() + at);
  return line.starts_with("PROXY ") && port > 0 && port <= UINT16_MAX ? static_cast<uint16_t>(port) : uint16_t{0};
}

void record(RelayedConnection& relayed, TcpStep::Who who, std::string bytes) {
  TcpStep step;
  step.who = who;
  step.what = TcpStep::What::Sends;
  step.pieces.push_back(std::move(bytes));
  relayed.steps.push_back(std::move(step));
}

}  // namespace

TcpRelay::TcpRelay(asio::io_context& io, uint16_t port, Server upstream) : io_(io), upstream_(std::move(upstream)) {
  tcp::acceptor clients(io, scenario::loopback(port));
  clientPort_ = clients.local_endpoint().port();
  tcp::acceptor proxy = scenario::listenOnLoopback(io);
  upstreamPort_ = proxy.local_endpoint().port();
  const auto take = [this](tcp::socket socket) { asio::co_spawn(io_, serveClient(std::move(socket)), asio::detached); };
  const auto pass = [this](tcp::socket socket) { asio::co_spawn(io_, serveProxy(std::move(socket)), asio::detached); };
  asio::co_spawn(io_, scenario::acceptAll(std::move(clients), take), asio::detached);
  asio::co_spawn(io_, scenario::acceptAll(std::move(proxy), pass), asio::detached);
}

asio::awaitable<void> TcpRelay::serveClient(tcp::socket socket) {
  const auto client = std::make_shared<tcp::socket>(std::move(socket));
  const auto proxy = std::make_shared<tcp::socket>(io_);
  error_code error;
  co_await proxy->async_connect(scenario::loopback(proxyPort_), asio::redirect_error(use_awaitable, error));
  if (error) co_return;
  const uint16_t port = proxy->local_endpoint(error).port();
  const auto connection = std::make_shared<Connection>();
  connections_.push_back(connection);
  byProxyClient_[port] = connection;
  connection->pumps = 2;
  connection->started = true;
  asio::co_spawn(io_, pump(client, proxy, Who::Client, connection, nullptr), asio::detached);
  co_await pump(proxy, client, Who::Nobody, connection, &RelayedConnection::clientReceived);
}

asio::awaitable<void> TcpRelay::serveProxy(tcp::socket socket) {
  const auto proxy = std::make_shared<tcp::socket>(std::move(socket));
  const auto upstream = std::make_shared<tcp::socket>(io_);
  try {
    std::string bytes;
    const size_t size = co_await asio::async_read_until(*proxy, asio::dynamic_buffer(bytes, kMaxAnnouncement * 256),
                                                        "\r\n", use_awaitable);
    const auto found = byProxyClient_.find(announcedPort(bytes.substr(0, size)));
    if (found == byProxyClient_.end()) co_return;
    const auto connection = found->second;
    bytes.erase(0, size);
    connection->relayed.reachedUpstream = true;
    connection->pumps += 2;
    tcp::resolver resolver(io_);
    const auto addresses =
        co_await resolver.async_resolve(upstream_.host, std::to_string(upstream_.port), use_awaitable);
    error_code failed;
    co_await asio::async_connect(*upstream, addresses, asio::redirect_error(use_awaitable, failed));
    if (failed) {
      connection->pumps -= 2;
      co_return;
    }
    connection->relayed.upstreamReceived += bytes;
    co_await asio::async_write(*upstream, asio::buffer(bytes), asio::redirect_error(use_awaitable, failed));
    asio::co_spawn(io_, pump(upstream, proxy, Who::Upstream, connection, nullptr), asio::detached);
    co_await pump(proxy, upstream, Who::Nobody, connection, &RelayedConnection::upstreamReceived);
  } catch (const boost::system::system_error&) {
    // The proxy broke off before it said anything, or the upstream has no address: the sockets close.
  }
}

asio::awaitable<void> TcpRelay::pump(Socket from, Socket to, Who who, std::shared_ptr<Connection> connection,
                                     std::string RelayedConnection::* received) {
  RelayedConnection& relayed = connection->relayed;
  std::array<char, 16384> buffer;
  error_code error;
  size_t passed = 0;
  while (!error) {
    const size_t size =
        co_await from->async_read_some(asio::buffer(buffer), asio::redirect_error(use_awaitable, error));
    if (size == 0) continue;
    passed += size;
    if (passed > kMaxRelayed) {
      relayed.truncated = true;
    } else if (received != nullptr) {
      (relayed.*received).append(buffer.data(), size);
    } else {
      record(relayed, who, std::string(buffer.data(), size));
    }
    error_code gone;
    co_await asio::async_write(*to, asio::buffer(buffer, size), asio::redirect_error(use_awaitable, gone));
  }
  const bool ended = error == asio::error::eof;
  if (received == nullptr && (ended || error == asio::error::connection_reset)) {
    TcpStep step;
    step.who = who;
    step.what = ended ? TcpStep::What::Ends : TcpStep::What::BreaksOff;
    relayed.steps.push_back(step);
  }
  error_code gone;
  if (ended) {
    to->shutdown(tcp::socket::shutdown_send, gone);
  } else {
    to->set_option(asio::socket_base::linger(true, 0), gone);
    to->close(gone);
  }
  --connection->pumps;
}

std::vector<RelayedConnection> TcpRelay::take(bool all) {
  std::vector<RelayedConnection> taken;
  std::erase_if(connections_, [&](const std::shared_ptr<Connection>& connection) {
    if (!all && (!connection->started || connection->pumps > 0)) return false;
    taken.push_back(connection->relayed);
    std::erase_if(byProxyClient_, [&](const auto& entry) { return entry.second == connection; });
    return true;
  });
  return taken;
}

}  // namespace sluice::proxy
