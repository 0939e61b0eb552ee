#include "scenario/outcome.h"

namespace sluice::scenario {
namespace {

std::string listed(const std::vector<std::string>& values) {
  if (values.empty()) return "no such header";
  std::string result;
  for (const auto& value : values) result += (result.empty() ? "" : ", ") + quote(value);
  return result;
}

bool holds(const HeaderExpectation& expectation, const std::vector<std::string>& values) {
  switch (expectation.kind) {
    case HeaderExpectation::Kind::kAbsent:
      return values.empty();
    case HeaderExpectation::Kind::kPresent:
      return !values.empty();
    case HeaderExpectation::Kind::kValues:
      break;
  }
  if (values.size() != expectation.values.size()) return false;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!expectation.values[i].accepts(values[i])) return false;
  }
  return true;
}

std::string describe(const HeaderExpectation& expectation) {
  switch (expectation.kind) {
    case HeaderExpectation::Kind::kAbsent:
      return "absent";
    case HeaderExpectation::Kind::kPresent:
      return "present";
    case HeaderExpectation::Kind::kValues:
      break;
  }
  std::string result;
  for (const auto& value : expectation.values) result += (result.empty() ? "" : ", ") + value.describe();
  return result;
}

// Collects failures of one exchange's ends.
class EndCheck {
 public:
  EndCheck(std::size_t exchange, std::string end, std::vector<Failure>& failures)
      : exchange_(exchange), end_(std::move(end)), failures_(failures) {}

  void fail(std::string expected, std::string got) {
    failures_.push_back({exchange_, end_, std::move(expected), std::move(got)});
  }

  void check(Exchange::End end, const MessageExpectation& expectation, const std::optional<Message>& message,
             const std::string& nothing) {
    if (end == Exchange::End::kUnchecked) return;
    if (end == Exchange::End::kNotReached) {
      if (message) fail(nothing, "a message: " + summary(*message));
      return;
    }
    if (!message) {
      fail("a message", nothing);
      return;
    }
    checkHeaders("header", expectation.headers, message->headers);
    if (expectation.body && !expectation.body->accepts(message->body())) {
      fail("body " + expectation.body->describe(), "body " + quote(message->body()));
    }
    checkHeaders("trailer", expectation.trailers, message->trailers);
  }

 private:
  static std::string summary(const Message& message) {
    std::string result;
    for (const auto& [name, value] : message.headers) {
      if (name.starts_with(':')) result += name + " " + quote(value) + " ";
    }
    return result + "body " + quote(message.body());
  }

  void checkHeaders(const std::string& kind, const std::vector<HeaderExpectation>& expectations,
                    const Headers& headers) {
    for (const auto& expectation : expectations) {
      const auto values = headerValues(headers, expectation.name);
      if (!holds(expectation, values)) {
        fail(kind + " " + expectation.name + ": " + describe(expectation),
             kind + " " + expectation.name + ": " + listed(values));
      }
    }
  }

  std::size_t exchange_;
  std::string end_;
  std::vector<Failure>& failures_;
};

// Expected lines must be found in order; a line that must be absent must stand nowhere.
void checkLog(const Scenario& scenario, const Outcome& outcome, std::vector<Failure>& failures) {
  std::size_t next = 0;
  for (const auto& expectation : scenario.log) {
    const auto find = [&](std::size_t from) {
      while (from < outcome.log.size() && !expectation.accepts(outcome.log[from].level, outcome.log[from].text)) ++from;
      return from;
    };
    if (expectation.absent) {
      const std::size_t found = find(0);
      if (found < outcome.log.size()) {
        failures.push_back({std::nullopt, "log", "absent: " + expectation.describe(), quote(outcome.log[found].text)});
      }
      continue;
    }
    const std::size_t found = find(next);
    if (found < outcome.log.size()) {
      next = found + 1;
      continue;
    }
    const bool outOfOrder = find(0) < outcome.log.size();
    failures.push_back(
        {std::nullopt, "log", expectation.describe(),
         outOfOrder ? "such a line, but before the one that the scenario lists before it" : "no such line"});
  }
}

}  // namespace

std::vector<Failure> check(const Scenario& scenario, const Outcome& outcome) {
  std::vector<Failure> failures;
  if (scenario.refused != outcome.refused) {
    const auto word = [](bool refused) { return refused ? "refused" : "accepted"; };
    failures.push_back({std::nullopt, "configuration", word(scenario.refused), word(outcome.refused)});
  }
  for (std::size_t i = 0; i < scenario.exchanges.size() && i < outcome.exchanges.size(); ++i) {
    const Exchange& exchange = scenario.exchanges[i];
    const ExchangeOutcome& got = outcome.exchanges[i];
    EndCheck(i, "upstream", failures)
        .check(exchange.upstream, exchange.upstreamExpectation, got.upstream, "not reached");
    EndCheck(i, "client", failures)
        .check(exchange.client, exchange.clientExpectation, got.client,
               got.error.empty() ? "no response" : "no response (" + got.error + ")");
    if (got.upstreamRequests > 1) {
      EndCheck(i, "upstream", failures).fail("one request", std::to_string(got.upstreamRequests) + " requests");
    }
  }
  checkLog(scenario, outcome, failures);
  return failures;
}

}  // namespace sluice::scenario
