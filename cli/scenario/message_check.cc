#include "scenario/message_check.h"

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

std::string summary(const Message& message) {
  std::string result;
  for (const auto& [name, value] : message.headers) {
    if (name.starts_with(':')) result += name + " " + quote(value) + " ";
  }
  return result + "body " + quote(message.body());
}

}  // namespace sluice::scenario
