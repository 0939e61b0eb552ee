#include <algorithm>

#include "scenario/message_check.h"
#include "scenario/outcome.h"
#include "sluice/host/text.h"

namespace sluice::scenario {
namespace {

// Collects the failures of a whole scenario.
class Check {
 public:
  Check(const Scenario& scenario, const Outcome& outcome) : scenario_(scenario), outcome_(outcome) {}

  std::vector<Failure> run() {
    checkConfiguration();
    checkTraps();
    for (const auto& crash : outcome_.crashes) {
      fail(std::nullopt, "host", "no call that makes a real Envoy crash", crash, 0);
    }
    for (size_t i = 0; i < scenario_.exchanges.size() && i < outcome_.exchanges.size(); ++i) checkExchange(i);
    for (size_t i = 0; i < scenario_.connections.size() && i < outcome_.connections.size(); ++i) checkConnection(i);
    if (outcome_.died) {
      fail(std::nullopt, "host", outcome_.host + " runs until the scenario ends", describe(*outcome_.died), 0);
    } else {
      checkCalls(std::nullopt, scenario_.calls);
      checkLog();
      checkMetrics();
      checkSharedData();
      checkCallbackCounts();
    }
    return std::move(failures_);
  }

 private:
  using Place = std::optional<size_t>;  // The index of an exchange, or nothing for the whole scenario.

  // `line` is the line of the expectation, or 0.
  void fail(Place place, std::string end, std::string expected, std::string got, size_t line) {
    failures_.push_back({place, std::move(end), std::move(expected), std::move(got), line});
  }
  void fail(Place place, const std::string& end, const Mismatch& mismatch, size_t lineOfAll) {
    fail(place, end, mismatch.expected, mismatch.got, mismatch.line == 0 ? lineOfAll : mismatch.line);
  }

  [[nodiscard]] std::string describe(const HostEnd& end) const {
    std::string when = "before the first exchange";
    if (end.exchange) {
      const size_t index = *end.exchange;
      const auto& name =
          scenario_.exchanges.empty() ? scenario_.connections[index].name : scenario_.exchanges[index].name;
      when = "in or after '" + name + "'";
    }
    return "it ended with " + end.how + " " + when + "; --verbose shows its log";
  }

  void checkConfiguration() {
    const auto word = [](bool refused) { return refused ? "refused" : "accepted"; };
    if (scenario_.refused == outcome_.refused) return;
    fail(std::nullopt, "configuration", word(scenario_.refused), word(outcome_.refused), scenario_.configurationLine);
  }

  void checkTraps() {
    if (scenario_.traps == Traps::Expected && outcome_.traps.empty()) {
      fail(std::nullopt, "filter", "it traps", "no trap", scenario_.trapsLine);
    }
    if (scenario_.traps != Traps::None) return;
    for (const auto& trap : outcome_.traps) {
      fail(std::nullopt, "filter", "no trap; a scenario in which a filter traps says `expect: {traps: true}`", trap,
           scenario_.trapsLine);
    }
  }

  void checkExchange(size_t index) {
    const ScriptedExchange& exchange = scenario_.exchanges[index];
    const ExchangeOutcome& outcome = outcome_.exchanges[index];
    const host::Exchange& got = outcome.exchange;
    checkEnd(index, "upstream", exchange.upstream, exchange.upstreamExpectation,
             got.request.started ? &got.request : nullptr, "not reached");
    checkEnd(index, "client", exchange.client, exchange.clientExpectation,
             got.response.complete ? &got.response : nullptr,
             outcome.error.empty() ? "no response" : "no response (" + outcome.error + ")");
    if (got.request.arrivals > 1) {
      fail(index, "upstream", "one request", std::to_string(got.request.arrivals) + " requests", 0);
    }
    checkCalls(index, exchange.calls);
    checkCallbacks(index, exchange.callbacks, outcome.callbacks);
  }

  void checkConnection(size_t index) {
    const ScriptedConnection& connection = scenario_.connections[index];
    const ConnectionOutcome& got = outcome_.connections[index];
    if (!got.error.empty()) fail(index, "connection", "all steps can be played", got.error, 0);
    if (connection.upstream == Arrival::NotReached && got.upstream) {
      fail(index, "upstream", "not reached", "a connection, and " + host::quote(got.upstream->data()),
           connection.upstreamExpectation.line);
    }
    if (connection.upstream == Arrival::Reached) {
      if (got.upstream) {
        checkTcpEnd(index, "upstream", connection.upstreamExpectation, *got.upstream);
      } else {
        fail(index, "upstream", "a connection", "not reached", connection.upstreamExpectation.line);
      }
    }
    checkTcpEnd(index, "client", connection.clientExpectation, got.client);
    checkCalls(index, connection.calls);
    checkCallbacks(index, connection.callbacks, got.callbacks);
  }

  void checkTcpEnd(Place place, const std::string& name, const TcpExpectation& expectation,
                   const host::TcpReceived& got) {
    if (expectation.receives && !expectation.receives->accepts(got.data())) {
      fail(place, name, "bytes " + expectation.receives->describe(), "bytes " + host::quote(got.data()),
           expectation.receives->line());
    }
    const auto word = [](bool ended) { return ended ? "the connection ends" : "the connection stays open"; };
    if (expectation.ends && *expectation.ends != got.ended) {
      fail(place, name, word(*expectation.ends), word(got.ended), expectation.line);
    }
  }

  void checkEnd(Place place, const std::string& name, Arrival arrival, const MessageExpectation& expectation,
                const host::Message* message, const std::string& nothing) {
    if (arrival == Arrival::Unchecked) return;
    if (arrival == Arrival::NotReached) {
      if (message != nullptr) fail(place, name, nothing, "a message: " + summary(*message), expectation.line);
    } else if (message == nullptr) {
      fail(place, name, "a message", nothing, expectation.line);
    } else {
      for (const auto& mismatch : mismatches(expectation, *message)) fail(place, name, mismatch, expectation.line);
    }
  }

  void checkCalls(Place place, const ExpectedCalls& expected) {
    for (const auto& expectation : expected.services) {
      std::vector<const host::Message*> received;
      for (const auto& call : outcome_.calls) {
        if (call.cluster == expectation.service && (!place || call.exchange == place))
          received.push_back(&call.request);
      }
      checkReceived(place, expectation.service, "request", expectation.requests, std::move(received), expectation.line);
    }
    for (const auto& expectation : expected.grpcServices) {
      std::vector<const GrpcServiceCall*> received;
      for (const auto& call : outcome_.grpcCalls) {
        if (call.call.cluster == expectation.service && (!place || call.exchange == place)) received.push_back(&call);
      }
      checkReceived(place, expectation.service, "call", expectation.calls, std::move(received), expectation.line);
    }
  }

  // Concurrent calls arrive in any order: each expected call must match a different received call.
  template <class Expectation, class Received>
  void checkReceived(Place place, const std::string& service, const std::string& what,
                     const std::vector<Expectation>& expectations, std::vector<const Received*> received, size_t line) {
    std::vector<const Expectation*> unmet;
    for (const auto& expectation : expectations) {
      const auto found = std::find_if(received.begin(), received.end(), [&](const Received* candidate) {
        return mismatches(expectation, *candidate).empty();
      });
      if (found == received.end()) {
        unmet.push_back(&expectation);
      } else {
        received.erase(found);
      }
    }
    const std::string end = "service " + service;
    const size_t pairs = std::min(unmet.size(), received.size());
    for (size_t i = 0; i < pairs; ++i) {
      for (const auto& mismatch : mismatches(*unmet[i], *received[i])) fail(place, end, mismatch, unmet[i]->line);
    }
    for (size_t i = pairs; i < unmet.size(); ++i) fail(place, end, "a " + what, "none", unmet[i]->line);
    for (size_t i = pairs; i < received.size(); ++i) {
      fail(place, end, expectations.empty() ? "not called" : "no further " + what, summary(*received[i]), line);
    }
  }

  // The expected lines must occur in order; a line that must be absent must not occur anywhere.
  void checkLog() {
    size_t next = 0;
    for (const auto& expectation : scenario_.log) {
      const auto find = [&](size_t from) {
        while (from < outcome_.log.size() && !expectation.accepts(outcome_.log[from])) ++from;
        return from;
      };
      if (expectation.absent) {
        const size_t found = find(0);
        if (found < outcome_.log.size()) {
          fail(std::nullopt, "log", "absent: " + expectation.describe(), host::quote(outcome_.log[found].text),
               expectation.line);
        }
        continue;
      }
      const size_t found = find(next);
      if (found < outcome_.log.size()) {
        next = found + 1;
        continue;
      }
      const bool outOfOrder = find(0) < outcome_.log.size();
      fail(std::nullopt, "log", expectation.describe(),
           outOfOrder ? "such a line, but before the one that the scenario lists before it" : "no such line",
           expectation.line);
    }
  }

  void checkMetrics() {
    for (const auto& expectation : scenario_.metrics) {
      if (expectation.accepts(outcome_.metrics)) continue;
      const host::Metric* metric = host::findMetric(outcome_.metrics, expectation.name, expectation.tags);
      fail(std::nullopt, "metric " + host::describeMetricName(expectation.name, expectation.tags),
           expectation.describe(),
           metric != nullptr ? scenario::describe(*metric) : "absent; there are: " + metricNames(), expectation.line);
    }
  }

  void checkCallbacks(size_t index, const std::vector<CallbackExpectation>& expected,
                      const std::optional<std::vector<CallbackCall>>& got) {
    if (!got) return;  // onlyOnMock() says so.
    for (const auto& expectation : expected) {
      const auto actions = actionsOf(*got, expectation.name);
      if (expectation.accepts(actions)) continue;
      fail(index, "callback " + expectation.name, expectation.describe(), describeActions(actions), expectation.line);
    }
  }

  void checkCallbackCounts() {
    if (!outcome_.countsCallbacks) return;
    for (const auto& expectation : scenario_.callbacks) {
      const auto cost = outcome_.cost.find("proxy_" + expectation.name);
      const std::vector<std::string> calls(cost == outcome_.cost.end() ? 0 : cost->second.calls);
      if (expectation.accepts(calls)) continue;
      fail(std::nullopt, "callback " + expectation.name, expectation.describe(), describeActions(calls),
           expectation.line);
    }
  }

  void checkSharedData() {
    if (!outcome_.sharedData) return;
    for (const auto& expectation : scenario_.sharedData) {
      const auto value = outcome_.sharedData->find(expectation.key);
      const bool exists = value != outcome_.sharedData->end();
      if (exists ? expectation.value && expectation.value->accepts(value->second) : !expectation.value) continue;
      fail(std::nullopt, "shared data " + host::quote(expectation.key),
           expectation.value ? expectation.value->describe() : "absent",
           exists ? host::quote(value->second) : "no such key", expectation.line);
    }
  }

  // The names of all metrics for a message.
  [[nodiscard]] std::string metricNames() const {
    constexpr size_t kShown = 20;
    if (outcome_.metrics.empty()) return "none";
    std::string names;
    size_t count = 0;
    for (const auto& [name, metric] : outcome_.metrics) {
      if (++count > kShown) return names + " and " + std::to_string(outcome_.metrics.size() - kShown) + " more";
      names += (names.empty() ? "" : ", ") + host::describeMetricName(name);
    }
    return names;
  }

  const Scenario& scenario_;
  const Outcome& outcome_;
  std::vector<Failure> failures_;
};

}  // namespace

std::vector<Failure> check(const Scenario& scenario, const Outcome& outcome) { return Check(scenario, outcome).run(); }

}  // namespace sluice::scenario
