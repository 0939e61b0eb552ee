#include <algorithm>

#include "scenario/message_check.h"
#include "scenario/outcome.h"

namespace sluice::scenario {
namespace {

// Collects the failures of a whole scenario.
class Check {
 public:
  Check(const Scenario& scenario, const Outcome& outcome) : scenario_(scenario), outcome_(outcome) {}

  std::vector<Failure> run() {
    checkConfiguration();
    for (std::size_t i = 0; i < scenario_.exchanges.size() && i < outcome_.exchanges.size(); ++i) checkExchange(i);
    for (std::size_t i = 0; i < scenario_.connections.size() && i < outcome_.connections.size(); ++i)
      checkConnection(i);
    checkServices(std::nullopt, scenario_.serviceExpectations, scenario_.grpcExpectations);
    checkLog();
    checkMetrics();
    return std::move(failures_);
  }

 private:
  using Place = std::optional<std::size_t>;  // An exchange, or the whole.

  void fail(Place place, std::string end, std::string expected, std::string got) {
    failures_.push_back({place, std::move(end), std::move(expected), std::move(got)});
  }

  void checkConfiguration() {
    const auto word = [](bool refused) { return refused ? "refused" : "accepted"; };
    if (scenario_.refused == outcome_.refused) return;
    fail(std::nullopt, "configuration", word(scenario_.refused), word(outcome_.refused));
  }

  void checkExchange(std::size_t index) {
    const Exchange& exchange = scenario_.exchanges[index];
    const ExchangeOutcome& got = outcome_.exchanges[index];
    checkEnd(index, "upstream", exchange.upstream, exchange.upstreamExpectation, got.upstream, "not reached");
    checkEnd(index, "client", exchange.client, exchange.clientExpectation, got.client,
             got.error.empty() ? "no response" : "no response (" + got.error + ")");
    if (got.upstreamRequests > 1) {
      fail(index, "upstream", "one request", std::to_string(got.upstreamRequests) + " requests");
    }
    checkServices(index, exchange.services, exchange.grpcServices);
  }

  void checkConnection(std::size_t index) {
    const Connection& connection = scenario_.connections[index];
    const ConnectionOutcome& got = outcome_.connections[index];
    if (!got.error.empty()) fail(index, "connection", "all steps can be played", got.error);
    if (connection.upstream == Exchange::End::kNotReached && got.upstream) {
      fail(index, "upstream", "not reached", "a connection, and " + quote(got.upstream->data));
    }
    if (connection.upstream == Exchange::End::kReached) {
      if (got.upstream) {
        checkTcpEnd(index, "upstream", connection.upstreamExpectation, *got.upstream);
      } else {
        fail(index, "upstream", "a connection", "not reached");
      }
    }
    checkTcpEnd(index, "client", connection.clientExpectation, got.client);
    checkServices(index, connection.services, connection.grpcServices);
  }

  void checkTcpEnd(Place place, const std::string& name, const TcpExpectation& expectation, const TcpReceived& got) {
    if (expectation.receives && !expectation.receives->accepts(got.data)) {
      fail(place, name, "bytes " + expectation.receives->describe(), "bytes " + quote(got.data));
    }
    const auto word = [](bool ended) { return ended ? "the connection ends" : "the connection stays open"; };
    if (expectation.ends && *expectation.ends != got.ended) fail(place, name, word(*expectation.ends), word(got.ended));
  }

  void checkEnd(Place place, const std::string& name, Exchange::End end, const MessageExpectation& expectation,
                const std::optional<Message>& message, const std::string& nothing) {
    if (end == Exchange::End::kUnchecked) return;
    if (end == Exchange::End::kNotReached) {
      if (message) fail(place, name, nothing, "a message: " + summary(*message));
    } else if (!message) {
      fail(place, name, "a message", nothing);
    } else {
      for (auto& [expected, got] : mismatches(expectation, *message)) fail(place, name, expected, got);
    }
  }

  void checkServices(Place place, const std::vector<ServiceExpectation>& services,
                     const std::vector<GrpcExpectation>& grpcServices) {
    for (const auto& expectation : services) {
      std::vector<const Message*> received;
      for (const auto& call : outcome_.calls) {
        if (call.service == expectation.service && (!place || call.exchange == place))
          received.push_back(&call.request);
      }
      checkReceived(place, expectation.service, "request", expectation.requests, std::move(received));
    }
    for (const auto& expectation : grpcServices) {
      std::vector<const GrpcCall*> received;
      for (const auto& call : outcome_.grpcCalls) {
        if (call.service == expectation.service && (!place || call.exchange == place)) received.push_back(&call);
      }
      checkReceived(place, expectation.service, "call", expectation.calls, std::move(received));
    }
  }

  // Calls that are made at once arrive in any order: each expected one has to find one of its own.
  template <class Expectation, class Received>
  void checkReceived(Place place, const std::string& service, const std::string& what,
                     const std::vector<Expectation>& expectations, std::vector<const Received*> received) {
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
    const std::size_t pairs = std::min(unmet.size(), received.size());
    for (std::size_t i = 0; i < pairs; ++i) {
      for (auto& [expected, got] : mismatches(*unmet[i], *received[i])) fail(place, end, expected, got);
    }
    for (std::size_t i = pairs; i < unmet.size(); ++i) fail(place, end, "a " + what, "none");
    for (std::size_t i = pairs; i < received.size(); ++i) {
      fail(place, end, expectations.empty() ? "not called" : "no further " + what, summary(*received[i]));
    }
  }

  // Expected lines must be found in order; a line that must be absent must stand nowhere.
  void checkLog() {
    std::size_t next = 0;
    for (const auto& expectation : scenario_.log) {
      const auto find = [&](std::size_t from) {
        while (from < outcome_.log.size() && !expectation.accepts(outcome_.log[from].level, outcome_.log[from].text)) {
          ++from;
        }
        return from;
      };
      if (expectation.absent) {
        const std::size_t found = find(0);
        if (found < outcome_.log.size()) {
          fail(std::nullopt, "log", "absent: " + expectation.describe(), quote(outcome_.log[found].text));
        }
        continue;
      }
      const std::size_t found = find(next);
      if (found < outcome_.log.size()) {
        next = found + 1;
        continue;
      }
      const bool outOfOrder = find(0) < outcome_.log.size();
      fail(std::nullopt, "log", expectation.describe(),
           outOfOrder ? "such a line, but before the one that the scenario lists before it" : "no such line");
    }
  }

  void checkMetrics() {
    for (const auto& expectation : scenario_.metrics) {
      const auto found = outcome_.metrics.find(expectation.name);
      const auto metric = found == outcome_.metrics.end() ? std::nullopt : std::optional(found->second);
      if (!expectation.accepts(metric)) {
        fail(std::nullopt, "metric " + expectation.name, expectation.describe(), describe(metric));
      }
    }
  }

  const Scenario& scenario_;
  const Outcome& outcome_;
  std::vector<Failure> failures_;
};

}  // namespace

std::vector<Failure> check(const Scenario& scenario, const Outcome& outcome) { return Check(scenario, outcome).run(); }

}  // namespace sluice::scenario
