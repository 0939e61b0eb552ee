#include "players/envoy_player.h"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>
#include <chrono>
#include <iterator>
#include <utility>
#include <vector>

#include "players/envoy_admin.h"
#include "players/envoy_config.h"
#include "players/envoy_connection.h"
#include "players/envoy_log.h"
#include "players/envoy_pacer.h"
#include "players/envoy_process.h"
#include "players/envoy_start.h"
#include "players/http2_client.h"
#include "players/http_server.h"
#include "players/http_wire.h"
#include "players/loopback.h"
#include "players/played_services.h"
#include "players/service_servers.h"
#include "players/settling.h"
#include "players/tcp_peer.h"
#include "players/tls_tunnel.h"

namespace sluice::scenario {
namespace {

namespace asio = boost::asio;
using asio::use_awaitable;
using asio::ip::tcp;
using Clock = std::chrono::steady_clock;

// Envoy writes its stack before it ends, and can take so long.
constexpr std::chrono::seconds kDyingTime{10};
// How long to wait whether an Envoy that broke a connection off has ended.
constexpr std::chrono::milliseconds kBreakingTime{200};

// The upstream of one exchange.
class Upstream : public RequestHandler {
 public:
  Upstream(host::CalloutReply reply, std::shared_ptr<EnvoyPacer> pacer)
      : reply_(std::move(reply)), pacer_(std::move(pacer)) {}

  size_t arrive(host::Received request) override {
    requests_.push_back(std::move(request));
    return requests_.size() - 1;
  }
  host::CalloutReply complete(size_t number, host::Received request) override {
    requests_[number] = std::move(request);
    return reply_;
  }
  // The upstream may still be waiting for its pacer after the client has received everything, so both share ownership.
  Pace pace() const override {
    return [pacer = pacer_](size_t bytes) { return pacer->written(bytes); };
  }

  // The requests, or the part of each that has arrived.
  const std::vector<host::Received>& requests() const { return requests_; }

 private:
  host::CalloutReply reply_;
  std::shared_ptr<EnvoyPacer> pacer_;
  std::vector<host::Received> requests_;
};

// Plays the exchanges of one scenario on one Envoy.
class Session {
 public:
  Session(const std::filesystem::path& envoy, const Scenario& scenario)
      : scenario_(scenario),
        services_(scenario),
        upstream_(io_, std::make_shared<Upstream>(host::CalloutReply(), nullptr)),
        tcpUpstream_(io_),
        serviceServers_(io_, scenario, services_),
        certificates_(certificatesFor(scenario)),
        envoy_(envoy, envoyConfig(scenario, upstreamPort(), serviceServers_.ports(), certificates_),
               scenario.logLevel) {
    if (runsTogether(scenario)) upstream_.expectClientPorts();
  }

  void play(Outcome& outcome) {
    std::exception_ptr failure;
    bool over = false;
    asio::co_spawn(io_, playAll(outcome), [&](std::exception_ptr error) {
      failure = error;
      over = true;
    });
    while (!over) io_.run_one();
    // What does not answer is probably about to end.
    if (failure && admin_) envoy_.wait(kDyingTime);
    const auto how = envoy_.terminate();
    io_.poll();  // Read what Envoy sent to the upstream before it ended.
    const auto entries = envoy_.log();
    outcome.log = filterLog(entries, scenario_.filters);
    std::erase_if(outcome.log, [this](const host::LogLine& line) { return line.level < scenario_.logLevel; });
    outcome.traps = trapsIn(entries);
    outcome.hostLog = hostLog(entries);
    outcome.calls = services_.calls();
    outcome.grpcCalls = services_.grpcCalls();
    if (how && admin_) outcome.died = HostEnd{*how, exchange_};
    if (failure && !outcome.died) std::rethrow_exception(failure);
    envoy_.checkLog();
  }

 private:
  uint16_t upstreamPort() const { return scenario_.connections.empty() ? upstream_.port() : tcpUpstream_.port(); }

  // Returns false if the filter refused its configuration.
  asio::awaitable<bool> start() {
    const auto started = co_await waitForStart(io_, envoy_);
    if (!started) co_return false;
    admin_ = started->admin;
    listenerPort_ = started->listenerPort;
    if (scenario_.client.tls) openTunnel();
    co_return true;
  }

  // From here on, what goes to the listener goes through TLS.
  void openTunnel() {
    tunnel_.emplace(io_, listenerPort_,
                    TlsTunnel::Options{.tls = *scenario_.client.tls,
                                       .certificate = certificates_.client,
                                       .alpn = scenario_.client.http == 2 ? "h2" : ""});
    listenerPort_ = tunnel_->port();
  }

  static TlsCertificates certificatesFor(const Scenario& scenario) {
    if (!scenario.client.tls) return {};
    return {.proxy = makeCertificate(kProxyNames),
            .client = scenario.client.tls->certificate ? makeCertificate(kClientNames) : Certificate{}};
  }

  asio::awaitable<void> playAll(Outcome& outcome) {
    if (!co_await start()) {
      outcome.refused = true;
      co_return;
    }
    const auto& exchanges = scenario_.exchanges;
    for (size_t i = 0; i < exchanges.size();) {
      co_await pass(io_, exchanges[i].waitBefore);
      begin(i);
      const size_t end = co_await playTogether(i, outcome);
      co_await waitUntil(io_, [&] { return hasEnded() || services_.haveReceived(exchanges[i].calls, i); });
      const bool allComplete =
          std::all_of(outcome.exchanges.begin() + static_cast<ptrdiff_t>(i), outcome.exchanges.end(),
                      [](const ExchangeOutcome& played) { return played.exchange.response.complete; });
      if (!allComplete) co_await waitUntil(io_, [&] { return hasEnded(); }, kBreakingTime);
      if (hasEnded()) co_return;
      i = end;
    }
    for (size_t i = 0; i < scenario_.connections.size(); ++i) {
      const ScriptedConnection& connection = scenario_.connections[i];
      co_await pass(io_, connection.waitBefore);
      begin(i);
      outcome.connections.push_back(co_await playConnection(io_, *admin_, listenerPort_, tcpUpstream_, connection));
      co_await waitUntil(io_, [&] { return hasEnded() || services_.haveReceived(connection.calls, i); });
      if (hasEnded()) co_return;
    }
    co_await pass(io_, scenario_.waitAtEnd);
    co_await waitUntil(io_, [&] { return hasEnded() || services_.haveReceived(scenario_.calls, std::nullopt); });
    if (!hasEnded()) co_await readMetrics(outcome);
  }

  void begin(size_t index) {
    exchange_ = index;
    services_.beginExchange(index);
  }

  bool hasEnded() { return envoy_.ended().has_value(); }

  // Reads the metrics, again and again until they are as expected or the settling time is over.
  asio::awaitable<void> readMetrics(Outcome& outcome) {
    const auto giveUp = Clock::now() + kSettlingTime;
    const auto areAsExpected = [&] {
      return std::all_of(scenario_.metrics.begin(), scenario_.metrics.end(),
                         [&](const auto& expectation) { return expectation.accepts(outcome.metrics); });
    };
    outcome.metrics = co_await admin_->metrics();
    while (!areAsExpected() && Clock::now() < giveUp) {
      co_await pass(io_, std::chrono::milliseconds(50));
      outcome.metrics = co_await admin_->metrics();
    }
  }

  // Plays the exchange `first` and those that run together with it. Returns the index behind the last.
  asio::awaitable<size_t> playTogether(size_t first, Outcome& outcome) {
    const auto& exchanges = scenario_.exchanges;
    size_t end = first + 1;
    while (end < exchanges.size() && exchanges[end].together) ++end;
    if (end == first + 1) {
      outcome.exchanges.push_back(co_await playExchange(exchanges[first]));
      co_return end;
    }
    std::vector<ExchangeOutcome> played(end - first);
    size_t running = played.size();
    std::exception_ptr failure;
    for (size_t i = first; i < end; ++i) {
      asio::co_spawn(io_, playExchange(exchanges[i]), [&, i](std::exception_ptr error, ExchangeOutcome result) {
        played[i - first] = std::move(result);
        if (error) failure = error;
        --running;
      });
    }
    while (running > 0) co_await pass(io_, std::chrono::milliseconds(1));
    if (failure) std::rethrow_exception(failure);
    std::move(played.begin(), played.end(), std::back_inserter(outcome.exchanges));
    co_return end;
  }

  // Gives the requests that the upstream gets from this client to `upstream`.
  asio::awaitable<void> expectRequests(const tcp::socket& client, std::shared_ptr<Upstream> upstream) {
    if (!runsTogether(scenario_)) {
      upstream_.handle(std::move(upstream));
      co_return;
    }
    uint16_t port = client.local_endpoint().port();
    if (tunnel_) {
      co_await waitUntil(io_, [&] { return tunnel_->onwardPort(port) != 0; });
      port = tunnel_->onwardPort(port);
    }
    upstream_.handle(port, std::move(upstream));
  }

  asio::awaitable<ExchangeOutcome> playExchange(const ScriptedExchange& exchange) {
    const auto downstreamPacer = std::make_shared<EnvoyPacer>(*admin_, "http.ingress.downstream_");
    const auto upstreamPacer = std::make_shared<EnvoyPacer>(*admin_, "cluster.upstream.upstream_");
    co_await downstreamPacer->begin();
    co_await upstreamPacer->begin();
    const auto upstream = std::make_shared<Upstream>(exchange.upstreamReply, upstreamPacer);
    ExchangeOutcome outcome;
    const auto stream = std::make_shared<boost::beast::tcp_stream>(io_);
    try {
      stream->expires_after(kSafetyTimeout);
      co_await stream->async_connect(loopback(listenerPort_), use_awaitable);
      co_await expectRequests(stream->socket(), upstream);
    } catch (const boost::system::system_error& error) {
      outcome.error = error.code().message();
      co_return outcome;
    }
    asio::steady_timer patience(io_);
    if (exchange.clientGivesUp) {
      patience.expires_after(*exchange.clientGivesUp);
      patience.async_wait([stream](const boost::system::error_code& cancelled) {
        if (!cancelled) stream->close();
      });
    }
    // The response may come before the request is complete, so both directions run concurrently.
    bool written = false;
    asio::steady_timer writerEnded(io_, asio::steady_timer::time_point::max());
    const Pace pace = [downstreamPacer](size_t bytes) { return downstreamPacer->written(bytes); };
    Http2Client http2(*stream, scenario_.client.tls ? "https" : "http");
    const bool isHttp2 = scenario_.client.http == 2;
    auto writer = isHttp2 ? http2.writeRequest(exchange.request, pace) : writeRequest(*stream, exchange.request, pace);
    asio::co_spawn(io_, std::move(writer), [&](std::exception_ptr) {
      written = true;  // An incomplete request shows in what the two ends received.
      writerEnded.cancel();
    });
    try {
      boost::beast::flat_buffer buffer;
      const bool isHead = exchange.request.header(":method") == "HEAD";
      outcome.exchange.response =
          isHttp2 ? co_await http2.readResponse() : co_await readResponse(*stream, buffer, isHead);
    } catch (const boost::system::system_error& error) {
      const bool gaveUp = error.code() == asio::error::operation_aborted;
      outcome.error = gaveUp ? "the client gave up" : error.code().message();
    }
    downstreamPacer->end();
    upstreamPacer->end();
    patience.cancel();
    stream->close();
    if (!written) {
      boost::system::error_code cancelled;
      co_await writerEnded.async_wait(asio::redirect_error(use_awaitable, cancelled));
    }
    const auto& requests = upstream->requests();
    if (!requests.empty()) outcome.exchange.request = requests.front();
    outcome.exchange.request.arrivals = static_cast<unsigned>(requests.size());
    co_return outcome;
  }

  const Scenario& scenario_;
  PlayedServices services_;
  asio::io_context io_;
  HttpServer upstream_;
  TcpServer tcpUpstream_;
  ServiceServers serviceServers_;
  TlsCertificates certificates_;
  EnvoyProcess envoy_;
  std::optional<TlsTunnel> tunnel_;
  std::optional<EnvoyAdmin> admin_;
  uint16_t listenerPort_ = 0;
  std::optional<size_t> exchange_;  // The latest exchange or connection.
};

}  // namespace

Outcome EnvoyPlayer::play(const Scenario& scenario) {
  for (const auto& filter : scenario.filters) {
    if (!std::filesystem::is_regular_file(filter.file)) throw PlayerError(filter.file.string() + ": no such file");
    if (filter.file.extension() == ".so") {
      throw PlayerError(filter.file.string() + ": Envoy runs WebAssembly modules, not the native builds of filters");
    }
  }
  Outcome outcome;
  outcome.host = "Envoy " + envoyVersion(envoy_);
  outcome.notes = onlyOnMock(scenario);
  Session(envoy_, scenario).play(outcome);
  return outcome;
}

}  // namespace sluice::scenario
