#include "players/mock_player.h"

#include <algorithm>
#include <set>

#include "players/http_wire.h"
#include "players/mock_connection.h"
#include "players/mock_http.h"
#include "players/mock_services.h"
#include "players/played_services.h"
#include "sluice/host/host.h"

namespace sluice::scenario {
namespace {

// The difference between two readings of the counts, for the callbacks that ran.
host::CountsByCallback costBetween(const host::CountsByCallback& before, const host::CountsByCallback& after) {
  host::CountsByCallback costs;
  for (const auto& [callback, counts] : after) {
    const auto earlier = before.find(callback);
    const host::Counts difference = earlier == before.end() ? counts : counts - earlier->second;
    if (difference.calls + difference.crossings + difference.instructions > 0) costs.emplace(callback, difference);
  }
  return costs;
}

// Whether the client has the whole response, or gets no more of one. When the proxy has sent less than the response
// said, the client waits.
bool hasEnded(const host::HttpStream& stream) { return stream.answer().complete || stream.answer().reset; }

// The outcome of a request that no filter saw.
ExchangeOutcome refusedExchange(host::Message response) {
  ExchangeOutcome outcome;
  static_cast<host::Message&>(outcome.exchange.response) = std::move(response);
  outcome.exchange.response.started = true;
  outcome.exchange.response.complete = true;
  outcome.exchange.localResponse = true;
  outcome.exchange.closed = true;
  return outcome;
}

// Plays one scenario on one mock host.
class Session {
 public:
  explicit Session(const Scenario& scenario)
      : scenario_(scenario),
        services_(scenario),
        proxy_(profile(scenario)),
        mockServices_(proxy_, scenario, services_) {
    proxy_.setLogLevel(scenario.logLevel);
  }

  void play(Outcome& outcome) {
    for (const auto& filter : scenario_.filters) {
      plugins_.push_back(proxy_.load(filter.file, filter.options));
      outcome.refused = outcome.refused || !plugins_.back()->configured();
    }
    const host::CountsByCallback atStart = counts();
    outcome.startCost = costBetween({}, atStart);
    if (!outcome.refused) playExchanges(outcome);
    outcome.cost = costBetween(atStart, counts());
    outcome.metrics = proxy_.metrics();
    proxy_.shutdown();
    outcome.log = proxy_.logs();
    outcome.notes = proxy_.unknownClusters();
    for (const auto& error : proxy_.errors()) {
      auto& kind = error.kind() == host::ErrorKind::EnvoyCrash ? outcome.crashes : outcome.traps;
      kind.emplace_back(error.what());
      outcome.hostLog += std::string(error.what()) + "\n";
    }
    mockServices_.reportCanceled();
    outcome.calls = services_.calls();
    outcome.grpcCalls = services_.grpcCalls();
  }

 private:
  static host::Profile profile(const Scenario& scenario) {
    host::Profile profile = host::Profile::envoy();
    if (scenario.bufferLimit) profile.bufferLimit = *scenario.bufferLimit;
    for (const auto& filter : scenario.filters) {
      profile.allowOnHeadersStopIteration = profile.allowOnHeadersStopIteration || filter.allowOnHeadersStopIteration;
    }
    return profile;
  }

  // The cost of the filters' callbacks so far. A VM that filters share counts once.
  host::CountsByCallback counts() const {
    host::CountsByCallback sum;
    std::set<const host::CountsByCallback*> seen;
    for (const auto& plugin : plugins_) {
      if (!seen.insert(&plugin->countsByCallback()).second) continue;
      for (const auto& [callback, cost] : plugin->countsByCallback()) sum[callback] += cost;
    }
    return sum;
  }

  // Advances the clock from one due event to the next, until `done` or the `deadline`.
  template <class Done>
  void passTime(uint64_t deadline, const Done& done) {
    proxy_.runPending();
    while (!done() && proxy_.now() < deadline) {
      const std::chrono::nanoseconds rest(deadline - proxy_.now());
      proxy_.advance(std::min(rest, proxy_.untilNext().value_or(rest)));
    }
  }

  uint64_t after(std::chrono::nanoseconds time) const { return proxy_.now() + static_cast<uint64_t>(time.count()); }

  void playExchanges(Outcome& outcome) {
    for (size_t i = 0; i < scenario_.exchanges.size(); ++i) {
      proxy_.advance(scenario_.exchanges[i].waitBefore);
      services_.beginExchange(i);
      outcome.exchanges.push_back(playExchange(scenario_.exchanges[i]));
    }
    for (size_t i = 0; i < scenario_.connections.size(); ++i) {
      proxy_.advance(scenario_.connections[i].waitBefore);
      services_.beginExchange(i);
      outcome.connections.push_back(playConnection(proxy_, plugins_, scenario_.connections[i]));
    }
    proxy_.advance(scenario_.waitAtEnd);
  }

  ExchangeOutcome playExchange(const ScriptedExchange& exchange) {
    if (auto refusal = refusalOf(exchange.request)) {
      proxy_.openStream(plugins_)->close();  // Filters learn of it in on_log alone.
      return refusedExchange(std::move(*refusal));
    }
    const host::CountsByCallback before = counts();
    const uint64_t deadline = after(exchange.clientGivesUp.value_or(kSafetyTimeout));
    const auto stream = proxy_.openStream(plugins_);
    const auto ended = [&] { return hasEnded(*stream); };
    sendRequest(*stream, exchange.request);
    passTime(deadline, [&] { return stream->received().complete || ended(); });
    if (stream->received().complete && !ended())
      passTime(std::min(deadline, after(exchange.upstreamReply.delay)), ended);
    if (stream->received().complete && !ended() && proxy_.now() < deadline) {
      sendReply(*stream, exchange.upstreamReply, stream->received().header(":method") == "HEAD");
    }
    passTime(deadline, ended);
    const bool gaveUp = exchange.clientGivesUp && !ended();
    const bool wasReset = stream->answer().reset;
    const bool isOver = stream->closed();
    stream->close();
    proxy_.runPending();
    ExchangeOutcome outcome;
    outcome.exchange = stream->exchange();
    const host::Received& response = outcome.exchange.response;
    if (!response.complete) {
      outcome.error = gaveUp     ? "the client gave up"
                      : wasReset ? "the stream was reset"
                      : isOver   ? "the client waits for the rest of the response"
                                 : "the filter holds the stream back";
    }
    outcome.cost = costBetween(before, counts());
    return outcome;
  }

  const Scenario& scenario_;
  PlayedServices services_;
  host::Host proxy_;
  MockServices mockServices_;
  std::vector<std::shared_ptr<host::Plugin>> plugins_;
};

}  // namespace

Outcome MockPlayer::play(const Scenario& scenario) {
  Outcome outcome;
  outcome.host = "the mock host";
  try {
    Session(scenario).play(outcome);
  } catch (const host::Error& error) {
    throw PlayerError(error.what());
  }
  return outcome;
}

}  // namespace sluice::scenario
