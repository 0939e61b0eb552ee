#include "players/mock_player.h"

#include <algorithm>
#include <optional>
#include <set>
#include <string>

#include "players/mock_connection.h"
#include "players/mock_exchange.h"
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

// How many crossings one exchange may have if the scenario expects anything of callbacks.
constexpr size_t kMaxCrossings = 500'000;

bool expectsCallbacks(const Scenario& scenario) {
  const auto expects = [](const auto& played) { return !played.callbacks.empty(); };
  return std::any_of(scenario.exchanges.begin(), scenario.exchanges.end(), expects) ||
         std::any_of(scenario.connections.begin(), scenario.connections.end(), expects);
}

// Plays one scenario on one mock host.
class Session {
 public:
  Session(const Scenario& scenario, Trace* trace)
      : scenario_(scenario),
        trace_(trace),
        services_(scenario),
        proxy_(profile(scenario)),
        mockServices_(proxy_, scenario, services_) {
    proxy_.setLogLevel(scenario.logLevel);
    if (trace_ != nullptr) proxy_.recordCrossings();
    recordsCallbacks_ = expectsCallbacks(scenario);
  }
  ~Session() {
    if (trace_ == nullptr) return;
    trace_->crossings = proxy_.crossings();
    trace_->dropped = proxy_.droppedCrossings();
    trace_->functions = proxy_.instructionsByFunction();
  }
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  void play(Outcome& outcome) {
    for (const auto& filter : scenario_.filters) {
      for (const auto& [key, value] : filter.sharedData) proxy_.setSharedData(filter.options.vmId, key, value);
      plugins_.push_back(proxy_.load(filter.file, filter.options));
      outcome.refused = outcome.refused || !plugins_.back()->configured();
    }
    const host::CountsByCallback atStart = counts();
    outcome.startCost = costBetween({}, atStart);
    if (!outcome.refused) playExchanges(outcome);
    outcome.cost = costBetween(atStart, counts());
    outcome.countsCallbacks = true;
    outcome.metrics = proxy_.metrics();
    outcome.sharedData.emplace();
    for (const auto& expectation : scenario_.sharedData) {
      const auto value = proxy_.sharedData(scenario_.filters.front().options.vmId, expectation.key);
      if (value) outcome.sharedData->emplace(expectation.key, *value);
    }
    exchange_.reset();
    note(TraceEvent::Kind::Ends, "the proxy shuts down");
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

  void playExchanges(Outcome& outcome) {
    const auto& exchanges = scenario_.exchanges;
    for (size_t i = 0; i < exchanges.size();) {
      size_t end = i + 1;
      while (end < exchanges.size() && exchanges[end].together) ++end;
      proxy_.advance(exchanges[i].waitBefore);
      begin(i, exchanges[i].name);
      playTogether(i, end, outcome);
      i = end;
    }
    for (size_t i = 0; i < scenario_.connections.size(); ++i) {
      proxy_.advance(scenario_.connections[i].waitBefore);
      begin(i, scenario_.connections[i].name);
      outcome.connections.push_back(playConnection(proxy_, plugins_, scenario_.client, scenario_.connections[i]));
      outcome.connections.back().callbacks = callbacksOf(++streams_);
    }
    proxy_.advance(scenario_.waitAtEnd);
  }

  void begin(size_t index, const std::string& name) {
    services_.beginExchange(index);
    exchange_ = index;
    note(TraceEvent::Kind::Begins, name);
    if (recordsCallbacks_ && trace_ == nullptr) proxy_.recordCrossings(kMaxCrossings);
  }

  // Plays the exchanges from `first` to before `end` at the same time: a piece of each in turn.
  void playTogether(size_t first, size_t end, Outcome& outcome) {
    const host::CountsByCallback before = counts();
    std::vector<std::unique_ptr<MockExchange>> group;
    for (size_t i = first; i < end; ++i) {
      const uint64_t stream = streams_ + 1 + (i - first);
      group.push_back(std::make_unique<MockExchange>(proxy_, plugins_, scenario_.client, scenario_.exchanges[i],
                                                     [this, i, stream](TraceEvent::Kind kind, const std::string& text) {
                                                       exchange_ = i;
                                                       if (kind == TraceEvent::Kind::ToClient) {
                                                         noteAnswer(text, stream);
                                                       } else {
                                                         note(kind, text);
                                                       }
                                                     }));
    }
    while (moveOn(group)) {
    }
    for (const auto& exchange : group) {
      outcome.exchanges.push_back(exchange->outcome());
      outcome.exchanges.back().callbacks = callbacksOf(++streams_);
    }
    outcome.exchanges[first].cost = costBetween(before, counts());
  }

  // Sends what can be sent, and lets time pass to the next event. Returns false when all exchanges are over.
  bool moveOn(const std::vector<std::unique_ptr<MockExchange>>& group) {
    for (bool sent = true; sent;) {
      sent = false;
      for (const auto& exchange : group) sent = exchange->sendPiece() || sent;
    }
    proxy_.runPending();
    bool changed = false;
    bool isOver = true;
    uint64_t due = UINT64_MAX;
    for (const auto& exchange : group) {
      changed = exchange->update() || changed;
      if (exchange->isOver()) continue;
      isOver = false;
      due = std::min(due, exchange->due());
    }
    if (isOver || changed) return !isOver;
    const std::chrono::nanoseconds rest(due - proxy_.now());
    proxy_.advance(std::min(rest, proxy_.untilNext().value_or(rest)));
    return true;
  }

  // The callbacks of the host's stream `id`, if they are recorded.
  std::optional<std::vector<CallbackCall>> callbacksOf(uint64_t id) {
    if (!recordsCallbacks_) return std::nullopt;
    if (proxy_.droppedCrossings() > 0) {
      throw PlayerError("there are too many crossings between host and guest to see what callbacks return: more than " +
                        std::to_string(proxy_.crossings().size()));
    }
    constexpr std::string_view kPrefix = "proxy_";
    std::vector<CallbackCall> calls;
    for (const auto& crossing : proxy_.crossings()) {
      if (crossing.kind != host::Crossing::Kind::Callback || crossing.stream != id) continue;
      calls.push_back({crossing.name.substr(kPrefix.size()), {}});
      const auto& results = crossing.results;
      const bool hasAction = !results.empty() && results.front().kind == host::CrossingValue::Kind::Enumerator;
      if (hasAction) calls.back().action = results.front().bytes;
    }
    return calls;
  }

  // Adds the end of an exchange to the trace. A stream that is whole has closed itself by now, so the event comes
  // before the callbacks of its end.
  void noteAnswer(const std::string& text, uint64_t stream) {
    if (trace_ == nullptr) return;
    note(TraceEvent::Kind::ToClient, text);
    const auto& crossings = proxy_.crossings();
    for (size_t at = trace_->range(exchange_).first; at < crossings.size(); ++at) {
      const auto& crossing = crossings[at];
      const bool isEnd =
          crossing.name == "proxy_on_log" || crossing.name == "proxy_on_done" || crossing.name == "proxy_on_delete";
      if (!isEnd || crossing.stream != stream) continue;
      trace_->events.back().at = at;
      break;
    }
  }

  // Adds an event to the trace, if there is one.
  void note(TraceEvent::Kind kind, const std::string& text) {
    if (trace_ != nullptr) trace_->events.push_back({proxy_.crossings().size(), kind, text, exchange_});
  }

  const Scenario& scenario_;
  Trace* trace_;
  bool recordsCallbacks_ = false;
  uint64_t streams_ = 0;            // How many streams and connections there were: the host's id of the latest.
  std::optional<size_t> exchange_;  // The one that is played.
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
    Session(scenario, trace_).play(outcome);
  } catch (const host::Error& error) {
    throw PlayerError(error.what());
  }
  return outcome;
}

}  // namespace sluice::scenario
