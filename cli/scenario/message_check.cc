#include "scenario/message_check.h"

#include <algorithm>

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

void checkHeaders(const std::string& kind, const std::vector<HeaderExpectation>& expectations, const Headers& headers,
                  std::vector<Mismatch>& found) {
  for (const auto& expectation : expectations) {
    const auto values = headerValues(headers, expectation.name);
    if (holds(expectation, values)) continue;
    found.push_back({kind + " " + expectation.name + ": " + describe(expectation),
                     kind + " " + expectation.name + ": " + listed(values)});
  }
}

}  // namespace

std::vector<Mismatch> mismatches(const MessageExpectation& expectation, const Message& message) {
  std::vector<Mismatch> found;
  checkHeaders("header", expectation.headers, message.headers, found);
  if (expectation.body && !expectation.body->accepts(message.body())) {
    found.push_back({"body " + expectation.body->describe(), "body " + quote(message.body())});
  }
  checkHeaders("trailer", expectation.trailers, message.trailers, found);
  return found;
}

std::vector<Mismatch> mismatches(const GrpcCallExpectation& expectation, const GrpcCall& call) {
  std::vector<Mismatch> found;
  if (expectation.method && !expectation.method->accepts(call.method)) {
    found.push_back({"method " + expectation.method->describe(), "method " + quote(call.method)});
  }
  checkHeaders("metadata", expectation.metadata, call.metadata, found);
  const auto count = [](std::size_t messages) {
    return std::to_string(messages) + (messages == 1 ? " message" : " messages");
  };
  const std::size_t expected =
      expectation.messages ? expectation.messages->size() : expectation.count.value_or(call.messages.size());
  if (expected != call.messages.size()) found.push_back({count(expected), count(call.messages.size())});
  for (std::size_t i = 0; expectation.messages && i < std::min(expected, call.messages.size()); ++i) {
    const TextMatcher& matcher = (*expectation.messages)[i];
    if (matcher.accepts(call.messages[i])) continue;
    const std::string name = "message " + std::to_string(i + 1) + " ";
    found.push_back({name + matcher.describe(), name + quote(call.messages[i])});
  }
  if (expectation.cancelled && *expectation.cancelled != call.cancelled) {
    const auto word = [](bool cancelled) { return cancelled ? "cancelled" : "not cancelled"; };
    found.push_back({word(*expectation.cancelled), word(call.cancelled)});
  }
  return found;
}

bool applies(const GrpcRule& rule, const std::string& method, const Headers& metadata) {
  GrpcCall call;
  call.method = method;
  call.metadata = metadata;
  return mismatches(GrpcCallExpectation{rule.method, rule.metadata, {}, {}, {}}, call).empty();
}

std::string summary(const GrpcCall& call) {
  std::string result = call.method;
  for (const auto& message : call.messages) result += " " + quote(message);
  return result;
}

std::string summary(const Message& message) {
  std::string result;
  for (const auto& [name, value] : message.headers) {
    if (name.starts_with(':')) result += name + " " + quote(value) + " ";
  }
  return result + "body " + quote(message.body());
}

}  // namespace sluice::scenario
