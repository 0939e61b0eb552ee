#include "players/envoy_player.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/address_v4.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>
#include <chrono>

#include "players/envoy_admin.h"
#include "players/envoy_config.h"
#include "players/envoy_log.h"
#include "players/envoy_pacer.h"
#include "players/envoy_process.h"
#include "players/http_wire.h"
#include "players/upstream_server.h"

namespace sluice::scenario {
namespace {

namespace asio = boost::asio;
using asio::use_awaitable;
using asio::ip::tcp;
using Clock = std::chrono::steady_clock;

std::string hostLog(const std::vector<EnvoyLogEntry>& entries) {
  std::string text;
  for (const auto& entry : entries) text += "[" + entry.level + "][" + entry.component + "] " + entry.text + "\n";
  return text;
}

bool says(const std::vector<EnvoyLogEntry>& entries, std::string_view text) {
  for (const auto& entry : entries) {
    if (entry.component == "wasm" && entry.text.find(text) != std::string::npos) return true;
  }
  return false;
}

// Whether Envoy ended because the filter returned false from proxy_on_vm_start or proxy_on_configure.
bool refusedByFilter(const std::vector<EnvoyLogEntry>& entries) {
  return says(entries, "Failed to configure base Wasm plugin") || says(entries, "Failed to start base Wasm");
}

// Lets the exchanges of one scenario go through one Envoy.
class Session {
 public:
  Session(const std::filesystem::path& envoy, const Scenario& scenario, const std::filesystem::path& filter)
      : scenario_(scenario),
        upstream_(io_),
        envoy_(envoy, envoyConfig(scenario.plugin, filter, upstream_.port()), scenario.plugin.logLevel) {}

  void play(Outcome& outcome) {
    std::exception_ptr failure;
    bool over = false;
    asio::co_spawn(io_, playAll(outcome), [&](std::exception_ptr error) {
      failure = error;
      over = true;
    });
    while (!over) io_.run_one();
    envoy_.terminate();
    io_.poll();  // What Envoy sent to the upstream in its last moments.
    const auto entries = envoy_.log();
    outcome.log = filterLog(entries, scenario_.plugin);
    outcome.hostLog = hostLog(entries);
    if (failure) std::rethrow_exception(failure);
  }

 private:
  // Waits until Envoy takes requests; false if the filter refused its configuration.
  asio::awaitable<bool> start() {
    asio::steady_timer timer(io_);
    const auto giveUp = Clock::now() + kSafetyTimeout;
    while (Clock::now() < giveUp) {
      if (const auto how = envoy_.ended()) {
        if (refusedByFilter(envoy_.log())) co_return false;
        throw PlayerError("Envoy ended with " + *how + " before it took requests. It says:\n" + hostLog(envoy_.log()));
      }
      const auto port = envoy_.adminPort();
      if (port) {
        EnvoyAdmin admin(io_, *port);
        if (co_await isReady(admin)) {
          admin_ = admin;
          listenerPort_ = co_await admin_->listenerPort("ingress");
          co_return true;
        }
      }
      timer.expires_after(std::chrono::milliseconds(10));
      co_await timer.async_wait(use_awaitable);
    }
    throw PlayerError("Envoy does not get ready. It says:\n" + hostLog(envoy_.log()));
  }

  static asio::awaitable<bool> isReady(EnvoyAdmin& admin) {
    try {
      co_return co_await admin.ready();
    } catch (const PlayerError&) {
      co_return false;  // Envoy has ended, which start() will see.
    }
  }

  asio::awaitable<void> playAll(Outcome& outcome) {
    if (!co_await start()) {
      outcome.refused = true;
      co_return;
    }
    for (const auto& exchange : scenario_.exchanges) {
      outcome.exchanges.push_back(co_await playExchange(exchange));
      if (const auto how = envoy_.ended()) {
        throw PlayerError("Envoy ended with " + *how + " during '" + exchange.name + "'. It says:\n" +
                          hostLog(envoy_.log()));
      }
    }
  }

  asio::awaitable<ExchangeOutcome> playExchange(const Exchange& exchange) {
    // The upstream may still be waiting for its pacer when the client has long got everything: each has a share in it.
    const auto downstreamPacer = std::make_shared<EnvoyPacer>(*admin_, "http.ingress.downstream_");
    const auto upstreamPacer = std::make_shared<EnvoyPacer>(*admin_, "cluster.upstream.upstream_");
    co_await downstreamPacer->begin();
    co_await upstreamPacer->begin();
    upstream_.serve(exchange.upstreamResets ? std::nullopt : std::optional(exchange.response),
                    [upstreamPacer](std::size_t bytes) { return upstreamPacer->written(bytes); });
    ExchangeOutcome outcome;
    boost::beast::tcp_stream stream(io_);
    try {
      stream.expires_after(kSafetyTimeout);
      const tcp::endpoint endpoint(asio::ip::address_v4::loopback(), listenerPort_);
      co_await stream.async_connect(endpoint, use_awaitable);
    } catch (const boost::system::system_error& error) {
      outcome.error = error.code().message();
      co_return outcome;
    }
    // The response may come before the request is complete, so both directions run at once.
    bool written = false;
    asio::steady_timer writerEnded(io_, asio::steady_timer::time_point::max());
    const Pace pace = [downstreamPacer](std::size_t bytes) { return downstreamPacer->written(bytes); };
    asio::co_spawn(io_, writeRequest(stream, exchange.request, pace), [&](std::exception_ptr) {
      written = true;  // A request that cannot be completed shows in what the two ends received.
      writerEnded.cancel();
    });
    try {
      boost::beast::flat_buffer buffer;
      const bool isHead = headerValues(exchange.request.headers, ":method").front() == "HEAD";
      outcome.client = co_await readResponse(stream, buffer, isHead);
    } catch (const boost::system::system_error& error) {
      outcome.error = error.code().message();
    }
    downstreamPacer->end();
    upstreamPacer->end();
    stream.close();
    if (!written) {
      boost::system::error_code cancelled;
      co_await writerEnded.async_wait(asio::redirect_error(use_awaitable, cancelled));
    }
    const auto& requests = upstream_.requests();
    if (!requests.empty()) outcome.upstream = requests.front();
    outcome.upstreamRequests = requests.size();
    co_return outcome;
  }

  const Scenario& scenario_;
  asio::io_context io_;
  UpstreamServer upstream_;
  EnvoyProcess envoy_;
  std::optional<EnvoyAdmin> admin_;
  std::uint16_t listenerPort_ = 0;
};

}  // namespace

Outcome EnvoyPlayer::play(const Scenario& scenario, const std::filesystem::path& filter) {
  if (!std::filesystem::is_regular_file(filter)) throw PlayerError(filter.string() + ": no such file");
  Outcome outcome;
  outcome.host = "Envoy " + envoyVersion(envoy_);
  Session(envoy_, scenario, filter).play(outcome);
  return outcome;
}

}  // namespace sluice::scenario
