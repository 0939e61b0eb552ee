#include "players/mock_player.h"

#include <algorithm>
#include <optional>
#include <set>
#include <string>

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

// "GET /hello" of a request, "200" of a response.
std::string firstLine(const host::Message& message) {
  const auto status = host::headerValue(message.headers, ":status");
  return status ? *status : message.header(":method") + " " + message.header(":path");
}

// What the upstream does, in a few words.
std::string describe(const host::CalloutReply& reply) {
  using Kind = host::CalloutReply::Kind;
  switch (reply.kind) {
    case Kind::ConnectionFailure:
    case Kind::ConnectionTermination:
      return "breaks the connection off";
    case Kind::Never:
      return "does not answer";
    case Kind::Reset:
    case Kind::Response:
      break;
  }
  return firstLine(reply.response);
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
      plugins_.push_back(proxy_.load(filter.file, filter.options));
      outcome.refused = outcome.refused || !plugins_.back()->configured();
    }
    const host::CountsByCallback atStart = counts();
    outcome.startCost = costBetween({}, atStart);
    if (!outcome.refused) playExchanges(outcome);
    outcome.cost = costBetween(atStart, counts());
    outcome.metrics = proxy_.metrics();
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
      exchange_ = i;
      note(TraceEvent::Kind::Begins, scenario_.exchanges[i].name);
      outcome.exchanges.push_back(playExchange(scenario_.exchanges[i]));
    }
    for (size_t i = 0; i < scenario_.connections.size(); ++i) {
      proxy_.advance(scenario_.connections[i].waitBefore);
      services_.beginExchange(i);
      exchange_ = i;
      note(TraceEvent::Kind::Begins, scenario_.connections[i].name);
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
    note(TraceEvent::Kind::ToProxy, firstLine(exchange.request));
    sendRequest(*stream, exchange.request);
    passTime(deadline, [&] { return stream->received().complete || ended(); });
    if (stream->received().complete) note(TraceEvent::Kind::ToUpstream, firstLine(stream->received()));
    if (stream->received().complete && !ended())
      passTime(std::min(deadline, after(exchange.upstreamReply.delay)), ended);
    if (stream->received().complete && !ended() && proxy_.now() < deadline) {
      note(TraceEvent::Kind::FromUpstream, describe(exchange.upstreamReply));
      sendReply(*stream, exchange.upstreamReply, stream->received().header(":method") == "HEAD");
    }
    passTime(deadline, ended);
    const bool gaveUp = exchange.clientGivesUp && !ended();
    const bool wasReset = stream->answer().reset;
    const bool isOver = stream->closed();
    noteAnswer(stream->answer());
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

  // Adds the end of an exchange to the trace. A stream that is whole has closed itself by now, so the event comes
  // before the callbacks of its end.
  void noteAnswer(const host::Received& answer) {
    if (trace_ == nullptr) return;
    note(TraceEvent::Kind::ToClient, answer.started ? firstLine(answer) : "no response");
    const auto& crossings = proxy_.crossings();
    for (size_t at = trace_->range(exchange_).first; at < crossings.size(); ++at) {
      const auto& crossing = crossings[at];
      const bool isEnd =
          crossing.name == "proxy_on_log" || crossing.name == "proxy_on_done" || crossing.name == "proxy_on_delete";
      if (!isEnd || !crossing.stream) continue;
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
