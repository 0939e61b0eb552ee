#include "players/envoy_cpu.h"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/system/system_error.hpp>
#include <chrono>
#include <exception>
#include <memory>
#include <optional>

#include "players/envoy_config.h"
#include "players/envoy_process.h"
#include "players/envoy_start.h"
#include "players/http_server.h"
#include "players/http_wire.h"
#include "players/loopback.h"
#include "players/played_services.h"
#include "players/player.h"
#include "players/service_servers.h"
#include "sluice/host/text.h"

namespace sluice::scenario {
namespace {

namespace asio = boost::asio;

// An upstream that answers every request as the exchange says that is played.
class Upstream : public RequestHandler {
 public:
  size_t arrive(host::Received) override { return 0; }
  host::CalloutReply complete(size_t, host::Received) override { return reply; }

  host::CalloutReply reply;
};

// Whether the client gets the whole response without waiting.
bool isMeasured(const ScriptedExchange& exchange) {
  const bool answersAtOnce =
      exchange.upstreamReply.kind == host::CalloutReply::Kind::Response && exchange.upstreamReply.delay.count() == 0;
  return answersAtOnce && !exchange.clientGivesUp;
}

Scenario withoutFilters(Scenario scenario) {
  scenario.filters.clear();
  return scenario;
}

// One of the two Envoys, and the connection to it.
class Subject {
 public:
  Subject(asio::io_context& io, const std::filesystem::path& envoy, const std::string& config)
      : io_(io), envoy_(envoy, config, LogLevel::Critical) {}

  asio::awaitable<void> start() {
    const auto started = co_await waitForStart(io_, envoy_);
    if (!started) throw PlayerError("a filter refuses its configuration; `sluice test` shows what it says");
    port_ = started->listenerPort;
  }

  asio::awaitable<void> send(const ScriptedExchange& exchange) {
    // Envoy may close a connection after any response, which shows only when the next request has been sent.
    bool isFresh = stream_ == nullptr;
    while (true) {
      try {
        if (stream_ == nullptr) co_await connect();
        co_await trySend(exchange);
        co_return;
      } catch (const boost::system::system_error& error) {
        stream_.reset();
        if (isFresh) throw PlayerError("Envoy does not answer '" + exchange.name + "': " + error.code().message());
        isFresh = true;
      }
    }
  }

  // The CPU time of Envoy since it started.
  [[nodiscard]] std::chrono::nanoseconds cpuTime() const { return envoy_.cpuTime(); }

 private:
  asio::awaitable<void> connect() {
    stream_ = std::make_unique<boost::beast::tcp_stream>(io_);
    buffer_.clear();
    stream_->expires_after(kSafetyTimeout);
    co_await stream_->async_connect(loopback(port_), asio::use_awaitable);
    stream_->socket().set_option(asio::ip::tcp::no_delay(true));
  }

  asio::awaitable<void> trySend(const ScriptedExchange& exchange) {
    co_await writeRequest(*stream_, exchange.request, unpaced);
    const bool isHead = exchange.request.header(":method") == "HEAD";
    const host::Received response = co_await readResponse(*stream_, buffer_, isHead);
    const auto connection = host::headerValue(response.headers, "connection");
    if (connection && host::lowerCase(*connection) == "close") stream_.reset();
  }

  asio::io_context& io_;
  EnvoyProcess envoy_;
  uint16_t port_ = 0;
  std::unique_ptr<boost::beast::tcp_stream> stream_;
  boost::beast::flat_buffer buffer_;
};

class Comparison {
 public:
  Comparison(const std::filesystem::path& envoy, const Scenario& scenario)
      : services_(scenario),
        upstream_(std::make_shared<Upstream>()),
        server_(io_, upstream_),
        serviceServers_(io_, scenario, services_),
        filtered_(io_, envoy, envoyConfig(scenario, server_.port(), serviceServers_.ports())),
        plain_(io_, envoy, envoyConfig(withoutFilters(scenario), server_.port(), serviceServers_.ports())) {
    for (const auto& exchange : scenario.exchanges) {
      if (isMeasured(exchange)) exchanges_.push_back(&exchange);
    }
    if (exchanges_.empty()) {
      throw PlayerError(scenario.file + ": --envoy needs an HTTP exchange that ends with a response at once");
    }
  }

  void run(size_t rounds, CpuComparison& result) {
    std::exception_ptr failure;
    bool over = false;
    asio::co_spawn(io_, measure(rounds, result), [&](std::exception_ptr error) {
      failure = error;
      over = true;
    });
    while (!over) io_.run_one();
    if (failure) std::rethrow_exception(failure);
  }

 private:
  asio::awaitable<void> measure(size_t rounds, CpuComparison& result) {
    co_await filtered_.start();
    co_await plain_.start();
    // The first requests make code and connections that later ones share.
    co_await cost(filtered_, result.requests);
    co_await cost(plain_, result.requests);
    for (size_t round = 0; round < rounds; ++round) {
      result.withFilters.push_back(co_await cost(filtered_, result.requests));
      result.without.push_back(co_await cost(plain_, result.requests));
    }
  }

  // Nanoseconds a request.
  asio::awaitable<double> cost(Subject& subject, size_t requests) {
    const auto before = subject.cpuTime();
    for (size_t i = 0; i < requests; ++i) {
      const ScriptedExchange& exchange = *exchanges_[i % exchanges_.size()];
      upstream_->reply = exchange.upstreamReply;
      co_await subject.send(exchange);
    }
    co_return static_cast<double>((subject.cpuTime() - before).count()) / static_cast<double>(requests);
  }

  asio::io_context io_;
  PlayedServices services_;
  std::shared_ptr<Upstream> upstream_;
  HttpServer server_;
  ServiceServers serviceServers_;
  Subject filtered_;
  Subject plain_;
  std::vector<const ScriptedExchange*> exchanges_;
};

}  // namespace

std::vector<double> CpuComparison::ratios() const {
  std::vector<double> result;
  for (size_t i = 0; i < withFilters.size(); ++i) result.push_back(withFilters[i] / without[i]);
  std::sort(result.begin(), result.end());
  return result;
}

double median(std::vector<double> values) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  const size_t middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

CpuComparison compareCpu(const std::filesystem::path& envoy, const Scenario& scenario, size_t rounds, size_t requests) {
  CpuComparison result;
  result.host = "Envoy " + envoyVersion(envoy);
  result.requests = requests;
  Comparison(envoy, scenario).run(rounds, result);
  return result;
}

}  // namespace sluice::scenario
