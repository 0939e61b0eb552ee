#include "players/envoy_connection.h"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <memory>

#include "players/envoy_pacer.h"
#include "players/loopback.h"
#include "players/settling.h"

namespace sluice::scenario {
namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

// How long to wait until Envoy reads a piece. It reads nothing while a filter holds the new connection back.
constexpr std::chrono::seconds kReadingTime{3};

class PlayedConnection {
 public:
  PlayedConnection(asio::io_context& io, EnvoyAdmin admin, TcpServer& server, const ScriptedConnection& connection)
      : io_(io),
        server_(server),
        connection_(connection),
        downstreamPacer_(admin, "tcp.ingress.downstream_", kReadingTime),
        upstreamPacer_(admin, "cluster.upstream.upstream_", kReadingTime) {}

  asio::awaitable<ConnectionOutcome> play(uint16_t listenerPort) {
    ConnectionOutcome outcome;
    co_await downstreamPacer_.begin();
    co_await upstreamPacer_.begin();
    server_.forget();
    tcp::socket socket(io_);
    boost::system::error_code error;
    co_await socket.async_connect(loopback(listenerPort), asio::redirect_error(asio::use_awaitable, error));
    if (error) {
      outcome.error = "Envoy takes no connection: " + error.message();
      co_return outcome;
    }
    client_ = std::make_shared<TcpPeer>(std::move(socket));
    client_->start();
    for (size_t i = 0; i < connection_.steps.size() && outcome.error.empty(); ++i) {
      if (!co_await step(connection_.steps[i])) {
        outcome.error = "at step " + std::to_string(i + 1) + " the upstream is not connected";
      }
    }
    co_await waitUntil(io_, [this] { return isAsExpected(); });
    outcome.client = client_->received();
    if (const auto upstream = server_.latest()) outcome.upstream = upstream->received();
    co_await close();
    // Include data that has arrived since. Do not include the end of the connection, which this side causes.
    outcome.client.chunks = client_->received().chunks;
    if (const auto upstream = server_.latest()) {
      if (!outcome.upstream) outcome.upstream.emplace();
      outcome.upstream->chunks = upstream->received().chunks;
    }
    co_return outcome;
  }

 private:
  // Returns false when the step is the upstream's and the upstream is not connected.
  asio::awaitable<bool> step(const TcpStep& step) {
    if (step.who == TcpStep::Who::Nobody) {
      co_await pass(io_, step.time);
      co_return true;
    }
    const bool isClient = step.who == TcpStep::Who::Client;
    if (!isClient) co_await waitUntil(io_, [this] { return server_.latest() != nullptr; });
    const auto peer = isClient ? client_ : server_.latest();
    if (peer == nullptr) co_return false;
    switch (step.what) {
      case TcpStep::What::Sends:
        for (const auto& piece : step.pieces) {
          co_await peer->send(piece);
          if (peer->received().ended) continue;  // The peer no longer reads.
          co_await (isClient ? downstreamPacer_ : upstreamPacer_).written(piece.size());
        }
        break;
      case TcpStep::What::Ends:
        peer->end();
        break;
      case TcpStep::What::BreaksOff:
        peer->breakOff();
        break;
      case TcpStep::What::Wait:
        break;
    }
    co_return true;
  }

  bool isAsExpected() const {
    const auto upstream = server_.latest();
    if (!isMet(connection_.clientExpectation, client_->received())) return false;
    return connection_.upstream != Arrival::Reached ||
           (upstream != nullptr && isMet(connection_.upstreamExpectation, upstream->received()));
  }

  // Ends both sides, the upstream once it has seen the client's end. Then resets a connection that is still open.
  asio::awaitable<void> close() {
    client_->end();
    const auto upstream = server_.latest();
    co_await waitUntil(
        io_, [&] { return upstream == nullptr || upstream->received().ended || client_->received().ended; },
        kClosingTime);
    if (upstream != nullptr && upstream->received().ended) upstream->end();
    co_await waitUntil(io_, [&] { return client_->received().ended; }, kClosingTime);
    downstreamPacer_.end();
    upstreamPacer_.end();
    // Reset the upstream first: once a client has ended, Envoy does not notice its reset.
    if (upstream != nullptr) upstream->breakOff();
    co_await waitUntil(io_, [&] { return client_->received().ended; }, kClosingTime);
    client_->breakOff();
  }

  asio::io_context& io_;
  TcpServer& server_;
  const ScriptedConnection& connection_;
  EnvoyPacer downstreamPacer_;
  EnvoyPacer upstreamPacer_;
  std::shared_ptr<TcpPeer> client_;
};

}  // namespace

asio::awaitable<ConnectionOutcome> playConnection(asio::io_context& io, EnvoyAdmin admin, uint16_t listenerPort,
                                                  TcpServer& upstream, const ScriptedConnection& connection) {
  PlayedConnection played(io, admin, upstream, connection);
  co_return co_await played.play(listenerPort);
}

}  // namespace sluice::scenario
