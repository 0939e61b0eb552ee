#include <algorithm>

#include "scenario/read.h"

namespace sluice::scenario {
namespace {

// The name of the exchanges' own upstream among an Envoy's clusters.
constexpr std::string_view kUpstream = "upstream";

ServiceRule readRule(const YamlNode& node) {
  node.checkKeys({"request", "times", "response"});
  ServiceRule rule;
  if (const auto request = node.find("request")) rule.request = readRequestExpectation(*request);
  if (const auto times = node.find("times")) rule.times = times->number(1, UINT32_MAX);
  rule.answer = readAnswer(node.find("response"));
  return rule;
}

}  // namespace

std::vector<Service> readServices(const YamlNode& node) {
  std::vector<Service> services;
  for (const auto& [name, value] : node.entries()) {
    if (name.empty() || name == kUpstream) value.fail("a service cannot be called '" + name + "'; choose another name");
    Service& service = services.emplace_back();
    service.name = name;
    if (value.isScalar()) {
      if (value.text() != "unreachable") {
        value.fail("'" + name + "' must be a list of rules or the word: unreachable");
      }
      service.unreachable = true;
      continue;
    }
    for (const auto& rule : value.items("rule")) service.rules.push_back(readRule(rule));
  }
  return services;
}

std::vector<ServiceExpectation> readServiceExpectations(const YamlNode& node, const std::vector<Service>& services) {
  std::vector<ServiceExpectation> expectations;
  for (const auto& [name, value] : node.entries()) {
    const auto service =
        std::find_if(services.begin(), services.end(), [&](const Service& known) { return known.name == name; });
    if (service == services.end()) value.fail("'" + name + "' is not one of the scenario's 'services'");
    if (service->unreachable) value.fail("nobody can see what arrives at '" + name + "': it is unreachable");
    ServiceExpectation& expectation = expectations.emplace_back();
    expectation.service = name;
    if (value.isScalar()) {
      if (value.text() != "not called")
        value.fail("'" + name + "' must be a list of requests or the words: not called");
      continue;
    }
    for (const auto& request : value.items("request")) {
      expectation.requests.push_back(readRequestExpectation(request));
    }
    if (expectation.requests.empty()) value.fail("'" + name + "' expects no requests; write: not called");
  }
  return expectations;
}

}  // namespace sluice::scenario
