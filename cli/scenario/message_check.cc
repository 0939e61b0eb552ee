#include "scenario/message_check.h"

#include <algorithm>

#include "sluice/host/text.h"

namespace sluice::scenario {
namespace {

std::string listed(const std::vector<std::string>& values) {
  if (values.empty()) return "no such header";
  std::string result;
  for (const auto& value : values) result += (result.empty() ? "" : ", ") + host::quote(value);
  return result;
}

bool holds(const HeaderExpectation& expectation, const std::vector<std::string>& values) {
  switch (expectation.kind) {
    case HeaderExpectation::Kind::Absent:
      return values.empty();
    case HeaderExpectation::Kind::Present:
      return !values.empty();
    case HeaderExpectation::Kind::Values:
      break;
  }
  if (values.size() != expectation.values.size()) return false;
  for (size_t i = 0; i < values.size(); ++i) {
    if (!expectation.values[i].accepts(values[i])) return false;
  }
  return true;
}

std::string describe(const HeaderExpectation& expectation) {
  switch (expectation.kind) {
    case HeaderExpectation::Kind::Absent:
      return "absent";
    case HeaderExpectation::Kind::Present:
      return "present";
    case HeaderExpectation::Kind::Values:
      break;
  }
  std::string result;
  for (const auto& value : expectation.values) result += (result.empty() ? "" : ", ") + value.describe();
  return result;
}

void checkHeaders(const std::string& kind, const std::vector<HeaderExpectation>& expectations,
                  const host::Headers& headers, std::vector<Mismatch>& found) {
  for (const auto& expectation : expectations) {
    const auto values = host::headerValues(headers, expectation.name);
    if (holds(expectation, values)) continue;
    found.push_back({kind + " " + expectation.name + ": " + describe(expectation),
                     kind + " " + expectation.name + ": " + listed(values), expectation.line});
  }
}

void checkCall(const std::optional<TextMatcher>& method, const std::vector<HeaderExpectation>& metadata,
               const host::GrpcCall& call, std::vector<Mismatch>& found) {
  if (method && !method->accepts(call.fullMethod())) {
    found.push_back({"method " + method->describe(), "method " + host::quote(call.fullMethod()), method->line()});
  }
  checkHeaders("metadata", metadata, call.metadata, found);
}

void checkMessages(const GrpcCallExpectation& expectation, const std::vector<std::string>& messages,
                   std::vector<Mismatch>& found) {
  const auto described = [](size_t count) { return std::to_string(count) + (count == 1 ? " message" : " messages"); };
  const size_t expected =
      expectation.messages ? expectation.messages->size() : expectation.count.value_or(messages.size());
  if (expected != messages.size()) {
    found.push_back({described(expected), described(messages.size()), expectation.line});
  }
  for (size_t i = 0; expectation.messages && i < std::min(expected, messages.size()); ++i) {
    const TextMatcher& matcher = (*expectation.messages)[i];
    if (matcher.accepts(messages[i])) continue;
    const std::string name = "message " + std::to_string(i + 1) + " ";
    found.push_back({name + matcher.describe(), name + host::quote(messages[i]), matcher.line()});
  }
}

}  // namespace

std::vector<Mismatch> mismatches(const MessageExpectation& expectation, const host::Message& message) {
  std::vector<Mismatch> found;
  checkHeaders("header", expectation.headers, message.headers, found);
  if (expectation.body && !expectation.body->accepts(message.body())) {
    found.push_back(
        {"body " + expectation.body->describe(), "body " + host::quote(message.body()), expectation.body->line()});
  }
  checkHeaders("trailer", expectation.trailers, message.trailers, found);
  return found;
}

std::vector<Mismatch> mismatches(const GrpcCallExpectation& expectation, const GrpcServiceCall& received) {
  std::vector<Mismatch> found;
  checkCall(expectation.method, expectation.metadata, received.call, found);
  checkMessages(expectation, received.messages, found);
  if (expectation.canceled && *expectation.canceled != received.canceled) {
    const auto word = [](bool canceled) { return canceled ? "cancelled" : "not cancelled"; };
    found.push_back({word(*expectation.canceled), word(received.canceled), expectation.line});
  }
  return found;
}

bool applies(const GrpcRule& rule, const host::GrpcCall& call) {
  std::vector<Mismatch> found;
  checkCall(rule.method, rule.metadata, call, found);
  return found.empty();
}

std::string summary(const GrpcServiceCall& received) {
  std::string result = received.call.fullMethod();
  for (const auto& message : received.messages) result += " " + host::quote(message);
  return result;
}

std::string summary(const host::Message& message) {
  std::string result;
  for (const auto& [name, value] : message.headers) {
    if (name.starts_with(':')) result += name + " " + host::quote(value) + " ";
  }
  return result + "body " + host::quote(message.body());
}

}  // namespace sluice::scenario
